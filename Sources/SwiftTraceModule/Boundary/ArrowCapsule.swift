import CArrow
import CTraceHook
import SwiftTrace
import TraceReading

/// The content of a PyCapsule of Arrow's protocol.
enum ArrowCapsule {
  case stream(any ArrowSource)
  case schema(ArrowField)

  /// - Parameter arguments: a recording that is not being read, the name of a table, and the schema
  ///   that the consumer requests: a PyCapsule or None. Arrow's protocol does not require that the
  ///   producer follows the request, and it is ignored.
  init(streamOf arguments: borrowing Value) throws {
    try arguments.check(count: 3, "arrow_stream() takes 3 arguments")
    let wish = try arguments.element(2)
    guard wish.kind == .none || isSchema(wish) else {
      throw ModuleError.type("requested_schema must be a PyCapsule named arrow_schema, or None")
    }
    let recording = try OpenRecording.of(arguments)
    self = .stream(try table(arguments.element(1)).rows(of: recording.reader))
    recording.isBusy = true  // A consumer may read it in any thread, without the GIL, at any time.
  }

  /// - Parameter arguments: the name of a table.
  init(schemaOf arguments: borrowing Value) throws {
    try arguments.check(count: 1, "arrow_schema() takes 1 argument")
    self = .schema(try table(arguments.element(0)).field)
  }

  /// Creates the PyCapsule, owned by the caller. Returns nil, with a Python exception set, if there
  /// is no memory.
  func make() -> UnsafeMutableRawPointer? {
    // SAFETY: each structure is freed only by its capsule's function. A consumer moves it out by
    // copying its bytes, and sets `release` to NULL; then only the structure's memory is freed.
    switch self {
    case .stream(let source):
      let stream = UnsafeMutablePointer<ArrowArrayStream>.allocate(capacity: 1)
      unsafe stream.initialize(to: ArrowArrayStream(exporting: source))
      return unsafe CTraceHook_makeCapsule(.arrowStream, stream) { pointer in
        let stream = unsafe pointer.assumingMemoryBound(to: ArrowArrayStream.self)
        if let release = unsafe stream.pointee.release { unsafe release(stream) }
        unsafe stream.deallocate()
      }
    case .schema(let field):
      let schema = UnsafeMutablePointer<ArrowSchema>.allocate(capacity: 1)
      unsafe schema.initialize(to: ArrowSchema(exporting: field))
      return unsafe CTraceHook_makeCapsule(.arrowSchema, schema) { pointer in
        let schema = unsafe pointer.assumingMemoryBound(to: ArrowSchema.self)
        if let release = unsafe schema.pointee.release { unsafe release(schema) }
        unsafe schema.deallocate()
      }
    }
  }
}

private func isSchema(_ value: borrowing Value) -> Bool {
  let object = value.retained()
  return unsafe object.withUnsafePointer { unsafe CTraceHook_isCapsule(.arrowSchema, $0) }
}

private func table(_ name: borrowing Value) throws -> ArrowTable {
  guard name.kind == .string, let table = ArrowTable(rawValue: name.string) else {
    throw ModuleError.value("no such table")
  }
  return table
}
