import PythonHost
import SwiftTrace
import Testing

/// Passes its events to closures.
private final class Looking: TracerStrategy {
  let interests: EventSet
  var onLine: ((borrowing LineEvent) -> Void)?
  var onCall: ((borrowing CallEvent) -> Void)?
  var onException: ((borrowing ExceptionEvent) -> Void)?
  var onCCall: ((borrowing CCallEvent) -> Void)?

  init(_ interests: EventSet) { self.interests = interests }

  func call(_ event: borrowing CallEvent) { onCall?(event) }
  func line(_ event: borrowing LineEvent) { onLine?(event) }
  func exception(_ event: borrowing ExceptionEvent) { onException?(event) }
  func cCall(_ event: borrowing CCallEvent) { onCCall?(event) }
}

/// The text of a value.
private func text(_ value: borrowing Value?) -> String {
  var buffer = LineBuffer(capacity: 64)
  buffer.append(value, as: .repr)
  return buffer.string
}

extension PythonHostTests {
  @Suite struct Frames {
    let python = PythonHostTests.python

    @Test func theFieldsAreCPythons() throws {
      let looking = Looking(.line)
      var seen: [String] = []
      looking.onLine = { event in
        guard event.line == 4 else { return }
        seen.append("line \(event.frame.line) executing \(event.frame.isExecuting)")
        seen.append("lines \(event.frame.tracesLines) opcodes \(event.frame.tracesOpcodes)")
        seen.append("instruction \(event.frame.lastInstruction > 0)")
        switch event.frame.back {
        case .none: seen.append("no back")
        case .some(let back): seen.append("back \(back.code?.name ?? "") \(back.line)")
        }
        if case .some = event.frame.generator { seen.append("generator") }
        if case .some = event.frame.trace { seen.append("trace") }
        if case .some(let globals) = event.frame.globals { seen.append("globals \(globals.kind)") }
        if case .some(let builtins) = event.frame.builtins {
          seen.append("builtins \(builtins.kind)")
        }
      }
      try python.trace(looking) {
        try python.run(
          code: """
            def outer(a, *rest, key=1, **others):
              def inner(x):
                y = a + x
                return y
              return inner(2)
            outer(1, key=5)
            """)
      }
      #expect(
        seen == [
          "line 4 executing true", "lines true opcodes false", "instruction true", "back outer 5",
          "globals dict", "builtins dict",
        ])
    }

    @Test func theCodeNamesItsArguments() throws {
      let looking = Looking(.call)
      var codes: [CodeObject] = []
      looking.onCall = { event in if let code = event.frame.code { codes.append(code) } }
      try python.trace(looking) {
        try python.run(
          code: "class C:\n  def m(self, a, /, b, *c, d, **e): pass\nC().m(1, 2, d=3)")
      }
      let method = try #require(codes.last)
      #expect(method.name == "m")
      #expect(method.qualifiedName == "C.m")
      #expect(method.file == "<string>")
      #expect(method.firstLine == 2)
      #expect(method.argumentNames == ["self", "a", "b", "d", "c", "e"])
      #expect(method.flags & 0x0C == 0x0C)
    }

    @Test func localsAreReadAndNotWritten() throws {
      let looking = Looking(.line)
      var snapshots: [FrameSnapshot] = []
      looking.onLine = { event in if let kept = event.frame.snapshot() { snapshots.append(kept) } }
      try python.trace(looking) {
        try python.run(
          code: """
            def f(n):
              before = locals()
              text = 'x'
              captured = [n]
              g = lambda: captured
              after = dict(before)
              return after
            result = f(7)
            assert result == {'n': 7}, result
            """)
      }
      let last = try #require(snapshots.last { $0.code.name == "f" })
      let locals = Dictionary(uniqueKeysWithValues: last.locals.map { ($0.name, $0.text) })
      #expect(locals["n"] == "7")
      #expect(locals["text"] == "'x'")
      #expect(locals["captured"] == "[7]")
      #expect(locals["before"] == "{'n': 7}")
      #expect(last.line == 7)
    }

    @Test func aModulesLocalsAreItsNamespace() throws {
      let looking = Looking(.line)
      var names: [String] = []
      looking.onLine = { event in
        if event.line == 2 { event.frame.forEachLocal { name, _ in names.append(name) } }
      }
      try python.trace(looking) { try python.run(code: "answer = 42\nanswer += 1") }
      #expect(names.contains("answer"))
      #expect(names.contains("__name__"))
    }

    @Test func aGeneratorOwnsItsFrame() throws {
      let looking = Looking(.line)
      var owners: [ValueKind] = []
      looking.onLine = { event in
        if case .some(let generator) = event.frame.generator { owners.append(generator.kind) }
      }
      try python.trace(looking) { try python.run(code: "def g():\n  yield 1\nlist(g())") }
      #expect(owners == [.generator])
    }

    @Test func anOpcodeComesWhereTheFrameAsksForIt() throws {
      let looking = Looking([.line, .opcode])
      var kinds: [LineEvent.Kind] = []
      looking.onLine = { event in if event.function.name == "f" { kinds.append(event.kind) } }
      try python.trace(looking) {
        try python.run(
          code: """
            import sys
            def f():
              sys._getframe().f_trace_opcodes = True
              return 1
            f()
            """)
      }
      #expect(kinds.filter { $0 == .line }.count == 2)
      // From 3.12 on, CPython prepares a frame for opcode events only if the frame has its own
      // `f_trace`, which a trace function in C does not set.
      let asksEveryFrame = try python.evaluate("__import__('sys').version_info < (3, 12)")
      #expect(asksEveryFrame == .bool(kinds.contains(.opcode)))
    }

    @Test func anExceptionHasTypeValueAndTraceback() throws {
      let looking = Looking(.exception)
      var seen: [String] = []
      looking.onException = { event in
        switch event.exception {
        case .none: break
        case .some(let exception):
          var name = LineBuffer(capacity: 16)
          name.append(className: event.exceptionType)
          seen.append("\(name.string) \(exception.kind) \(event.function.name):\(event.line)")
        }
        seen.append(String(text(event.traceback).prefix(17)))
      }
      try python.trace(looking) {
        try python.run(code: "def f():\n  {}['key']\ntry: f()\nexcept KeyError: pass")
      }
      #expect(
        seen == [
          "KeyError other f:2", "<traceback object", "KeyError other <module>:3",
          "<traceback object",
        ])
    }

    @Test func aFunctionInCHasModuleNameAndBoundType() throws {
      let looking = Looking(.cCall)
      var seen: [String] = []
      looking.onCCall = { event in
        guard let callee = event.calleeDescription else { return }
        seen.append("\(event.kind) \(callee.module).\(callee.name) \(callee.boundType ?? "-")")
      }
      try python.trace(looking) {
        try python.run(code: "len([])\n[].append(1)\ntry: ord('')\nexcept TypeError: pass")
      }
      #expect(
        seen == [
          "call builtins.len -", "return builtins.len -", "call .append list",
          "return .append list", "call builtins.ord -", "exception builtins.ord -",
        ])
    }
  }
}
