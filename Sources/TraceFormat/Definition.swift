/// The record that gives a number to a file, function or C function, before the first event that
/// refers to the number; or the end of the program.
public enum Definition: Equatable, Sendable {
  /// A file of source code.
  case file(FileDefinition)
  /// A code object.
  case function(FunctionDefinition)
  /// A C function.
  case cFunction(CFunctionDefinition)
  /// The end of the program.
  case end(ProgramEnd)

  /// Returns the definition as stored in a chunk: four bytes of kind and length, the content, and
  /// its check.
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
    case .end(let end):
      kind = Self.endKind
      end.encode(to: &content)
    }
    var writer = ByteWriter()
    let word = kind << 24 | UInt32(content.bytes.count)
    writer.append(word)
    var end = ByteWriter()
    end.append(Checksum.of(content.bytes.span, seed: UInt64(word)))
    return writer.bytes + content.bytes + end.bytes
  }

  /// Maximum length of a definition's content, in bytes.
  public static let largest = 1 << 24 - 1

  /// Decodes the next definition. Skips unknown kinds that a reader may skip. Returns `nil` at the
  /// end of the written part.
  ///
  /// - Parameters:
  ///   - bytes: the chunk, up to the bytes in use.
  ///   - position: offset of the definition; advanced past it.
  ///   - offset: offset of the chunk in the file, for messages.
  ///   - version: format version of the file.
  /// - Throws: `FormatError` if the definition is damaged.
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
      // No string inside can extend beyond the definition.
      let inner = bytes.extracting(reader.position..<end)
      if checkSize(version) > 0,
        reader.number(at: end, UInt32.self) != Checksum.of(inner, seed: UInt64(word))
      {
        throw FormatError("a definition is damaged", at: place)
      }
      position = end + checkSize(version)
      var content = ByteReader(inner)
      let kind = word >> 24
      if kind != endKind || version >= Format.firstChecked,
        let result = decode(kind: kind, &content)
      {
        return result
      }
      guard version >= Format.firstChecked, kind >= firstSkipped else {
        throw FormatError("a definition is damaged", at: place)
      }
      if !isWhole(bytes, at: position, version: version) { return nil }
    }
  }

  /// The kind of a program's end.
  private static let endKind: UInt32 = 4
  /// The first kind that a reader may skip.
  private static let firstSkipped: UInt32 = 128

  private static func checkSize(_ version: UInt16) -> Int { version >= Format.firstChecked ? 4 : 0 }

  /// Whether `bytes` contain all of the definition that begins at `position`.
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
        // Functions have at most 255 in practice; the recorder keeps at most 4096.
        if parameters.count < 1 << 12 { parameters.append(parameter) }
      }
      return .function(
        FunctionDefinition(
          number: number, file: file, firstLine: firstLine, callLine: callLine, flags: flags,
          name: name, qualifiedName: qualifiedName, parameters: parameters))
    case 3:
      guard let number = reader.number(UInt32.self), let name = reader.text() else { return nil }
      return .cFunction(CFunctionDefinition(number: number, name: name))
    case endKind: return ProgramEnd(decoding: &reader).map { .end($0) }
    default: return nil
    }
  }
}

/// A file of source code.
public struct FileDefinition: Equatable, Sendable {
  /// Number by which functions refer to the file.
  public var number: UInt32
  /// `co_filename` in UTF-8, with escaped lone surrogates.
  public var path: [UInt8]

  /// Creates the definition of a file from its number and `co_filename`.
  public init(number: UInt32, path: [UInt8]) {
    self.number = number
    self.path = path
  }
}

/// A code object.
public struct FunctionDefinition: Equatable, Sendable {
  /// Number by which events refer to the function, from 1.
  public var number: UInt32
  /// Number of its file.
  public var file: UInt32
  /// `co_firstlineno`.
  public var firstLine: Int32
  /// Line of its call events.
  public var callLine: Int32
  /// `co_flags`.
  public var flags: UInt32
  /// `co_name` in UTF-8, with escaped lone surrogates.
  public var name: [UInt8]
  /// `co_qualname`, encoded like `name`.
  public var qualifiedName: [UInt8]
  /// Names of the parameters, in the order in which a call shows them, with the stars of `*args`
  /// and `**kwargs`.
  public var parameters: [[UInt8]]

  /// Creates the definition of a code object. Each argument is the property of that name.
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

/// A C function.
public struct CFunctionDefinition: Equatable, Sendable {
  /// Number by which events refer to the function, from 1.
  public var number: UInt32
  /// Name of the function and the class that it is bound to:
  /// `<built-in method append of list object>`.
  public var name: [UInt8]

  /// Creates the definition of a C function from its number and name.
  public init(number: UInt32, name: [UInt8]) {
    self.number = number
    self.name = name
  }
}
