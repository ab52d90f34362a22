/// The records of events, as docs/format.md describes them.
///
/// What a record is, the lowest bit that is set in its first byte says. A first byte of 0 is the
/// end of what has been written. Times are what has passed since the record before, in nanoseconds.
@usableFromInline
enum RecordLayout {
  // Place of the lowest bit, and what stands above it, from the low bits on:
  //   0  line     5 bits line - last line + 8, 10 bits time                       2 bytes
  //   1  call     12 bits function, 10 bits time                                  3 bytes
  //   2  leave    3 bits kind, 10 bits time                                       2 bytes
  //      or, where the kind is 4, what this function saw suspended last goes on
  //   3  leave    2 bits kind, 10 bits time, 16 bits line - line of calls         4 bytes
  //   4  resume   3 bits 0, 12 bits function, 10 bits line - line of calls,
  //               10 bits time                                                    5 bytes
  //      line     3 bits 1, 22 bits line - last line, signed, 10 bits time        5 bytes
  //      raise    3 bits 2, the same: of the class that the last exception had    5 bytes
  //   5  call     24 bits function, 10 bits time                                  5 bytes
  //   6  time     a number: 1024 times that much has passed                       2 bytes and more
  //   7  other    a byte that says what                                           3 bytes and more
  /// Bytes of the records up to `time`, by the place of the lowest bit.
  static let shortSizes: InlineArray<6, Int> = [2, 3, 2, 4, 5, 5]

  @inlinable static var timeBits: UInt64 { 10 }
  @inlinable static var timeLimit: UInt64 { 1 << 10 }
  /// Times below this need at most two bytes of their own: with a short record they are one store.
  @inlinable static var shortTimes: UInt64 { 1 << 17 }

  /// Stands for a kind of leaving in the record of two bytes.
  @inlinable static var resumesLast: UInt64 { 4 }
  /// A step of the line is stored with this added to it.
  @inlinable static var lineBias: Int32 { 8 }
  @inlinable static var lineSteps: UInt32 { 32 }

  /// The first byte of each record of kind 4, and where a step of the line begins not to fit.
  @inlinable static var resume: UInt64 { 0x10 }
  @inlinable static var jump: UInt64 { 0x30 }
  @inlinable static var exception: UInt64 { 0x50 }
  @inlinable static var longestJump: Int32 { 1 << 21 }

  @inlinable static var time: UInt8 { 0x40 }
  static let other: UInt8 = 0x80

  // The second byte of `other`: an event's kind, or one of these.
  static let text: UInt8 = 13
  static let place: UInt8 = 14
  static let taskBegins: UInt8 = 15
  static let taskGoesOn: UInt8 = 16
  static let indirect: UInt8 = 17
  static let indirectAgain: UInt8 = 18
  /// From here on a record says its length next, and may be skipped.
  static let firstSkipped: UInt8 = 128

  /// No record but a text, and one with values, is longer than this.
  static let longest = 64
  /// Room at the end of a chunk that no record begins in, so that eight bytes may always be stored.
  static let margin = 128

  /// Texts that an event may name.
  static let mostTexts = 1024
  /// Bytes of one text.
  static let longestText = 1 << 16
}
