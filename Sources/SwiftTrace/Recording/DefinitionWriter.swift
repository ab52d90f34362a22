import TraceFormat

/// Writes the definitions of a recording, each before the first event that refers to it.
struct DefinitionWriter {
  private var chunk: MappedChunk?
  private var used = 0
  private var files: [[UInt8]: UInt32] = [:]
  private var builtins: [[UInt8]: UInt32] = [:]
  /// Number of the last function that was defined.
  private var lastNumber: UInt32 = 0
  /// Whether the limit is reached, and no more events can be evicted for definitions.
  private var isFull = false

  /// Defines a function, and its file if that is new.
  ///
  /// - Parameter recording: `RecordingState.serial`, stored in the function as a mark that it is
  ///   defined.
  /// - Throws: `SystemError`; `RecordingFile.NoRoom` if the limit is reached.
  mutating func define(
    _ function: borrowing Function, in file: RecordingFile, of recording: UInt64
  ) throws {
    let texts =
      function.fileBytes.count + function.nameBytes.count + function.qualifiedNameBytes.count
    MemoryReserve.ensure(
      MemoryReserve.usual + 8 * min(texts, 3 << 16) + 256 * (files.count + 16)
        + 2048 * min(function.parameterCount, 1 << 12))
    let path = Array(copying: function.fileBytes, most: 1 << 16)
    let fileNumber: UInt32
    if let known = files[path] {
      fileNumber = known
    } else {
      fileNumber = UInt32(files.count + 1)
      try append(.file(FileDefinition(number: fileNumber, path: path)), to: file)
      files[path] = fileNumber
    }
    // If calls are not recorded, the first event of a function is another one.
    let callLine = function.callLine ?? function.firstLine
    var parameters: [[UInt8]] = []
    for index in 0..<min(function.parameterCount, 1 << 12) {
      parameters.append(Array(copying: function.parameterName(index), most: 1 << 10))
    }
    try append(
      .function(
        FunctionDefinition(
          number: lastNumber + 1, file: fileNumber, firstLine: function.firstLine,
          callLine: callLine,
          flags: UInt32(bitPattern: function.flags),
          name: Array(copying: function.nameBytes, most: 1 << 16),
          qualifiedName: Array(copying: function.qualifiedNameBytes, most: 1 << 16),
          parameters: parameters)),
      to: file)
    lastNumber += 1
    function.setDefined(in: recording, as: lastNumber, callLine: callLine)
  }

  /// Returns the number of a C function. Defines it if it is new.
  mutating func number(of callee: borrowing Value?, in file: RecordingFile) throws -> UInt32 {
    MemoryReserve.ensure(
      MemoryReserve.usual + (builtins.count == builtins.capacity ? 256 * builtins.count : 0))
    var name = LineBuffer(capacity: 128)
    name.append(nameOf: callee)
    let bytes = name.withBytes { Array(copying: $0) }
    if let known = builtins[bytes] { return known }
    let number = UInt32(builtins.count + 1)
    try append(.cFunction(CFunctionDefinition(number: number, name: bytes)), to: file)
    builtins[bytes] = number
    return number
  }

  /// Stores the end of the program.
  mutating func add(_ end: ProgramEnd, to file: RecordingFile) throws {
    MemoryReserve.ensure(MemoryReserve.usual)
    try append(.end(end), to: file)
  }

  private mutating func append(_ definition: Definition, to file: RecordingFile) throws {
    // Fails early, because each event of the function tries again.
    if isFull { throw RecordingFile.NoRoom() }
    let bytes = definition.encoded()
    // Four zero bytes follow the last definition.
    if chunk == nil || used + bytes.count + 4 > chunk!.length {
      let least = bytes.count + ChunkHeader.size + 4
      let isLimited = file.header.maximumSize > 0
      let usual = files.isEmpty || isLimited ? 1 << 14 : 1 << 16
      let header = ChunkHeader(
        kind: .definitions, length: UInt32(file.wholePages(max(least, usual))))
      do {
        let next = try file.addChunk(header)
        try close(in: file)
        chunk = next
      } catch is RecordingFile.NoRoom {
        isFull = !file.hasRoomForDefinitions && !file.isUnreachable
        throw RecordingFile.NoRoom()
      }
      used = ChunkHeader.size
    }
    guard let chunk else { return }
    chunk.store(Array(bytes[4...]), at: used + 4)
    chunk.publish(Array(bytes[..<4]), at: used)
    used += bytes.count
  }

  /// Writes the chunk if it is not mapped.
  func writeOut(to file: RecordingFile) throws {
    if let chunk { try file.writeOut(chunk) }
  }

  mutating func close(in file: RecordingFile) throws {
    guard let full = chunk else { return }
    chunk = nil
    full.seal(used: used)
    try file.close(full)
  }
}

extension Array where Element == UInt8 {
  /// Copies bytes.
  ///
  /// - Parameter most: maximum number of bytes to copy. A definition's length has 24 bits.
  package init(copying bytes: Span<UInt8>, most: Int = .max) {
    self.init()
    reserveCapacity(Swift.min(bytes.count, most))
    for index in 0..<Swift.min(bytes.count, most) { append(bytes[index]) }
  }
}
