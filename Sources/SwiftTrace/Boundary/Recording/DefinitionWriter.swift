import TraceFormat

/// Writes the definitions of a recording: each before the first event that names it.
@safe struct DefinitionWriter {
  private var chunk: MappedChunk?
  private var used = 0
  private var files: [[UInt8]: UInt32] = [:]
  private var builtins: [[UInt8]: UInt32] = [:]
  /// The number of the function that was defined last.
  private(set) var lastNumber: UInt32 = 0

  /// Defines a function, and its file where that is new.
  mutating func define(
    _ function: borrowing Function, _ frame: borrowing Frame, in file: RecordingFile
  ) throws {
    let path = Array(copying: function.fileBytes)
    let fileNumber: UInt32
    if let known = files[path] {
      fileNumber = known
    } else {
      fileNumber = UInt32(files.count + 1)
      try append(.file(FileDefinition(number: fileNumber, path: path)), to: file)
      files[path] = fileNumber
    }
    var parameters: [[UInt8]] = []
    for index in 0..<function.parameterCount {
      parameters.append(Array(copying: function.parameterName(index)))
    }
    try append(
      .function(
        FunctionDefinition(
          number: lastNumber + 1, file: fileNumber, firstLine: function.firstLine,
          // A function that was running is met at another event than its call.
          callLine: function.callLine ?? function.firstLine,
          flags: UInt32(bitPattern: function.flags), name: Array(copying: function.nameBytes),
          qualifiedName: Array(copying: function.qualifiedNameBytes), parameters: parameters)),
      to: file)
    lastNumber += 1
  }

  /// The number of a function written in C, which is defined where it is new.
  mutating func number(of callee: borrowing Value?, in file: RecordingFile) throws -> UInt32 {
    var name = LineBuffer(capacity: 128)
    name.append(nameOf: callee)
    let bytes = name.withBytes { Array(copying: $0) }
    if let known = builtins[bytes] { return known }
    let number = UInt32(builtins.count + 1)
    try append(.builtin(BuiltinDefinition(number: number, name: bytes)), to: file)
    builtins[bytes] = number
    return number
  }

  private mutating func append(_ definition: Definition, to file: RecordingFile) throws {
    let bytes = definition.encoded()
    guard bytes.count <= Definition.largest else { return }
    // Behind the last one there are four zeros.
    if unsafe chunk == nil || used + bytes.count + 4 > chunk!.length {
      try close(in: file)
      let least = bytes.count + ChunkHeader.size + 4
      let length = file.wholePages(max(least, files.isEmpty ? 1 << 14 : 1 << 16))
      unsafe chunk = try file.addChunk(ChunkHeader(kind: .definitions, length: UInt32(length)))
      used = ChunkHeader.size
    }
    guard let chunk = unsafe chunk else { return }
    unsafe chunk.store(Array(bytes[4...]), at: used + 4)
    unsafe chunk.publish(Array(bytes[..<4]), at: used)
    used += bytes.count
  }

  /// Writes a chunk that is no mapping.
  func writeOut(to file: RecordingFile) throws {
    if let chunk = unsafe chunk { try unsafe file.writeOut(chunk) }
  }

  mutating func close(in file: RecordingFile) throws {
    guard let full = unsafe chunk else { return }
    unsafe chunk = nil
    unsafe full.store(UInt32(used), at: ChunkHeader.closingOffset + 4)
    try unsafe file.close(full)
  }
}

extension Array where Element == UInt8 {
  init(copying bytes: Span<UInt8>) {
    self.init()
    reserveCapacity(bytes.count)
    for index in bytes.indices { append(bytes[index]) }
  }
}
