import CPlatform

/// The clock that all sessions of the process read, so that their times can be compared.
package struct SharedClock: @unchecked Sendable {
  /// One clock, for as long as the process; read with the GIL held.
  private let clock: Pinned<TraceClock>

  /// To be called when the library is loaded: the rate of the processor's counter is measured from
  /// then on.
  package static func prepare() { TraceClock.prepare() }

  /// Made when the first session is.
  static let shared = SharedClock()

  private init() { clock = Pinned(TraceClock()) }

  /// Nanoseconds of CLOCK_MONOTONIC.
  @inline(__always)
  func now() -> UInt64 { clock.value.now() }

  /// The same by the processor's counter alone; nil where that takes more.
  @inline(__always)
  func counted() -> UInt64? { clock.value.counted() }

  /// Counts of the processor's counter in a second; 0 where the system's clock is read.
  var countsPerSecond: UInt64 { clock.value.countsPerSecond }
}

/// Nanoseconds of CLOCK_MONOTONIC, read by the processor's counter where that can be trusted.
///
/// The counter's rate is measured against the system's clock, and again and again, over ever longer
/// spans. Drift is corrected gradually over the next span, so time never jumps or goes backwards.
struct TraceClock {
  /// Whether the counter is read. Else every reading asks the system.
  let usesCounter: Bool
  private var baseCount: UInt64 = 0
  private var baseTime: UInt64 = 0
  /// Nanoseconds for a count, times 2^32.
  private var rate: UInt64 = 0
  /// Counts after which the rate is measured again; 0 where the counter is not read. So few that
  /// their product with `rate` has 64 bits.
  private var span: UInt64 = 0
  private var origin: Reading

  /// Both clocks at one moment.
  private struct Reading {
    var count: UInt64
    var time: UInt64

    /// Between two looks at the counter the system's clock is read; the closest pair of three
    /// counts.
    static func now() -> Reading {
      var best = Reading(count: 0, time: 0)
      var width = UInt64.max
      for _ in 0..<3 {
        let before = CPlatform_counter()
        let time = CPlatform_now()
        let after = CPlatform_counter()
        if after &- before < width {
          width = after &- before
          best = Reading(count: before &+ width / 2, time: time)
        }
      }
      return best
    }
  }

  /// Taken when the library is loaded: the longer ago, the better the rate at the start.
  private static let loaded = Reading.now()

  /// To be called early, for the first reading.
  static func prepare() { _ = loaded }

  /// - Parameter usesCounter: whether to read the counter, if it can be trusted.
  init(usesCounter: Bool = true) {
    origin = Self.loaded
    self.usesCounter = usesCounter && CPlatform_hasCounter()
    guard self.usesCounter else { return }
    // A pair is known to some 30 ns: after a millisecond the rate is known to 1 in 30,000.
    while CPlatform_now() &- origin.time < 1_000_000 {}
    let reading = Reading.now()
    baseCount = reading.count
    baseTime = reading.time
    rate = Self.rate(from: origin, to: reading)
    span = min(max(1, reading.count &- origin.count), longestSpan)
  }

  /// Counts whose product with a rate that may double still has 64 bits, and no more than a second
  /// or so.
  private var longestSpan: UInt64 { min(1 << 31, (1 << 63) / max(1, rate) / 2) }

  /// Counts in a second, as measured up to now; 0 where the counter is not read.
  var countsPerSecond: UInt64 {
    rate == 0 ? 0 : UInt64(4_294_967_296e9 / Double(rate))
  }

  /// The time.
  @inline(__always)
  mutating func now() -> UInt64 {
    guard usesCounter else { return CPlatform_now() }
    return counted() ?? adjust()
  }

  /// The time by the counter; nil where there is none, or its rate is to be measured again.
  @inline(__always)
  func counted() -> UInt64? {
    let count = CPlatform_counter() &- baseCount
    return count <= span ? baseTime &+ (count &* rate) >> 32 : nil
  }

  private static func rate(from first: Reading, to last: Reading) -> UInt64 {
    let counts = max(1, last.count &- first.count)
    let time = last.time &- first.time
    return UInt64(Double(time) / Double(counts) * 4_294_967_296)
  }

  @inline(never)
  private mutating func adjust() -> UInt64 {
    let reading = Reading.now()
    let passed = reading.count &- baseCount
    let shown = baseTime &+ UInt64((Double(passed) * Double(rate)) / 4_294_967_296)
    let truth = Self.rate(from: origin, to: reading)
    // Ten times as long each time, up to a second or so, and never so long that a product
    // overflows.
    rate = truth
    span = min(max(passed, span) &* 8, longestSpan)
    let error = Double(Int64(bitPattern: reading.time &- shown))
    let ahead = Double(truth) + error / Double(span) * 4_294_967_296
    baseCount = reading.count
    if error > 1_000_000 {
      // The machine slept. Going on slowly would show false times for long.
      baseTime = reading.time
    } else {
      baseTime = shown
      rate = UInt64(max(Double(truth) / 2, min(Double(truth) * 2, ahead)))
    }
    return baseTime
  }
}
