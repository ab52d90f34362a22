import SwiftTrace

extension LineBuffer {
  /// Appends a time in seconds, with six decimals.
  mutating func append(seconds nanoseconds: UInt64) {
    let whole = String(nanoseconds / 1_000_000_000)
    append(" ", times: max(0, 4 - whole.utf8.count))
    append(string: whole)
    append(".")
    append(digits: nanoseconds / 1000 % 1_000_000, count: 6)
    append(" ")
  }

  /// Appends a time since 1970 as `2026-11-24T10:15:30.123456Z`.
  mutating func append(wallTime nanoseconds: UInt64) {
    let seconds = nanoseconds / 1_000_000_000
    // Days are counted from 1 March of the year 0, so that a leap day is the last day of its year.
    let days = Int(seconds / 86_400) + 719_468
    let era = days / 146_097
    let dayOfEra = days % 146_097
    let yearOfEra = (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
    let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
    let shifted = (5 * dayOfYear + 2) / 153
    let month = shifted < 10 ? shifted + 3 : shifted - 9
    append(decimal: yearOfEra + era * 400 + (month <= 2 ? 1 : 0))
    append("-")
    append(digits: UInt64(month), count: 2)
    append("-")
    append(digits: UInt64(dayOfYear - (153 * shifted + 2) / 5 + 1), count: 2)
    append("T")
    append(digits: seconds / 3600 % 24, count: 2)
    append(":")
    append(digits: seconds / 60 % 60, count: 2)
    append(":")
    append(digits: seconds % 60, count: 2)
    append(".")
    append(digits: nanoseconds / 1000 % 1_000_000, count: 6)
    append("Z ")
  }

  private mutating func append(digits number: UInt64, count: Int) {
    let text = String(number)
    append("0", times: max(0, count - text.utf8.count))
    append(string: text)
  }
}
