import Foundation
import PythonHost
import SwiftTrace
import Testing

/// Starts, ends and invalid configurations of an interpreter, each in a new process.
@Suite struct ProcessTests {
  @Test func startsOnceAndEndsOnce() async {
    await #expect(processExitsWith: .success) {
      let python = try PythonHost()
      #expect(throws: PythonHostError.self) { try PythonHost() }
      try python.run(code: "pass")
      try python.shutdown()
      #expect(code { _ = try python.evaluate("1") } == .notRunning)
      #expect(code { try python.trace(EventNotes()) {} } == .notRunning)
      #expect(code { try python.shutdown() } == .notRunning)
      #expect(code { _ = try PythonHost() } == .cannotRestart)
    }
  }

  @Test func aSecondInterpreterIsRefusedWhileOneRuns() async {
    await #expect(processExitsWith: .success) {
      let python = try PythonHost()
      #expect(code { _ = try PythonHost() } == .alreadyRunning)
      try python.shutdown()
    }
  }

  @Test func endsInTheThreadThatStartedIt() async {
    await #expect(processExitsWith: .success) {
      let python = try PythonHost()
      #expect(inNewThread { code { try python.shutdown() } } == .wrongThread)
      #expect(try python.evaluate("1") == .int(1))
      try python.shutdown()
    }
  }

  @Test func endsNoInterpreterThatIsInUse() async {
    await #expect(processExitsWith: .success) {
      final class Ends: TracerStrategy {
        let interests: EventSet = .call
        let python: PythonHost
        var refusal: PythonHostError.Code?
        init(_ python: PythonHost) { self.python = python }
        func call(_ event: borrowing CallEvent) { refusal = code { try python.shutdown() } }
      }
      let python = try PythonHost()
      let ends = Ends(python)
      try python.trace(ends) { try python.run(code: "pass") }
      #expect(ends.refusal == .busy)
      #expect(try python.evaluate("1") == .int(1))
    }
  }

  @Test func shutdownEndsATrace() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      let notes = EventNotes(.call)
      let python = try PythonHost()
      var filter = try python.ownCode()
      filter.functions = [Glob("late*")]
      try python.trace(notes, filter: filter) {
        try python.run(
          code: """
            import atexit, threading, time
            def late_in_a_thread(): print("thread")
            def late_at_exit(): print("atexit")
            def sleep():
              time.sleep(0.05)
              late_in_a_thread()
            atexit.register(late_at_exit)
            threading.Thread(target=sleep).start()
            """)
        try python.shutdown()
      }
      print(notes.notes, notes.timesFinished)
    }
    let output = text(result?.standardOutputContent)
    let notes = "[\"call late_in_a_thread\", \"call late_at_exit\"] 1\n"
    #expect(output.hasSuffix("thread\natexit\n\(notes)"))
  }

  @Test func aFailingStrategyEndsTheTraceAndNotTheProgram() async {
    let result = await #expect(
      processExitsWith: .success,
      observing: [\.standardOutputContent, \.standardErrorContent]
    ) {
      struct Failure: Error, CustomStringConvertible { let description = "no more" }
      final class Fails: TracerStrategy {
        let interests: EventSet = .call
        var calls = 0
        func call(_ event: borrowing CallEvent) throws {
          calls += 1
          if calls == 2 { throw Failure() }
        }
      }
      let fails = Fails()
      let python = try PythonHost()
      try python.trace(fails) {
        try python.run(code: "def f(): pass\nf()\nf()\nf()\nprint('went on')")
      }
      #expect(fails.calls == 2)
      let notes = EventNotes(.call)
      try python.trace(notes) { try python.run(code: "pass") }
      #expect(notes.notes == ["call <module>"])
    }
    let output = text(result?.standardOutputContent)
    #expect(output.contains("went on\n"))
    let errors = text(result?.standardErrorContent)
    #expect(errors.components(separatedBy: "Fails failed").count == 2)
    #expect(errors.contains("swifttrace: Fails failed, tracing has ended: no more\n"))
  }

  @Test func outputKeepsItsOrder() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      // Isolated: PYTHONUNBUFFERED would keep any order.
      let python = try PythonHost(.init(isIsolated: true))
      for number in 1...3 {
        try python.run(code: "print('python \(number)')")
        FileHandle.standardOutput.write(Data("swift \(number)\n".utf8))
      }
    }
    let output = text(result?.standardOutputContent)
    #expect(output.contains("python 1\nswift 1\npython 2\nswift 2\npython 3\nswift 3\n"))
  }

  @Test func traceTextCanGoThroughTheProgramsOutput() async {
    let result = await #expect(processExitsWith: .success, observing: [\.standardOutputContent]) {
      // Isolated: PYTHONUNBUFFERED would keep any order.
      let python = try PythonHost(.init(isIsolated: true))
      let sink = try python.standardOutput()
      try python.trace(CallLogger(to: sink)) {
        try python.run(code: "def f(): print('in f')\nprint('before')\nf()")
      }
      try python.shutdown()
    }
    let output = text(result?.standardOutputContent)
    #expect(output.contains("Call to <module> at line 0\nbefore\nCall to f at line 1\nin f\n"))
  }

  @Test func aPlaceWithoutPythonIsRefused() async {
    await #expect(processExitsWith: .success) {
      func message(_ location: PythonHost.Configuration.Location) -> String {
        do { _ = try PythonHost(.init(location: location)) } catch { return "\(error)" }
        return "started"
      }
      let folder = try Folder(["pyvenv.cfg": "home = /usr/bin\nversion = 2.7.18\n"])
      #expect(message(.home("/tmp")).hasPrefix("no Python 3."))
      #expect(
        message(.virtualEnvironment("/tmp"))
          == "/tmp is no virtual environment: there is no pyvenv.cfg in it")
      #expect(
        message(.virtualEnvironment(folder.path))
          .hasPrefix("\(folder.path) is of Python 2.7.18; this program is linked with 3."))
      // After these failures, a valid configuration still works.
      #expect(message(.linked) == "started")
    }
  }

  @Test func findsTheSitePackagesOfAVirtualEnvironment() async {
    await #expect(processExitsWith: .success) {
      // The relevant parts of a folder made by `python -m venv`.
      let folder = try Folder(["bin/readme": ""])
      let finder = try PythonProcess.output(["-c", "import sys; print(sys._base_executable)"])
      let version = try PythonProcess.output([
        "-c", "print('%d.%d' % __import__('sys').version_info[:2])",
      ])
      let home = String(finder.split(separator: "/").dropLast().joined(separator: "/"))
      try "home = /\(home)\nversion = \(version).0\n".write(
        toFile: "\(folder.path)/pyvenv.cfg", atomically: false, encoding: .utf8)
      try FileManager.default.createSymbolicLink(
        atPath: "\(folder.path)/bin/python", withDestinationPath: finder)
      let packages = "\(folder.path)/lib/python\(version)/site-packages"
      try FileManager.default.createDirectory(
        atPath: packages, withIntermediateDirectories: true)
      try "answer = 42\n".write(
        toFile: "\(packages)/onlyhere.py", atomically: false, encoding: .utf8)

      let python = try PythonHost(.init(location: .virtualEnvironment(folder.path)))
      try python.run(code: "import onlyhere, sys")
      #expect(try python.evaluate("onlyhere.answer") == .int(42))
      #expect(try python.evaluate("sys.prefix") == .string(folder.path))
      let notes = EventNotes(.call)
      try python.trace(notes) {
        try python.run(code: "import importlib, onlyhere\nimportlib.reload(onlyhere)")
      }
      #expect(notes.notes == ["call <module>"])
    }
  }

  @Test func isolationAndArgumentsAndSignals() async {
    await #expect(processExitsWith: .success) {
      let python = try PythonHost(
        .init(arguments: ["me", "x"], isIsolated: true, handlesSignals: true))
      #expect(
        try python.evaluate("__import__('sys').argv") == .list([.string("me"), .string("x")]))
      #expect(try python.evaluate("__import__('sys').flags.isolated") == .int(1))
      let handler = "__import__('signal').getsignal(2).__name__"
      #expect(try python.evaluate(handler) == .string("default_int_handler"))
      let first = try python.evaluate("__import__('sys').path[0]")
      try python.run(code: "pass")
      #expect(try python.evaluate("__import__('sys').path[0]") == first)
    }
  }

  @Test(arguments: [false, true])
  func signalsStayWithTheHostUnlessGivenAway(areGiven: Bool) async {
    await #expect(processExitsWith: .success) { [areGiven] in
      func signals() throws -> [Substring] {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        return status.split(separator: "\n").filter {
          $0.hasPrefix("SigIgn") || $0.hasPrefix("SigCgt")
        }
      }
      let before = try signals()
      let python = try PythonHost(.init(handlesSignals: areGiven))
      try python.run(code: "import os, threading")
      #expect(try (signals() == before) == !areGiven)
    }
  }

  @Test func theInterpreterIsTheOneThatIsLinked() async {
    await #expect(processExitsWith: .success) {
      _ = unsafe setenv("PATH", "/nowhere", 1)
      let python = try PythonHost()
      try python.run(code: "import sys, os")
      let program = try python.evaluate("os.path.basename(sys.executable)")
      #expect(program == (try python.evaluate("'python%d.%d' % sys.version_info[:2]")))
    }
  }

  @Test func anErrorOutlivesTheInterpreter() async {
    await #expect(processExitsWith: .success) {
      let python = try PythonHost()
      let error = #expect(throws: PythonException.self) { try python.evaluate("1 / 0") }
      let notes = EventNotes(.call)
      try python.trace(notes) { try python.run(code: "pass") }
      try python.shutdown()
      #expect(error?.description == "ZeroDivisionError: division by zero")
    }
  }
}

/// The code of the `PythonHostError` that `body` throws.
private func code(_ body: () throws -> Void) -> PythonHostError.Code? {
  do { try body() } catch { return (error as? PythonHostError)?.code }
  return nil
}

private func text(_ bytes: [UInt8]?) -> String { String(decoding: bytes ?? [], as: UTF8.self) }

/// Runs the interpreter that `scripts/swift.py` builds for.
private enum PythonProcess {
  static func output(_ arguments: [String]) throws -> String {
    let process = Process()
    let pipe = Pipe()
    let python = ProcessInfo.processInfo.environment["PYTHON"] ?? "python3"
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = [python] + arguments
    process.standardOutput = pipe
    try process.run()
    let data = pipe.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return String(decoding: data, as: UTF8.self).trimmingCharacters(in: .whitespacesAndNewlines)
  }
}
