import TraceFormat

/// The definitions of a file, by number.
struct DefinitionTable {
  private(set) var functions: [FunctionDefinition?] = [nil]
  private(set) var sources: [[UInt8]?] = [nil]
  private(set) var builtins: [[UInt8]?] = [nil]
  /// Line of the calls of each function; `Int32.min` if the function is not defined.
  private(set) var callLines: [Int32] = [.min]
  /// The end of the program; nil if it is not recorded.
  private(set) var end: ProgramEnd?
  private var count = 0
  /// Size of the definitions in bytes, including those beyond the limit, which are not stored.
  private var size = 0
  var isFull: Bool { size > ReadingLimits.mostDefinitions }

  /// Maximum gap in the numbers. Definitions may be missing because a part of the file is lost, but
  /// a greater gap is damage. So the tables are not much larger than the definitions in the file.
  private static let mostMissing = 1 << 18

  /// Adds a definition. Returns false if its number is invalid.
  mutating func add(_ definition: Definition) -> Bool {
    count += 1
    size += 256
    switch definition {
    case .file(let file):
      let path = valid(utf8: file.path, most: ReadingLimits.longestPath)
      size += path.count
      return isFull || Self.set(&sources, file.number, path, count)
    case .function(var function):
      function.name = valid(utf8: function.name, most: ReadingLimits.longestName)
      function.qualifiedName = valid(
        utf8: function.qualifiedName, most: ReadingLimits.longestName)
      function.parameters = function.parameters.prefix(ReadingLimits.mostParameters).map {
        valid(utf8: $0, most: ReadingLimits.longestParameter)
      }
      size += function.name.count + function.qualifiedName.count
      size += function.parameters.reduce(0) { $0 + $1.count + 48 }
      // The events of other functions depend on this function's line of calls.
      guard Self.set(&functions, function.number, isFull ? nil : function, count) else {
        return false
      }
      while callLines.count < functions.count { callLines.append(.min) }
      // The smallest number marks an undefined function. No line has it.
      callLines[Int(function.number)] = max(function.callLine, .min + 1)
      return true
    case .cFunction(let cFunction):
      let name = valid(utf8: cFunction.name, most: ReadingLimits.longestName)
      size += name.count
      return isFull || Self.set(&builtins, cFunction.number, name, count)
    case .end(let end):
      self.end = end.bounded
      return true
    }
  }

  private static func set<Content>(
    _ table: inout [Content?], _ number: UInt32, _ content: Content?, _ count: Int
  ) -> Bool {
    guard number > 0, Int(number) <= count + mostMissing else { return false }
    while table.count <= Int(number) { table.append(nil) }
    table[Int(number)] = content
    return true
  }
}

/// Reads a chunk of definitions, as far as it has been written.
struct DefinitionReader {
  let offset: UInt64
  private var header: ChunkHeader
  private let version: UInt16
  private var position = ChunkHeader.size
  /// Whether the chunk has no more definitions to read.
  private(set) var isOver = false

  init(_ header: ChunkHeader, at offset: UInt64, version: UInt16) {
    self.header = header
    self.offset = offset
    self.version = version
  }

  /// Reads the definitions that were added.
  ///
  /// - Throws: `FormatError` if the chunk is damaged; it is not read any further.
  mutating func readOn(_ bytes: FileBytes, into table: inout DefinitionTable) throws(FormatError) {
    do { try read(bytes, &table) } catch {
      isOver = true
      throw error
    }
  }

  private mutating func read(_ bytes: FileBytes, _ table: inout DefinitionTable) throws(FormatError)
  {
    var content: [UInt8] = []
    if header.used == 0 {
      bytes.read(ChunkHeader.size, at: offset, into: &content)
      guard let now = try ChunkHeader.decode(content.span, at: offset, version: version),
        now.kind == .definitions
      else { throw FormatError("a chunk of definitions has become another one", at: offset) }
      header.used = now.used
    }
    isOver = header.used > 0
    let end = Int(isOver ? header.used : header.length)
    var window = 1 << 14
    while position < end {
      let start = offset + UInt64(position)
      bytes.read(min(window, end - position), at: start, into: &content)
      let isAll = content.count < window
      var place = 0
      while let next = try next(content, &place, start, isAll: isAll) {
        guard table.add(next) else {
          throw FormatError("a definition's number cannot be", at: start + UInt64(place))
        }
      }
      position += place
      if place == 0 || isAll {
        guard isAll || Self.isEmpty(content) else {
          window = Definition.largest + 8  // The definition is longer than the window.
          continue
        }
        if isOver, position < end {
          throw FormatError("definitions are missing", at: offset + UInt64(position))
        }
        return
      }
      window = 1 << 16
    }
  }

  private static func isEmpty(_ content: [UInt8]) -> Bool {
    content.count < 4 || content[0] | content[1] | content[2] | content[3] == 0
  }

  /// Returns the next definition of a window, or nil if there is none, or only its beginning.
  private func next(
    _ content: [UInt8], _ place: inout Int, _ offset: UInt64, isAll: Bool
  ) throws(FormatError) -> Definition? {
    if !isAll, !Definition.isWhole(content.span, at: place, version: version) { return nil }
    return try Definition.decode(content.span, at: &place, offset: offset, version: version)
  }
}
