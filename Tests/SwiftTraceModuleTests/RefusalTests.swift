#if DEBUG
  import CTraceHook
  import Glibc
  import SwiftTrace
  import Testing

  @testable import SwiftTraceModule

  /// Arguments that are refused before anything in them is read. Dicts, and tuples with elements,
  /// need an interpreter, and are tested from Python.
  @Suite struct RefusalTests {
    /// Objects that libpython holds as variables, whole before any interpreter starts.
    private static let objects = [
      "_Py_NoneStruct", "_Py_TrueStruct", "PyDict_Type", "PyTuple_Type",
    ]

    /// The error with which `body` refuses an object.
    private func refusal(
      of name: String, _ body: (borrowing Value) throws -> Void
    ) -> ModuleError? {
      guard let object = unsafe dlsym(nil, name) else { return nil }
      let value = unsafe Value(UnsafeRawPointer(object))
      do { try body(value) } catch { return error as? ModuleError }
      return nil
    }

    @Test(arguments: objects)
    func onlyADictHasNamedArguments(name: String) {
      let error = refusal(of: name) { _ = try Arguments($0, of: "start()") }
      #expect(error?.kind == .type)
      #expect(error?.message == "start(): expected a dict")
    }

    @Test(arguments: objects)
    func onlyATupleHasArguments(name: String) {
      for count in 0...1 {
        let error = refusal(of: name) { try $0.check(count: count, "start() takes a dict") }
        #expect(error?.kind == .type)
        #expect(error?.message == "start() takes a dict")
      }
    }

    @Test(arguments: objects)
    func anElementOfAnotherObjectIsMissing(name: String) {
      let errors = [
        refusal(of: name) { _ = try $0.element(1) },
        refusal(of: name) { _ = try $0.path(at: 1) },
        refusal(of: name) { _ = try $0.number(at: 1) },
        refusal(of: name) { _ = try $0.flag(at: 1) },
      ]
      for error in errors {
        #expect(error?.kind == .type)
        #expect(error?.message == "missing argument 2")
      }
    }

    @Test(arguments: objects)
    func requestsNameTheFunction(name: String) {
      #expect(refusal(of: name) { _ = try StartRequest($0) }?.message == "start() takes a dict")
      #expect(
        refusal(of: name) { _ = try ViewRequest($0) }?.message
          == "view() takes a recording and a dict")
      #expect(
        refusal(of: name) { _ = try ShowRequest($0) }?.message
          == "show() takes a recording and a dict")
      #expect(
        refusal(of: name) { _ = try ExportRequest($0) }?.message
          == "export() takes a recording and a dict")
    }
  }
#endif
