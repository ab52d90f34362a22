import PythonHost
import SwiftTrace
import Testing

extension PythonHostTests {
  @Suite struct Threads {
    let python = PythonHostTests.python

    @Test func anyThreadMayRunPython() {
      let python = python
      let value = inNewThread { try? python.evaluate("__import__('threading').active_count()") }
      #expect(value != nil)
    }

    /// Pre-releases of 3.13 crashed if a trace function was set in a thread without a Python
    /// frame (cpython#121814).
    @Test func aThreadWithoutAFrameMayTrace() {
      let python = python
      let notes = inNewThread {
        let notes = EventNotes(.call)
        try? python.trace(notes) { try python.run(code: "def f(): pass\nf()") }
        return notes.notes
      }
      #expect(notes == ["call <module>", "call f"])
    }

    @Test func threadsComeAndGo() {
      let python = python
      for _ in 0..<50 {
        let sum = inNewThread {
          let notes = EventNotes(.call)
          try? python.trace(notes) { try python.run(code: "def f(): pass\nf()") }
          return notes.notes.count
        }
        #expect(sum == 2)
      }
    }

    @Test func threadsThatTheBodyBringsInAreTraced() throws {
      let python = python
      let notes = EventNotes(.call)
      try python.trace(notes) {
        try python.run(code: "def f(): pass")
        #expect(inNewThread { try? python.evaluate("f()") } == PythonValue.none)
      }
      #expect(notes.notes == ["call <module>", "call <module>", "call f"])
      #expect(notes.threads == [0, 1])
    }

    @Test func otherThreadsAreLeftAloneOnRequest() throws {
      let python = python
      let notes = EventNotes(.call)
      try python.trace(notes, allThreads: false) {
        try python.run(code: "def f(): pass")
        _ = inNewThread { try? python.evaluate("f()") }
      }
      #expect(notes.notes == ["call <module>"])
    }

    @Test func threadsOfTheProgramAreTraced() throws {
      let notes = EventNotes(.call)
      var filter = try python.ownCode()
      filter.functions = [Glob("hit")]
      try python.trace(notes, filter: filter) {
        try python.run(
          code: """
            import threading, _thread, time
            done = []
            go = False
            def hit(): done.append(1)
            def wait():
              while not go: time.sleep(0.001)
              hit()
            threading.Thread(target=wait).start()
            _thread.start_new_thread(wait, ())
            go = True
            while len(done) < 2: time.sleep(0.001)
            """)
      }
      #expect(notes.notes == ["call hit", "call hit"])
      #expect(notes.threads.count == 2)
    }

    @Test func manyThreadsAtOnce() throws {
      let python = python
      let notes = EventNotes(.call)
      try python.run(code: "def f(n):\n  return 0 if n == 0 else f(n - 1)")
      try python.trace(notes) {
        let pool = (0..<4).map { _ in
          NewThread { for _ in 0..<25 { _ = try? python.evaluate("f(20)") } }
        }
        for thread in pool { thread.wait() }
      }
      #expect(notes.notes.filter { $0 == "call f" }.count == 4 * 25 * 21)
    }

    @Test func anObjectKeptByAStrategyMayDieInAnyThread() throws {
      final class Keeps: TracerStrategy {
        let interests: EventSet = .return
        var objects: [PythonObject] = []
        func `return`(_ event: borrowing ReturnEvent) {
          switch event.value {
          case .none: break
          case .some(let value): objects.append(value.retained())
          }
        }
      }
      var keeps: Keeps? = Keeps()
      try python.run(code: "import weakref\nclass C: pass\ndef f():\n  return C()")
      try python.trace(keeps!) { _ = try python.evaluate("globals().update(w=weakref.ref(f()))") }
      #expect(try python.evaluate("w() is None") == .bool(false))
      keeps = nil
      #expect(try python.evaluate("w() is None") == .bool(true))
    }
  }
}
