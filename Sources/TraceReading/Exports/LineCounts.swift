import TraceFormat

/// Number of hits of each line of each source file, in all threads and processes.
public struct LineCounts {
  /// Counts of one source file.
  public struct Source {
    /// Path of the file, from the code objects. A relative path is joined to the folder in which
    /// the program was started.
    public let path: [UInt8]
    /// Hits of each line, ascending by line. A module without a statement has a line 0.
    public internal(set) var hits: [(line: Int32, count: UInt64)]
    /// The functions that were called, ascending by line.
    public internal(set) var functions: [(line: Int32, name: [UInt8], calls: UInt64)]
  }

  /// Hits by line; by file of the recording and number of the source.
  private var counts: [[LineHits]] = []
  /// Number of the source, and calls; by file of the recording and number of the function.
  private var functions: [[(source: Int, calls: UInt64)]] = []
  /// Whether there was a line event.
  private(set) var hasLines = false

  /// Counts an event.
  ///
  /// - Parameter file: index of the event's file among the reader's files.
  @inline(__always)
  mutating func add(_ event: DecodedEvent, file: Int, of reader: TraceReader) {
    let number = Int(event.mark.function)
    if file >= functions.count || number >= functions[file].count {
      learn(reader, file)
      guard number < functions[file].count else { return }
    }
    if event.kind == .line {
      hasLines = true
      counts[file][functions[file][number].source].add(event.mark.line)
    } else if event.kind == .call {
      functions[file][number].calls &+= 1
    }
  }

  /// Adds the functions that a file has defined since the last time.
  private mutating func learn(_ reader: TraceReader, _ index: Int) {
    while functions.count <= index {
      functions.append([])
      counts.append([])
    }
    let file = reader.files[index]
    for function in file.functions.dropFirst(functions[index].count) {
      functions[index].append((Int(function?.file ?? 0), 0))
    }
    let most = functions[index].reduce(0) { max($0, $1.source) }
    // A damaged file may contain any number. Numbers without a source share the entry of number 0.
    let known = min(most, file.sources.count - 1)
    while counts[index].count <= known { counts[index].append(LineHits()) }
    for place in functions[index].indices where functions[index][place].source > known {
      functions[index][place].source = 0
    }
  }

  /// Returns the source files in which a line ran or a function was called, by path. Omits code
  /// that has no file, such as `<string>`.
  public func sources(of reader: TraceReader) -> [Source] {
    var places: [[UInt8]: (hits: [Int32: UInt64], functions: [FunctionKey: UInt64])] = [:]
    for (index, functions) in functions.enumerated() {
      let file = reader.files[index]
      for (number, source) in file.sources.enumerated() where number < counts[index].count {
        guard let source, let path = absolute(source, in: file) else { continue }
        for (line, count) in counts[index][number].all {
          places[path, default: ([:], [:])].hits[line, default: 0] &+= count
        }
      }
      for (number, known) in functions.enumerated() where known.calls > 0 {
        guard let function = file.function(UInt32(number)),
          let path = absolute(file.source(of: function), in: file)
        else { continue }
        let key = FunctionKey(line: function.firstLine, name: function.qualifiedName)
        places[path, default: ([:], [:])].functions[key, default: 0] &+= known.calls
      }
    }
    return places.map { path, found in
      Source(
        path: path,
        hits: found.hits.sorted { $0.key < $1.key }.map { ($0.key, $0.value) },
        functions: found.functions.map { ($0.key.line, $0.key.name, $0.value) }.sorted {
          $0.line != $1.line ? $0.line < $1.line : $0.name.lexicographicallyPrecedes($1.name)
        })
    }.sorted { $0.path.lexicographicallyPrecedes($1.path) }
  }

  private struct FunctionKey: Hashable {
    let line: Int32
    let name: [UInt8]
  }

  private func absolute(_ path: [UInt8], in file: TraceFile) -> [UInt8]? {
    guard let first = path.first, first != UInt8(ascii: "<") else { return nil }
    if first == UInt8(ascii: "/") { return path }
    return Array(file.header.folder.utf8) + [UInt8(ascii: "/")] + path
  }
}

/// Number of hits of each line of one source file.
private struct LineHits {
  private var near: [UInt64] = []
  /// Hits of line numbers that no real source has. Only a damaged file contains these.
  private var far: [Int32: UInt64] = [:]

  private static let mostLines = 1 << 20

  @inline(__always)
  mutating func add(_ line: Int32) {
    let place = Int(line)
    if place >= 0, place < near.count {
      near[place] &+= 1
    } else {
      grow(line)
    }
  }

  @inline(never)
  private mutating func grow(_ line: Int32) {
    guard line >= 0 else { return }
    guard Int(line) < Self.mostLines else {
      far[line, default: 0] &+= 1
      return
    }
    let size = max(Int(line) + 1, min(near.count * 2, Self.mostLines))
    near += repeatElement(0, count: size - near.count)
    near[Int(line)] &+= 1
  }

  /// The lines that ran, and their hits.
  var all: [(line: Int32, count: UInt64)] {
    near.enumerated().filter { $0.element > 0 }.map { (Int32($0.offset), $0.element) }
      + far.map { ($0.key, $0.value) }
  }
}
