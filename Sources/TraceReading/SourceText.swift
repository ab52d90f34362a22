/// The lines of a source file, as they are now.
public struct SourceText {
  private let text: [UInt8]
  /// Where each line begins; one more, for the end.
  private let starts: [Int]

  /// Files are read up to this size.
  private static let largest: UInt64 = 8 << 20
  /// Characters of a line that are shown.
  private static let longest = 500

  /// Reads a file. It is empty where there is none that can be read, or where it is above 8 MB.
  ///
  /// - Parameter path: the bytes that the system knows it by.
  public init(path: [UInt8]) {
    var bytes: [UInt8] = []
    if !path.isEmpty, !path.contains(0), let file = try? FileBytes(path: path),
      file.size <= Self.largest
    {
      file.read(Int(file.size), at: 0, into: &bytes)
    }
    text = bytes
    starts = [0] + bytes.indices.filter { bytes[$0] == 0x0A }.map { $0 + 1 } + [bytes.count]
  }

  /// Bytes that this keeps.
  public var size: Int { 64 + text.count + starts.count * 8 }

  /// A line by its number, from 1, without the white space around it; empty where there is none.
  ///
  /// What a terminal could take for a command is escaped: `\x1b`, `\u202e`. A line of more than 500
  /// characters is cut.
  public func line(_ number: Int) -> String {
    guard number >= 1, number < starts.count else { return "" }
    let line = String(decoding: text[starts[number - 1]..<starts[number]], as: UTF8.self)
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

  /// No file is read yet.
  public init() {}

  /// A line of a file, as `SourceText.line` gives it.
  public func line(_ number: Int, of path: [UInt8]) -> String {
    if let file = files[path] { return file.line(number) }
    let file = SourceText(path: path)
    if size + file.size > Self.mostKept { (files, size) = ([:], 0) }
    files[path] = file
    size += file.size + path.count
    return file.line(number)
  }
}
