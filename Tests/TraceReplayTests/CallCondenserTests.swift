#if DEBUG
  import Testing
  import TraceFormat

  @testable import TraceReading
  @testable import TraceReplay

  @Suite struct CallCondenserTests {
    /// A call or a return of the only function, at depth 0.
    private func take(
      _ kind: EventKind, at time: UInt64, file: Int = 0, thread: Int = 0, stack: UInt32 = 0,
      in condenser: inout CallCondenser
    ) -> String {
      let mark = EventHeader(function: 1, line: 1, depth: 0, stack: stack, time: time)
      let event = TraceEvent(
        kind: kind, mark: mark, cFunction: 0, file: file, thread: thread, task: 0, texts: [])
      let text = kind == .call ? "f(\(file) \(thread) \(stack))" : "└ 1"
      let step = CondensedStack.Step(
        mark: mark, kind: kind, depth: 0, duration: 10, line: replayLine(text, depth: 0), name: [])
      return String(decoding: condenser.take(event, step), as: UTF8.self)
    }

    private func finish(_ condenser: inout CallCondenser) -> String {
      String(decoding: condenser.finish(), as: UTF8.self)
    }

    private func condenser(
      minDuration: UInt64 = 0, folds: Bool = false, maxChildren: Int = .max
    ) -> CallCondenser {
      CallCondenser(
        CondensedStack.Rules(minDuration: minDuration, folds: folds, maxChildren: maxChildren))
    }

    @Test(arguments: [(1, 0, UInt32(0)), (0, 1, 0), (0, 0, 1)])
    func callsOfAnotherStackAreNotMixed(file: Int, thread: Int, stack: UInt32) {
      var condenser = condenser(minDuration: 100)
      var text = take(.call, at: 0, in: &condenser)
      text += take(.call, at: 50, file: file, thread: thread, stack: stack, in: &condenser)
      text += take(.return, at: 60, file: file, thread: thread, stack: stack, in: &condenser)
      #expect(text == "")
      #expect(take(.return, at: 100, in: &condenser) == "f(0 0 0)\n└ 1\n")
      #expect(finish(&condenser) == "")
    }

    @Test func callsOfTwoThreadsAreFoldedInEach() {
      var condenser = condenser(folds: true)
      for time: UInt64 in [0, 100, 200] {
        for thread in 0..<2 { #expect(take(.call, at: time, thread: thread, in: &condenser) == "") }
        for thread in 0..<2 {
          #expect(take(.return, at: time + 10, thread: thread, in: &condenser) == "")
        }
      }
      #expect(
        finish(&condenser) == "f(0 0 0)  └ 1  ×3  30 ns\nf(0 1 0)  └ 1  ×3  30 ns\n")
    }

    @Test func theEndHasTheStacksInTheirOrder() {
      var condenser = condenser(minDuration: 100)
      for (file, thread, stack) in [(1, 0, UInt32(0)), (0, 2, 0), (0, 1, 9), (0, 1, 3)] {
        #expect(
          take(.call, at: 0, file: file, thread: thread, stack: stack, in: &condenser) == "")
      }
      #expect(finish(&condenser) == "f(0 1 3)\nf(0 1 9)\nf(0 2 0)\nf(1 0 0)\n")
      #expect(finish(&condenser) == "")
    }

    @Test func callsAreCountedOverAllOfAThread() {
      var condenser = condenser(maxChildren: 1)
      var text = ""
      for time: UInt64 in [0, 100, 200] {
        text += take(.call, at: time, in: &condenser)
        text += take(.return, at: time + 10, in: &condenser)
      }
      #expect(text == "f(0 0 0)\n└ 1\n")
      #expect(finish(&condenser) == "… 2 more calls  20 ns\n")
    }

    @Test func withThousandsOfStacksTheHeldCallsAreShownEarly() {
      let most = 1 << 12
      var condenser = condenser(minDuration: 100)
      var text = ""
      for stack in 0...most {
        text += take(.call, at: 0, stack: UInt32(stack), in: &condenser)
      }
      #expect(text == "")
      text = take(.call, at: 0, thread: 1, in: &condenser)
      #expect(text.split(separator: "\n").count == most + 1)
      #expect(text.hasPrefix("f(0 0 0)\nf(0 0 1)\n"))
      #expect(finish(&condenser) == "f(0 1 0)\n")
    }
  }
#endif
