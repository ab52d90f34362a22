import TraceFormat
import TraceReading

extension PythonData {
  /// A tuple for each group: process, thread or None, duration, events by kind, functions, functions
  /// written in C. A function: name, file, first line, calls, total, own, raised, passed, and a tuple of
  /// line, hits, total and own for each of its lines.
  static func statistics(_ statistics: Statistics, of reader: TraceReader) -> PythonData {
    .tuple(
      statistics.groups.map { group in
        let file = reader.files[group.file]
        var functions: [PythonData] = []
        for (number, known) in group.functions.enumerated() where known != FunctionStatistics() {
          guard let function = file.function(UInt32(number)) else { continue }
          let lines = number < group.lines.count ? group.lines[number] : []
          functions.append(
            .tuple([
              .text(function.qualifiedName), .text(file.source(of: function)),
              .int(function.firstLine), .int(known.calls), .int(known.total), .int(known.own),
              .int(known.raised), .int(known.passed), .lines(lines, from: Int(function.firstLine)),
            ]))
        }
        for (number, known) in group.builtins.enumerated() where known != FunctionStatistics() {
          functions.append(
            .tuple([
              .text(file.builtin(UInt32(number)) ?? Array("?".utf8)), .text(""), .int(0),
              .int(known.calls), .int(known.total), .int(known.own), .int(known.raised),
              .int(known.passed), .tuple([]),
            ]))
        }
        return .tuple([
          .int(file.header.processID), group.thread.map { .int($0) } ?? .none, .int(group.duration),
          .tuple(group.events.map { .int($0) }), .tuple(functions),
        ])
      })
  }

  private static func lines(_ lines: [LineStatistics], from first: Int) -> PythonData {
    .tuple(
      lines.enumerated().filter { $0.element != LineStatistics() }.map { index, line in
        .tuple([.int(first + index), .int(line.hits), .int(line.total), .int(line.own)])
      })
  }

  /// A tuple for each stack, callers before what they call: the caller's place or -1, name, file, first
  /// line, count, total, own. And how many were left out.
  static func tree(_ tree: StackTree, of reader: TraceReader) -> PythonData {
    .tuple([
      .tuple(
        tree.nodes.map { node in
          let file = reader.files[node.file]
          let function = file.function(node.function)
          let name = node.builtin > 0 ? file.builtin(node.builtin) : function?.qualifiedName
          return .tuple([
            .int(node.caller), .text(name ?? Array("?".utf8)),
            .text(function.map { file.source(of: $0) } ?? []), .int(function?.firstLine ?? 0),
            .int(node.count), .int(node.total), .int(node.own),
          ])
        }), .int(tree.beyond),
    ])
  }

  /// Events that are the same, threads that are, those that one has alone, and the divergences.
  static func comparison(
    _ comparison: Comparison, _ first: TraceReader, _ second: TraceReader
  ) -> PythonData {
    func threads(_ list: [(file: Int, thread: Int)], _ reader: TraceReader) -> PythonData {
      .tuple(list.map { .tuple([.int(reader.files[$0.file].header.processID), .int($0.thread)]) })
    }
    return .tuple([
      .int(comparison.same), .int(comparison.sameThreads), threads(comparison.onlyInFirst, first),
      threads(comparison.onlyInSecond, second),
      .tuple(
        comparison.divergences.prefix(1000).map { divergence in
          .tuple([
            .text(divergence.difference.rawValue), side(divergence.first, first),
            side(divergence.second, second),
          ])
        }),
    ])
  }

  /// Process, thread, events before, the stack, and the event or None: kind, name, file, line, depth,
  /// texts, parameters, the name of a function written in C or None.
  private static func side(_ side: Divergence.Side, _ reader: TraceReader) -> PythonData {
    let file = reader.files[side.file]
    let event = side.event.map { event -> PythonData in
      let (name, source, parameters) = place(event.mark.function, file)
      return .tuple([
        .int(event.kind.rawValue), name, source, .int(event.mark.line), .int(event.mark.depth),
        texts(side.texts), parameters, file.builtin(event.builtin).map { .text($0) } ?? .none,
      ])
    }
    return .tuple([
      .int(file.header.processID), .int(side.thread), .int(side.count),
      .tuple(
        side.stack.suffix(200).map { frame in
          let (name, source, parameters) = place(frame.function, file)
          return .tuple([name, source, .int(frame.line), texts(frame.arguments), parameters])
        }), event ?? .none,
    ])
  }

  private static func place(_ number: UInt32, _ file: TraceFile) -> (
    PythonData, PythonData, PythonData
  ) {
    guard let function = file.function(number) else { return (.text("?"), .text(""), .tuple([])) }
    return (
      .text(function.qualifiedName), .text(file.source(of: function)),
      .tuple(function.parameters.map { .text($0) })
    )
  }

  private static func texts(_ texts: [[UInt8]?]) -> PythonData {
    .tuple(texts.map { .text($0 ?? Array("(lost)".utf8)) })
  }
}
