import PythonHost
import SwiftTrace
import Testing

extension PythonHostTests {
  @Suite struct Running {
    let python = PythonHostTests.python

    @Test func runsAScriptAsTheInterpreterWould() throws {
      let folder = try Folder([
        "main.py": """
        import sys, neighbour
        facts = [__name__, __file__, sys.argv, sys.path[0], __spec__, __package__]
        twice = neighbour.twice(21)
        import pickle
        class C: pass
        same = type(pickle.loads(pickle.dumps(C()))) is C
        """,
        "neighbour.py": "def twice(x): return 2 * x\n",
      ])
      let script = "\(folder.path)/main.py"
      try python.run(script: script, arguments: ["a", "b c"])
      #expect(
        try python.evaluate("facts")
          == .list([
            .string("__main__"), .string(script),
            .list([.string(script), .string("a"), .string("b c")]), .string(folder.path), .none,
            .none,
          ]))
      #expect(try python.evaluate("twice") == .int(42))
      #expect(try python.evaluate("same") == .bool(true))
    }

    @Test func runsAPackageByItsName() throws {
      let folder = try Folder([
        "hostpackage/__init__.py": "",
        "hostpackage/__main__.py": "import sys\nspec = __spec__.name\n",
      ])
      try python.run(code: "import os\nos.chdir(\(literal(folder.path)))")
      defer { try? python.run(code: "import os\nos.chdir('/')") }
      try python.run(module: "hostpackage", arguments: ["x"])
      #expect(try python.evaluate("spec") == .string("hostpackage.__main__"))
      #expect(
        try python.evaluate("sys.argv")
          == .list([.string("\(folder.path)/hostpackage/__main__.py"), .string("x")]))
    }

    @Test func runsAFolder() throws {
      let folder = try Folder(["__main__.py": "import sys\nfirst = sys.path[0]\n"])
      try python.run(script: folder.path)
      #expect(try python.evaluate("first") == .string(folder.path))
    }

    @Test func eachProgramHasAFreshMain() throws {
      try python.run(code: "left_over = 1")
      #expect(try python.evaluate("left_over") == .int(1))
      try python.run(code: "import sys\narguments = sys.argv", arguments: ["z"])
      #expect(try python.evaluate("arguments") == .list([.string("-c"), .string("z")]))
      #expect(try python.evaluate("'left_over' in globals()") == .bool(false))
    }

    @Test func searchPathDoesNotGrowFromRunToRun() throws {
      try python.run(code: "pass")
      let before = try python.evaluate("len(__import__('sys').path)")
      for _ in 0..<3 { try python.run(code: "pass") }
      #expect(try python.evaluate("len(__import__('sys').path)") == before)
    }

    @Test func anExceptionComesBackWithItsTraceback() throws {
      let folder = try Folder(["broken.py": "def f():\n    raise KeyError('k')\n\nf()\n"])
      let error = #expect(throws: PythonException.self) {
        try python.run(script: "\(folder.path)/broken.py")
      }
      #expect(error?.typeName == "KeyError")
      #expect(error?.message == "k")
      #expect(error?.isOrdinary == true)
      let traceback = error?.traceback ?? ""
      #expect(
        traceback.hasPrefix(
          "Traceback (most recent call last):\n  File \"\(folder.path)/broken.py\", line 4, in <module>\n"
        ))
      #expect(traceback.hasSuffix("KeyError: 'k'\n"))
      #expect(!traceback.contains("<swifttrace>"))
    }

    @Test func aSyntaxErrorHasNoFrames() throws {
      let error = #expect(throws: PythonException.self) { try python.run(code: "x = = 1") }
      #expect(error?.typeName == "SyntaxError")
      #expect(error?.traceback.hasPrefix("  File \"<string>\", line 1\n") == true)
    }

    @Test func whatCannotBeFoundIsAnException() throws {
      let missing = #expect(throws: PythonException.self) { try python.run(script: "/no/such.py") }
      #expect(missing?.typeName == "FileNotFoundError")
      let module = #expect(throws: PythonException.self) { try python.run(module: "no_such") }
      #expect(module?.typeName == "ModuleNotFoundError")
      #expect(module?.message == "No module named 'no_such'")
      let part = #expect(throws: PythonExit.self) { try python.run(module: "json.no_such") }
      #expect(part?.message?.hasSuffix(": No module named json.no_such") == true)
    }

    @Test(
      arguments: [
        ("sys.exit()", 0, nil), ("sys.exit(7)", 7, nil), ("sys.exit('no')", 1, "no"),
        ("sys.exit(-1)", -1, nil), ("sys.exit(10**30)", -1, nil),
        ("raise SystemExit(True)", 1, nil),
      ] as [(String, Int32, String?)])
    func systemExitIsAValue(code: String, status: Int32, message: String?) throws {
      let exit = #expect(throws: PythonExit.self) { try python.run(code: "import sys\n\(code)") }
      #expect(exit?.status == status)
      #expect(exit?.message == message)
      #expect(try python.evaluate("1 + 1") == .int(2))
    }

    @Test func interruptIsNoOrdinaryException() throws {
      let error = #expect(throws: PythonException.self) {
        try python.run(code: "raise KeyboardInterrupt")
      }
      #expect(error?.isOrdinary == false)
    }

    @Test func anExceptionKeepsNoFrameAlive() throws {
      let error = #expect(throws: PythonException.self) {
        try python.run(
          code: """
            import weakref
            class C: pass
            def f():
              global watch
              c = C()
              watch = weakref.ref(c)
              1 / 0
            f()
            """)
      }
      #expect(error?.typeName == "ZeroDivisionError")
      #expect(try python.evaluate("watch()") == .none)
    }
  }
}

/// A Python string literal for a path without quotes.
func literal(_ text: String) -> String { "'\(text)'" }
