/// What events name by a number. It stands in the file before the first event that names it.
public enum Definition: Equatable, Sendable {
  /// A file of source code.
  case file(FileDefinition)
  /// A code object.
  case function(FunctionDefinition)
  /// A function written in C.
  case cFunction(CFunctionDefinition)

  /// The definition as it stands in a chunk: four bytes of kind and length, the content, and its
  /// check.
  public func encoded() -> [UInt8] {
    var content = ByteWriter()
    let kind: UInt32
    switch self {
    case .file(let file):
      kind = 1
      content.append(file.number)
      content.append(text: file.path)
    case .function(let function):
      kind = 2
      content.append(function.number)
      content.append(function.file)
      content.append(function.firstLine)
      content.append(function.callLine)
      content.append(function.flags)
      content.append(text: function.name)
      content.append(text: function.qualifiedName)
      content.append(UInt32(function.parameters.count))
      for parameter in function.parameters { content.append(text: parameter) }
    case .cFunction(let cFunction):
      kind = 3
      content.append(cFunction.number)
      content.append(text: cFunction.name)
    }
    var writer = ByteWriter()
    let word = kind << 24 | UInt32(content.bytes.count)
    writer.append(word)
    var end = ByteWriter()
    end.append(Checksum.of(content.bytes.span, seed: UInt64(word)))
    return writer.bytes + content.bytes + end.bytes
  }

  /// No definition is longer.
  public static let largest = 1 << 24 - 1

  /// Reads the next definition; nil at the end of what has been written. Kinds that are not known,
  /// and can be skipped, are.
  ///
  /// - Parameters:
  ///   - bytes: the chunk, up to what is in use.
  ///   - position: where to read; moved behind the definition.
  ///   - offset: where the chunk stands in the file, for messages.
  ///   - version: the file's.
  /// - Throws: `FormatError`.
  public static func decode(
    _ bytes: Span<UInt8>, at position: inout Int, offset: UInt64, version: UInt16 = Format.version
  ) throws(FormatError) -> Definition? {
    while true {
      var reader = ByteReader(bytes, at: position)
      guard let word = reader.number(UInt32.self), word != 0 else { return nil }
      let place = offset + UInt64(position)
      let count = Int(word & 0xFF_FFFF)
      guard count + checkSize(version) <= reader.rest else {
        throw FormatError("a definition is longer than its chunk", at: place)
      }
      let end = reader.position + count
      // What it says stays within its length.
      let inner = bytes.extracting(reader.position..<end)
      if checkSize(version) > 0,
        reader.number(at: end, UInt32.self) != Checksum.of(inner, seed: UInt64(word))
      {
        throw FormatError("a definition is damaged", at: place)
      }
      position = end + checkSize(version)
      var content = ByteReader(inner)
      let kind = word >> 24
      if let result = decode(kind: kind, &content) { return result }
      guard version >= Format.firstChecked, kind >= firstSkipped else {
        throw FormatError("a definition is damaged", at: place)
      }
      if !isWhole(bytes, at: position, version: version) { return nil }
    }
  }

  /// Kinds from this one on may be skipped.
  private static let firstSkipped: UInt32 = 128

  private static func checkSize(_ version: UInt16) -> Int { version >= Format.firstChecked ? 4 : 0 }

  /// Whether all of the definition that begins somewhere is in the bytes.
  public static func isWhole(
    _ bytes: Span<UInt8>, at position: Int, version: UInt16 = Format.version
  ) -> Bool {
    var reader = ByteReader(bytes, at: position)
    guard let word = reader.number(UInt32.self) else { return false }
    return Int(word & 0xFF_FFFF) + checkSize(version) <= reader.rest
  }

  private static func decode(kind: UInt32, _ reader: inout ByteReader) -> Definition? {
    switch kind {
    case 1:
      guard let number = reader.number(UInt32.self), let path = reader.text() else { return nil }
      return .file(FileDefinition(number: number, path: path))
    case 2:
      guard let number = reader.number(UInt32.self), let file = reader.number(UInt32.self),
        let firstLine = reader.number(Int32.self), let callLine = reader.number(Int32.self),
        let flags = reader.number(UInt32.self), let name = reader.text(),
        let qualifiedName = reader.text(), let count = reader.number(UInt32.self),
        Int(count) <= reader.rest / 4
      else { return nil }
      var parameters: [[UInt8]] = []
      for _ in 0..<count {
        guard let parameter = reader.text() else { return nil }
        // A function has 255 at most in practice; the recorder keeps no more than these.
        if parameters.count < 1 << 12 { parameters.append(parameter) }
      }
      return .function(
        FunctionDefinition(
          number: number, file: file, firstLine: firstLine, callLine: callLine, flags: flags,
          name: name, qualifiedName: qualifiedName, parameters: parameters))
    case 3:
      guard let number = reader.number(UInt32.self), let name = reader.text() else { return nil }
      return .cFunction(CFunctionDefinition(number: number, name: name))
    default: return nil
    }
  }
}

/// A file of source code.
public struct FileDefinition: Equatable, Sendable {
  /// The number by which functions name it.
  public var number: UInt32
  /// `co_filename` as UTF-8, lone surrogates escaped.
  public var path: [UInt8]

  /// Defines a file by its number and `co_filename`.
  public init(number: UInt32, path: [UInt8]) {
    self.number = number
    self.path = path
  }
}

/// A code object.
public struct FunctionDefinition: Equatable, Sendable {
  /// The number by which events name it, from 1.
  public var number: UInt32
  /// Its file's number.
  public var file: UInt32
  /// `co_firstlineno`.
  public var firstLine: Int32
  /// The line of its call events.
  public var callLine: Int32
  /// `co_flags`.
  public var flags: UInt32
  /// `co_name` as UTF-8, lone surrogates escaped.
  public var name: [UInt8]
  /// `co_qualname`, written in the same way.
  public var qualifiedName: [UInt8]
  /// The parameters' names, in the order in which a call shows them, with the stars of `*args` and
  /// `**kwargs`.
  public var parameters: [[UInt8]]

  /// Defines a code object: each argument is the property of that name.
  public init(
    number: UInt32, file: UInt32, firstLine: Int32, callLine: Int32, flags: UInt32, name: [UInt8],
    qualifiedName: [UInt8], parameters: [[UInt8]]
  ) {
    self.number = number
    self.file = file
    self.firstLine = firstLine
    self.callLine = callLine
    self.flags = flags
    self.name = name
    self.qualifiedName = qualifiedName
    self.parameters = parameters
  }
}

/// A function written in C.
public struct CFunctionDefinition: Equatable, Sendable {
  /// The number by which events name it, from 1.
  public var number: UInt32
  /// `<built-in method append of list object>`: its name, and the class that it is bound to.
  public var name: [UInt8]

  /// Defines a function written in C by its number and its text.
  public init(number: UInt32, name: [UInt8]) {
    self.number = number
    self.name = name
  }
}
