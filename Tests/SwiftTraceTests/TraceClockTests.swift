#if DEBUG
  import CPlatform
  import Testing

  @testable import SwiftTrace

  @Suite struct TraceClockTests {
    /// Nanoseconds that a measured clock may differ from the system's, on a busy machine.
    private static let tolerance: UInt64 = 5_000_000

    @Test func withoutTheCounterTheSystemIsAsked() {
      var clock = TraceClock(usesCounter: false)
      #expect(!clock.usesCounter)
      #expect(clock.countsPerSecond == 0)
      #expect(clock.counted() == nil)
      for _ in 0..<1000 {
        let before = CPlatform_now()
        let time = clock.now()
        let after = CPlatform_now()
        guard before <= time, time <= after else {
          Issue.record("\(time) is not between \(before) and \(after)")
          return
        }
      }
    }

    @Test func theCounterIsReadIfTheProcessorHasOne() {
      #expect(TraceClock().usesCounter == CPlatform_hasCounter())
    }

    /// Reads a clock for a while, and compares it with the system's.
    private func check(_ clock: inout TraceClock, milliseconds: UInt64) {
      let end = CPlatform_now() + milliseconds * 1_000_000
      var last: UInt64 = 0
      while true {
        let before = CPlatform_now()
        let time = clock.now()
        let after = CPlatform_now()
        guard time >= last else {
          Issue.record("\(time) is before \(last)")
          return
        }
        guard before <= time + Self.tolerance, time <= after + Self.tolerance else {
          Issue.record("\(time) is far from \(before)...\(after)")
          return
        }
        last = time
        if after > end { return }
      }
    }

    @Test func timeNeverGoesBackAndIsTheSystems() {
      var clock = TraceClock()
      check(&clock, milliseconds: 100)
    }

    @Test(.enabled(if: CPlatform_hasCounter()))
    func theRateIsThatOfTheCounter() {
      let clock = TraceClock()
      let (time, count) = (CPlatform_now(), CPlatform_counter())
      while CPlatform_now() < time + 20_000_000 {}
      let counts = Double(CPlatform_counter() - count)
      let rate = counts / Double(CPlatform_now() - time) * 1e9
      #expect(abs(Double(clock.countsPerSecond) / rate - 1) < 0.25)
    }

    @Test(.enabled(if: CPlatform_hasCounter()))
    func theRateIsMeasuredAgainAfterASpan() async throws {
      var clock = TraceClock()
      // The first spans may be as short as a pause of this thread.
      for _ in 0..<10 where clock.counted() == nil { _ = clock.now() }
      #expect(clock.counted() != nil)
      // The longest span is that of 2^31 counts.
      let longest = Double(1 << 31) / Double(clock.countsPerSecond)
      try await Task.sleep(for: .seconds(longest + 0.05))
      #expect(clock.counted() == nil)
      check(&clock, milliseconds: 20)
      #expect(clock.counted() != nil)
    }
  }
#endif
