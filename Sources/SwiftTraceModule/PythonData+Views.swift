import TraceFormat
import TraceReading

extension PythonData {
  /// The paths of a file's sources, by number. Functions refer to them by number, since a path may
  /// be long and have many functions.
  static func sources(of file: TraceFile) -> PythonData {
    .tuple(file.sources.map { .text($0 ?? []) })
  }

  /// The number of a function's source; 0 if it has none.
  static func source(of function: FunctionDefinition?, in file: TraceFile) -> PythonData {
    let number = Int(function?.file ?? 0)
    return .int(number < file.sources.count ? number : 0)
  }

  /// The sources of each file, and a tuple for each group: process, thread or None, duration,
  /// number of events of each kind, time that was not recorded, index of the file, and functions,
  /// C functions last. A function: name, number of its source, first line, calls, total time, own
  /// time, exceptions raised, exceptions propagated, runs without a start, runs without an end, and
  /// a tuple of line, hits, total and own time for each of its lines. Times are in nanoseconds.
  static func statistics(_ statistics: Statistics, of reader: TraceReader) -> PythonData {
    .tuple([
      .tuple(reader.files.map { sources(of: $0) }),
      .tuple(statistics.groups.map { Self.group($0, of: reader) }),
    ])
  }

  private static func group(_ group: Statistics.Group, of reader: TraceReader) -> PythonData {
    let file = reader.files[group.file]
    var functions: [PythonData] = []
    functions.reserveCapacity(group.functions.count + group.builtins.count)
    for (place, known) in group.functions.enumerated() {
      guard let function = file.function(group.functionNumbers[place]) else { continue }
      let lines = place < group.lines.count ? group.lines[place] : []
      functions.append(
        .tuple([
          .text(function.qualifiedName), .source(of: function, in: file),
          .int(function.firstLine), .int(known.calls), .int(known.total), .int(known.own),
          .int(known.raised), .int(known.passed), .int(known.withoutStart),
          .int(known.withoutEnd), .lines(lines, from: Int(function.firstLine)),
        ]))
    }
    for (number, known) in zip(group.cFunctionNumbers, group.builtins) {
      functions.append(
        .tuple([
          .text(file.cFunction(number) ?? Array("?".utf8)), .int(0), .int(0),
          .int(known.calls), .int(known.total), .int(known.own), .int(known.raised),
          .int(known.passed), .int(0), .int(0), .tuple([]),
        ]))
    }
    return .tuple([
      .int(file.header.processID), group.thread.map { .int($0) } ?? .none, .int(group.duration),
      .tuple(group.events.map { .int($0) }), .int(group.notRecorded), .int(group.file),
      .tuple(functions),
    ])
  }

  private static func lines(_ lines: [LineStatistics], from first: Int) -> PythonData {
    .tuple(
      lines.enumerated().filter { $0.element != LineStatistics() }.map { index, line in
        .tuple([.int(first + index), .int(line.hits), .int(line.total), .int(line.own)])
      })
  }

  /// The sources of each file; the functions, each as file, name, number of its source and first
  /// line; the stacks, callers before callees; and the count on stacks that were left out. A stack
  /// is seven numbers: index of the caller's stack or -1, index of the function, count, total time,
  /// own time, maximum of nested calls of the function, and whether the times are lower bounds.
  static func tree(_ tree: StackTree, of reader: TraceReader) -> PythonData {
    var places: [StackFunction: Int] = [:]
    var functions: [PythonData] = []
    var stacks: [Int64] = []
    stacks.reserveCapacity(tree.nodes.count * 7)
    for node in tree.nodes {
      let key = StackFunction(file: node.file, function: node.function, cFunction: node.cFunction)
      let place = places[key] ?? functions.count
      if place == functions.count {
        places[key] = place
        let file = reader.files[node.file]
        let function = node.cFunction > 0 ? nil : file.function(node.function)
        let name = node.cFunction > 0 ? file.cFunction(node.cFunction) : function?.qualifiedName
        functions.append(
          .tuple([
            .int(node.file), .text(name ?? Array("?".utf8)), .source(of: function, in: file),
            .int(function?.firstLine ?? 0),
          ]))
      }
      stacks += [
        Int64(node.caller), Int64(place), Int64(truncatingIfNeeded: node.count),
        Int64(truncatingIfNeeded: node.total), Int64(truncatingIfNeeded: node.own),
        Int64(node.repeats), node.isPartial ? 1 : 0,
      ]
    }
    return .tuple([
      .tuple(reader.files.map { sources(of: $0) }), .tuple(functions), .numbers(stacks),
      .int(tree.beyond),
    ])
  }

  private struct StackFunction: Hashable {
    let file: Int
    let function: UInt32
    let cFunction: UInt32
  }

  /// The functions, each as name, file and first line; the nodes of a tree; its time; number and
  /// time of its outermost nodes that were cut; and the count of calls that were left out. A node
  /// is nine numbers: index of the function, depth, calls, total time, own time, maximum of nested
  /// calls of the function, whether the times are lower bounds, and number and time of the nodes
  /// right below that were cut.
  static func callTree(_ tree: CallTree) -> PythonData {
    var numbers: [Int64] = []
    numbers.reserveCapacity(tree.nodes.count * 9)
    for node in tree.nodes {
      numbers += [
        Int64(node.function), Int64(node.depth), Int64(truncatingIfNeeded: node.count),
        Int64(truncatingIfNeeded: node.total), Int64(truncatingIfNeeded: node.own),
        Int64(node.repeats), node.isPartial ? 1 : 0, Int64(node.cut),
        Int64(truncatingIfNeeded: node.cutTime),
      ]
    }
    let functions = tree.functions.map { function -> PythonData in
      .tuple([.text(function.name), .text(function.file), .int(function.firstLine)])
    }
    return .tuple([
      .tuple(functions), .numbers(numbers), .int(tree.total), .int(tree.cut), .int(tree.cutTime),
      .int(tree.beyond),
    ])
  }

  /// Number of equal events, number of equal threads, threads only in the first recording, threads
  /// only in the second, divergences (at most 1000), and number of threads that differ.
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
        }), .int(comparison.differing),
    ])
  }

  /// Process, thread, number of events before, stack, and event or None. An event: kind, name,
  /// file, line, depth, texts, parameters, and the name of the C function or None.
  private static func side(_ side: Divergence.Side, _ reader: TraceReader) -> PythonData {
    let file = reader.files[side.file]
    let event = side.event.map { event -> PythonData in
      let (name, source, parameters) = place(event.mark.function, file)
      return .tuple([
        .int(event.kind.rawValue), name, source, .int(event.mark.line), .int(event.mark.depth),
        texts(side.texts), parameters, file.cFunction(event.cFunction).map { .text($0) } ?? .none,
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
