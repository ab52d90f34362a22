import TraceFormat

/// The lines of a source file, as they are now, read by the rules of Python's `tokenize.open`: a
/// byte order mark, the encoding line of PEP 263, and line ends of any system.
public struct SourceText {
  /// Decodes bytes in an encoding that Python knows. Returns UTF-8; nil if it cannot.
  public typealias Decoder = (_ bytes: [UInt8], _ encoding: String) -> [UInt8]?

  /// UTF-8, with a line feed at each line's end.
  private let text: [UInt8]
  /// Where each line begins; one more, for the end.
  private let starts: [Int]

  /// Files are read up to this size.
  private static let largest: UInt64 = 8 << 20
  /// Characters of a line that are shown.
  private static let longest = 500

  /// Reads a file. It is empty if there is none that can be read and decoded, and if it is above 8
  /// MB.
  ///
  /// - Parameters:
  ///   - path: the bytes that the system knows it by.
  ///   - decode: decodes encodings other than UTF-8, ASCII and Latin-1.
  public init(path: [UInt8], decode: Decoder? = nil) {
    var bytes: [UInt8] = []
    if !path.isEmpty, !path.contains(0), let file = try? FileBytes(path: path),
      file.size <= Self.largest
    {
      file.read(Int(file.size), at: 0, into: &bytes)
    }
    self.init(bytes: bytes, decode: decode)
  }

  /// Takes the bytes of a source.
  ///
  /// - Parameters: as above.
  public init(bytes: [UInt8], decode: Decoder? = nil) {
    text = SourceEncoding.text(of: bytes, decode).map { Self.unifyingLineEnds($0) } ?? []
    var starts = [0]
    for (place, byte) in text.enumerated() where byte == 0x0A { starts.append(place + 1) }
    if starts.last != text.count { starts.append(text.count) }
    self.starts = starts
  }

  /// Replaces a carriage return, alone or with a line feed, by a line feed: Python's tokenizer
  /// counts so.
  private static func unifyingLineEnds(_ bytes: [UInt8]) -> [UInt8] {
    guard bytes.contains(0x0D) else { return bytes }
    var result: [UInt8] = []
    result.reserveCapacity(bytes.count)
    for (place, byte) in bytes.enumerated() {
      if byte == 0x0A, place > 0, bytes[place - 1] == 0x0D { continue }
      result.append(byte == 0x0D ? 0x0A : byte)
    }
    return result
  }

  /// How many lines there are.
  public var count: Int { starts.count - 1 }

  /// The bytes of a line by its number, from 1, without its end. UTF-8.
  public func bytes(ofLine number: Int) -> ArraySlice<UInt8> {
    guard number >= 1, number < starts.count else { return [] }
    let line = text[starts[number - 1]..<starts[number]]
    return line.last == 0x0A ? line.dropLast() : line
  }

  /// Bytes that this keeps.
  public var size: Int { 64 + text.count + starts.count * 8 }

  /// A line by its number, from 1, without the white space around it; empty where there is none.
  ///
  /// What a terminal could take for a command is escaped: `\x1b`, `\u202e`. A line of more than 500
  /// characters is cut.
  public func line(_ number: Int) -> String {
    let line = String(decoding: bytes(ofLine: number), as: UTF8.self)
    var shown = String.UnicodeScalarView()
    var space = 0
    for scalar in line.unicodeScalars {
      if scalar == " " || scalar == "\t" || scalar == "\n" || scalar == "\r" || scalar == "\u{0C}" {
        space += 1
        continue
      }
      if shown.count + space >= Self.longest { return String(shown) + "..." }
      if !shown.isEmpty { shown.append(contentsOf: repeatElement(" ", count: space)) }
      space = 0
      if PrintableText.needsEscape(scalar) {
        let escape = String(decoding: PrintableText.escape(scalar.value), as: UTF8.self)
        shown.append(contentsOf: escape.unicodeScalars)
      } else {
        shown.append(scalar)
      }
    }
    return String(shown)
  }
}

/// The source files that lines are shown of. Those that were read are kept, up to 64 MB.
public final class SourceTexts {
  private var files: [[UInt8]: SourceText] = [:]
  private var size = 0
  private static let mostKept = 64 << 20
  private let decode: SourceText.Decoder?

  /// No file is read yet.
  ///
  /// - Parameter decode: decodes encodings other than UTF-8, ASCII and Latin-1.
  public init(decode: SourceText.Decoder? = nil) { self.decode = decode }

  /// A line of a file, as `SourceText.line` gives it.
  public func line(_ number: Int, of path: [UInt8]) -> String {
    if let file = files[path] { return file.line(number) }
    let file = SourceText(path: path, decode: decode)
    if size + file.size > Self.mostKept { (files, size) = ([:], 0) }
    files[path] = file
    size += file.size + path.count
    return file.line(number)
  }
}
