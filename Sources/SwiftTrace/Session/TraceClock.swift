import CPlatform

/// The clock of all sessions in the process, so that their times can be compared.
package struct SharedClock: @unchecked Sendable {
  /// Lives as long as the process; read with the GIL held.
  private let clock: Pinned<TraceClock>

  /// Takes the first reading of the clock. Called when the library is loaded, because the rate of
  /// the processor's counter is measured from then on.
  package static func prepare() { TraceClock.prepare() }

  /// Created for the first session.
  static let shared = SharedClock()

  private init() { clock = Pinned(TraceClock()) }

  /// Returns the time in nanoseconds of CLOCK_MONOTONIC.
  @inline(__always)
  func now() -> UInt64 { clock.value.now() }

  /// Like `now`, but reads only the processor's counter. Returns nil if that is not enough.
  @inline(__always)
  func counted() -> UInt64? { clock.value.counted() }

  /// Rate of the processor's counter, in counts per second; 0 if the system's clock is used.
  var countsPerSecond: UInt64 { clock.value.countsPerSecond }
}

/// A clock with the time of CLOCK_MONOTONIC in nanoseconds, which reads the processor's counter if
/// that is reliable.
///
/// The counter's rate is measured against the system's clock repeatedly, over ever longer spans.
/// Drift is corrected gradually over the next span, so time never goes backwards, and jumps only
/// after the machine has slept.
struct TraceClock {
  /// Whether the counter is used. If not, every reading is that of the system's clock.
  let usesCounter: Bool
  private var baseCount: UInt64 = 0
  private var baseTime: UInt64 = 0
  /// Nanoseconds per count, times 2^32.
  private var rate: UInt64 = 0
  /// Counts after which the rate is measured again; 0 if the counter is not used. Small enough for
  /// the product with `rate` to fit in 64 bits.
  private var span: UInt64 = 0
  private var origin: Reading

  /// The values of both clocks at one moment.
  private struct Reading {
    var count: UInt64
    var time: UInt64

    /// Reads the system's clock between two reads of the counter, three times, and returns the
    /// reading with the smallest gap.
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

  /// Reading at the time when the library was loaded. The older it is, the more exact is the first
  /// rate.
  private static let loaded = Reading.now()

  /// Takes the first reading.
  static func prepare() { _ = loaded }

  /// - Parameter usesCounter: whether to use the counter, if it is reliable.
  init(usesCounter: Bool = true) {
    origin = Self.loaded
    self.usesCounter = usesCounter && CPlatform_hasCounter()
    guard self.usesCounter else { return }
    // A reading is exact to about 30 ns, so after a millisecond the rate is exact to 1 in 30,000.
    while CPlatform_now() &- origin.time < 1_000_000 {}
    let reading = Reading.now()
    baseCount = reading.count
    baseTime = reading.time
    rate = Self.rate(from: origin, to: reading)
    span = min(max(1, reading.count &- origin.count), longestSpan)
  }

  /// Limit of `span`: the product with a rate that may double fits in 64 bits. About a second at
  /// most.
  private var longestSpan: UInt64 { min(1 << 31, (1 << 63) / max(1, rate) / 2) }

  /// Measured counts per second; 0 if the counter is not used.
  var countsPerSecond: UInt64 {
    rate == 0 ? 0 : UInt64(4_294_967_296e9 / Double(rate))
  }

  /// Returns the time in nanoseconds.
  @inline(__always)
  mutating func now() -> UInt64 {
    guard usesCounter else { return CPlatform_now() }
    return counted() ?? adjust()
  }

  /// Returns the time by the counter; nil if it is not used, or its rate must be measured again.
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
    // At least eight times as long each time, up to the limit.
    rate = truth
    span = min(max(passed, span) &* 8, longestSpan)
    let error = Double(Int64(bitPattern: reading.time &- shown))
    let ahead = Double(truth) + error / Double(span) * 4_294_967_296
    baseCount = reading.count
    if error > 1_000_000 {
      // The machine slept. A gradual correction would take too long.
      baseTime = reading.time
    } else {
      baseTime = shown
      rate = UInt64(max(Double(truth) / 2, min(Double(truth) * 2, ahead)))
    }
    return baseTime
  }
}
