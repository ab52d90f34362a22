/// Layout of the records of events, described in docs/format.md.
///
/// The lowest set bit of a record's first byte determines its kind. A first byte of 0 marks the end
/// of the written part. Times are nanoseconds since the previous record.
@usableFromInline
enum RecordLayout {
  // Position of the lowest set bit, and the fields above it, from the low bits on:
  //   0  line     5 bits line - last line + 8, 10 bits time                       2 bytes
  //   1  call     12 bits function, 10 bits time                                  3 bytes
  //   2  leave    3 bits kind, 10 bits time                                       2 bytes
  //      or, if the kind is 4, resume of the function that suspended last
  //   3  leave    2 bits kind, 10 bits time, 16 bits line - line of calls         4 bytes
  //   4  resume   3 bits 0, 12 bits function, 10 bits line - line of calls,
  //               10 bits time                                                    5 bytes
  //      line     3 bits 1, 22 bits line - last line, signed, 10 bits time        5 bytes
  //      raise    3 bits 2, then like `line`; the last exception's string         5 bytes
  //   5  call     24 bits function, 10 bits time                                  5 bytes
  //   6  time     a number: units of 1024 nanoseconds                             2 bytes and more
  //   7  other    a byte for its kind, then its fields                            2 bytes and more
  /// Sizes in bytes of the records before `time`, by the position of the lowest set bit.
  static let shortSizes: InlineArray<6, Int> = [2, 3, 2, 4, 5, 5]

  @inlinable static var timeBits: UInt64 { 10 }
  @inlinable static var timeLimit: UInt64 { 1 << 10 }
  /// Times below this need a time record of at most two bytes, so that it and a short record are
  /// one store.
  @inlinable static var shortTimes: UInt64 { 1 << 17 }

  /// Kind in a two-byte leave record that resumes the function that suspended last.
  @inlinable static var resumesLast: UInt64 { 4 }
  /// Added to the line's step in a two-byte line record.
  @inlinable static var lineBias: Int32 { 8 }
  @inlinable static var lineSteps: UInt32 { 32 }

  /// First bytes of the records of kind 4, and the limit of a line's step in them.
  @inlinable static var resume: UInt64 { 0x10 }
  @inlinable static var jump: UInt64 { 0x30 }
  @inlinable static var exception: UInt64 { 0x50 }
  @inlinable static var longestJump: Int32 { 1 << 21 }

  @inlinable static var time: UInt8 { 0x40 }
  static let other: UInt8 = 0x80

  // Second byte of an `other` record: that of the kind of an event, or one of these.
  static let text: UInt8 = 13
  static let place: UInt8 = 14
  static let taskBegins: UInt8 = 15
  static let taskGoesOn: UInt8 = 16
  static let indirect: UInt8 = 17
  static let indirectAgain: UInt8 = 18
  /// The first kind that a reader may skip: the length of such a record follows its kind.
  static let firstSkipped: UInt8 = 128

  /// Upper bound of a record's size in bytes, except for strings and events with strings.
  static let longest = 64
  /// Bytes at the end of a chunk in which no record begins, so that eight bytes can always be
  /// stored.
  static let margin = 128

  /// Maximum number of strings of an event.
  static let mostTexts = 1024
  /// Maximum length of a string in bytes.
  static let longestText = 1 << 16
}

extension EventKind {
  /// Second byte of an `other` record of this kind.
  package var recordByte: UInt8 { Self.recordByte(ofRawValue: rawValue) }

  /// The kind of an `other` record; nil if the second byte is not that of an event.
  package init?(recordByte: UInt8) {
    guard recordByte < RecordLayout.text || recordByte > RecordLayout.indirectAgain else {
      return nil
    }
    self.init(rawValue: recordByte < RecordLayout.text ? recordByte : recordByte &- Self.taken)
  }

  /// Raw values from 13 on come after the bytes that other records have.
  package static func recordByte(ofRawValue number: UInt8) -> UInt8 {
    number < RecordLayout.text ? number : number &+ taken
  }

  private static let taken = RecordLayout.indirectAgain - RecordLayout.text + 1
}
