import PythonHost
import SwiftTrace
import Testing

extension PythonHostTests {
  @Suite struct Tracing {
    let python = PythonHostTests.python

    @Test func aStrategyOfTheProgramsOwnSeesEvents() throws {
      let notes = EventNotes()
      try python.trace(notes) { try python.run(code: "def f(x):\n  return x + 1\nf(2)\n") }
      #expect(
        notes.notes == [
          "call <module>", "line 1 <module>", "line 3 <module>", "call f", "line 2 f", "return f 3",
          "return <module> None",
        ])
      #expect(notes.timesFinished == 1)
    }

    @Test func kindsAreToldApart() throws {
      let notes = EventNotes([.call, .return, .exception])
      try python.trace(notes) {
        try python.run(
          code: """
            def numbers():
              yield 1
            def fails():
              raise ValueError
            for _ in numbers(): pass
            try: fails()
            except ValueError: pass
            """)
      }
      #expect(
        notes.notes == [
          "call <module>", "call numbers", "yield numbers 1", "resume numbers",
          "return numbers None", "call fails", "exception fails", "unwind fails",
          "exception <module>", "return <module> None",
        ])
    }

    @Test func onlyTheUsersOwnCodeIsTraced() throws {
      let notes = EventNotes(.call)
      let code = "import textwrap\ndef f(): pass\ntextwrap.dedent(' x')\nf()"
      try python.trace(notes) { try python.run(code: code) }
      #expect(notes.notes == ["call <module>", "call f"])
      let all = EventNotes(.call)
      try python.trace(all, filter: CodeFilter()) { try python.run(code: code) }
      #expect(all.notes.contains("call dedent"))
      #expect(!all.notes.contains { $0.contains("prepare_") || $0.contains("flush") })
    }

    @Test func aFilterAndADepthAreObeyed() throws {
      let code = "def f(): g()\ndef g(): pass\nf()"
      var filter = try python.ownCode()
      filter.functions = [Glob("[fg]")]
      let notes = EventNotes(.call)
      try python.trace(notes, filter: filter, maximumDepth: 1) { try python.run(code: code) }
      #expect(notes.notes == ["call f"])
    }

    @Test func aProgramInAForeignFolderCanBeOwn() throws {
      let module = "this"  // Prints a poem at import, so run it without output.
      let silence = "import sys, io\nsys.stdout = io.StringIO()"
      try python.run(code: silence)
      defer { try? python.run(code: "import sys\nsys.stdout = sys.__stdout__") }
      let notes = EventNotes(.call)
      try python.trace(notes) { try python.run(module: module) }
      #expect(notes.notes == [])
      let filter = try python.ownCode(of: .module(module))
      try python.trace(notes, filter: filter) { try python.run(module: module) }
      #expect(notes.notes.first == "call <module>")
    }

    @Test func sessionsFollowOneAnother() throws {
      for _ in 0..<3 {
        let notes = EventNotes(.call)
        try python.trace(notes) { try python.run(code: "def f(): pass\nf()\nf()") }
        #expect(notes.notes == ["call <module>", "call f", "call f"])
      }
      let notes = EventNotes(.call)
      try python.run(code: "(lambda: 0)()")
      #expect(notes.notes == [])
    }

    @Test func traceGivesWhatItsBodyGives() throws {
      let value = try python.trace(EventNotes()) { try python.evaluate("6 * 7") }
      #expect(value == .int(42))
    }

    @Test func severalStrategiesSeeTheSame() throws {
      let (first, second) = (EventNotes(.call), EventNotes(.return))
      try python.trace(first, second) { try python.run(code: "def f(): pass\nf()") }
      #expect(first.notes == ["call <module>", "call f"])
      #expect(second.notes == ["return f None", "return <module> None"])
    }

    @Test func tracingEndsWhenTheBodyThrows() throws {
      let notes = EventNotes(.call)
      #expect(throws: PythonExit.self) {
        try python.trace(notes) { try python.run(code: "import sys\nsys.exit(3)") }
      }
      #expect(notes.timesFinished == 1)
      try python.run(code: "def f(): pass\nf()")
      #expect(notes.notes == ["call <module>"])
      #expect(try python.evaluate("__import__('sys').gettrace()") == .none)
    }

    @Test func oneTraceAtATime() throws {
      try python.trace(EventNotes()) {
        let error = #expect(throws: PythonHostError.self) {
          try python.trace(EventNotes()) { try python.run(code: "pass") }
        }
        #expect(error?.code == .alreadyTracing)
        try python.run(code: "pass")
      }
    }

    @Test func whatFinishThrowsComesBack() throws {
      struct Failure: Error {}
      struct FailsAtTheEnd: TracerStrategy {
        let interests: EventSet = .call
        func finish() throws { throw Failure() }
      }
      #expect(throws: Failure.self) {
        try python.trace(FailsAtTheEnd()) { try python.run(code: "pass") }
      }
    }

    @Test func aStrategyMayAskTheInterpreter() throws {
      final class Asks: TracerStrategy {
        let interests: EventSet = .call
        var answers: [PythonValue] = []
        func call(_ event: borrowing CallEvent) throws {
          answers.append(try PythonHostTests.python.evaluate("1 + 1"))
        }
      }
      let asks = Asks()
      try python.trace(asks) { try python.run(code: "def f(): pass\nf()") }
      #expect(asks.answers == [.int(2), .int(2)])
    }
  }
}
