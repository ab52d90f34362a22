import TraceFormat

/// The lines of a source file in its current state, read by the rules of Python's `tokenize.open`:
/// byte order mark, encoding line of PEP 263, and line ends of any system.
public struct SourceText {
  /// Decodes bytes in an encoding that Python knows. Returns UTF-8, or nil if it cannot.
  public typealias Decoder = (_ bytes: [UInt8], _ encoding: String) -> [UInt8]?

  /// The text in UTF-8, with a line feed at the end of each line.
  private let text: [UInt8]
  /// Offset in `text` of each line, in bytes, and of the end.
  private let starts: [Int]

  /// Maximum size of a file that is read, in bytes.
  private static let largest: UInt64 = 8 << 20
  /// Maximum number of characters of a line that are shown.
  private static let longest = 500

  /// Reads a file. The text is empty if the file cannot be read or decoded, or is larger than 8 MB.
  ///
  /// - Parameters:
  ///   - path: path of the file, in the system's bytes.
  ///   - decode: decodes encodings other than UTF-8, ASCII and Latin-1 (default: none of them).
  public init(path: [UInt8], decode: Decoder? = nil) {
    var bytes: [UInt8] = []
    if !path.isEmpty, !path.contains(0), let file = try? FileBytes(path: path),
      file.size <= Self.largest
    {
      file.read(Int(file.size), at: 0, into: &bytes)
    }
    self.init(bytes: bytes, decode: decode)
  }

  /// Decodes the bytes of a source. The text is empty if they cannot be decoded.
  ///
  /// - Parameters:
  ///   - bytes: the source.
  ///   - decode: decodes encodings other than UTF-8, ASCII and Latin-1 (default: none of them).
  public init(bytes: [UInt8], decode: Decoder? = nil) {
    text = SourceEncoding.text(of: bytes, decode).map { Self.unifyingLineEnds($0) } ?? []
    var starts = [0]
    for (place, byte) in text.enumerated() where byte == 0x0A { starts.append(place + 1) }
    if starts.last != text.count { starts.append(text.count) }
    self.starts = starts
  }

  /// Replaces each carriage return, alone or before a line feed, by a line feed, because Python's
  /// tokenizer counts these as line ends.
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

  /// Number of lines.
  public var count: Int { starts.count - 1 }

  /// Returns the UTF-8 bytes of a line, without its line end; empty if there is none.
  ///
  /// - Parameter number: number of the line, from 1.
  public func bytes(ofLine number: Int) -> ArraySlice<UInt8> {
    guard number >= 1, number < starts.count else { return [] }
    let line = text[starts[number - 1]..<starts[number]]
    return line.last == 0x0A ? line.dropLast() : line
  }

  /// Approximate memory in use, in bytes.
  public var size: Int { 64 + text.count + starts.count * 8 }

  /// Returns a line without the white space around it; empty if there is none.
  ///
  /// Characters that a terminal may interpret are escaped: `\x1b`, `\u202e`. A line longer than 500
  /// characters is truncated, with `...` at its end.
  ///
  /// - Parameter number: number of the line, from 1.
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

/// Cache of the source files whose lines are shown, up to 64 MB.
public final class SourceTexts {
  private var files: [[UInt8]: SourceText] = [:]
  private var size = 0
  private static let mostKept = 64 << 20
  private let decode: SourceText.Decoder?

  /// Creates an empty cache.
  ///
  /// - Parameter decode: decodes encodings other than UTF-8, ASCII and Latin-1 (default: none of
  ///   them).
  public init(decode: SourceText.Decoder? = nil) { self.decode = decode }

  /// Returns a line of a file, like `SourceText.line(_:)`.
  public func line(_ number: Int, of path: [UInt8]) -> String {
    if let file = files[path] { return file.line(number) }
    let file = SourceText(path: path, decode: decode)
    if size + file.size > Self.mostKept { (files, size) = ([:], 0) }
    files[path] = file
    size += file.size + path.count
    return file.line(number)
  }
}
