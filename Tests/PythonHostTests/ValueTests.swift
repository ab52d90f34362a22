import PythonHost
import SwiftTrace
import Testing

extension PythonHostTests {
  @Suite struct Values {
    let python = PythonHostTests.python

    @Test(
      arguments: [
        ("None", .none), ("True", .bool(true)), ("-3", .int(-3)), ("2**63 - 1", .int(.max)),
        ("2**64", .bigInt("18446744073709551616")), ("1.5", .float(1.5)),
        ("2-1j", .complex(real: 2, imaginary: -1)), ("'a\\u20ac😀'", .string("a€😀")),
        ("'\\udc80'", .string("\\udc80")), ("b'\\0\\xff'", .bytes([0, 255])),
        ("bytearray(b'x')", .bytes([120])), ("[1, [2]]", .list([.int(1), .list([.int(2)])])),
        ("(1,)", .tuple([.int(1)])), ("{3}", .set([.int(3)])), ("frozenset()", .set([])),
        ("...", .other("Ellipsis")), ("int", .other("<class 'int'>")),
        (
          "{'b': 1, 2: None}",
          .dict([.init(key: .string("b"), value: .int(1)), .init(key: .int(2), value: .none)])
        ),
      ] as [(String, PythonValue)])
    func valuesAreCopied(expression: String, value: PythonValue) throws {
      #expect(try python.evaluate(expression) == value)
    }

    @Test func noCodeOfAnObjectRuns() throws {
      try python.run(
        code: """
          calls = []
          class C(int):
            def __repr__(self): calls.append(1); return 'C'
            __str__ = __int__ = __index__ = __hash__ = __repr__
          c = C(3)
          """)
      guard case .other(let text) = try python.evaluate("c") else {
        Issue.record("an object of a subclass is copied as if it were an int")
        return
      }
      #expect(text.hasPrefix("<__main__.C object at 0x"))
      #expect(try python.evaluate("calls") == .list([]))
    }

    @Test func aContainerWithinItselfEnds() throws {
      try python.run(code: "x = [1]\nx.append(x)")
      guard case .list(let items) = try python.evaluate("x") else { return #expect(Bool(false)) }
      #expect(items.first == .int(1))
      guard case .other = items.last else { return #expect(Bool(false)) }
    }

    @Test func deepNestingEnds() throws {
      try python.run(code: "x = []\nfor _ in range(100000): x = [x]")
      var value = try python.evaluate("x")
      var depth = 0
      while case .list(let items) = value, let item = items.first {
        value = item
        depth += 1
      }
      #expect(depth == PythonValue.maximumDepth)
      try python.run(code: "")
    }

    @Test func largeIntIsRefusedByTheInterpreter() throws {
      #expect(try python.evaluate("10**5000") == .other("<int of 16610 bits>"))
    }

    @Test func longStringsAreWhole() throws {
      #expect(
        try python.evaluate("'x' * 100_000") == .string(String(repeating: "x", count: 100_000)))
    }

    @Test func anExpressionMayRaise() throws {
      let error = #expect(throws: PythonException.self) { try python.evaluate("1 / 0") }
      #expect(error?.description == "ZeroDivisionError: division by zero")
      #expect(error?.traceback.contains("File \"<expression>\", line 1, in <module>") == true)
    }
  }
}
