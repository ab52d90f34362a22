import CTraceHook
import Glibc
import SwiftTrace

/// Data for Python, converted to objects by `make`.
enum PythonData {
  case none
  case bool(Bool)
  case int(Int64)
  /// A str, as UTF-8.
  case text([UInt8])
  case tuple([PythonData])
  /// A bytes of 64-bit numbers in the machine's byte order.
  case numbers([Int64])

  static func text(_ string: String) -> PythonData { .text(Array(string.utf8)) }
  static func int(_ number: some BinaryInteger) -> PythonData {
    .int(Int64(truncatingIfNeeded: number))
  }

  /// Creates the object, owned by the caller. Returns nil, with a Python exception set, if there is
  /// no memory.
  func make() -> UnsafeMutableRawPointer? {
    switch self {
    case .none: return unsafe CTraceHook_makeNone()
    case .bool(let value): return unsafe CTraceHook_makeBool(value)
    case .int(let number): return unsafe CTraceHook_makeInt(number)
    case .text(let bytes):
      return unsafe bytes.withUnsafeBytes { bytes in
        // SAFETY: C copies the bytes.
        let start = unsafe bytes.assumingMemoryBound(to: CChar.self).baseAddress
        guard let start = unsafe start else { return unsafe CTraceHook_makeString("", 0) }
        return unsafe CTraceHook_makeString(start, bytes.count)
      }
    case .numbers(let numbers):
      // SAFETY: C copies the bytes.
      return unsafe numbers.withUnsafeBytes { bytes in
        unsafe CTraceHook_makeBytes(bytes.baseAddress, bytes.count)
      }
    case .tuple(let items):
      guard let tuple = unsafe CTraceHook_makeTuple(items.count) else { return nil }
      for (index, item) in items.enumerated() {
        guard let object = unsafe item.make() else {
          unsafe CTraceHook_release(tuple)
          return nil
        }
        // SAFETY: the index is below the tuple's size, and each item is set once.
        unsafe CTraceHook_setItem(tuple, index, object)
      }
      return unsafe tuple
    }
  }
}

/// Thrown if a signal's handler has set a Python exception, such as KeyboardInterrupt.
struct Interrupted: Error {}

/// Releases the GIL while `body` runs, which uses no Python objects.
func withoutGIL<Result>(_ body: () throws -> Result) rethrows -> Result {
  let token = unsafe CTraceHook_releaseGIL()
  defer { unsafe CTraceHook_takeGIL(token) }
  return try body()
}

/// Waits, without the GIL.
func pause(milliseconds: UInt32) { usleep(milliseconds * 1000) }

/// Runs the handlers of pending signals, within `withoutGIL`. Returns false if one raised.
func checkSignals() -> Bool { withGIL { CTraceHook_checkSignals() } }

/// Decodes source text by Python's codec for the encoding, with or without the GIL held. Returns
/// nil if that fails.
func decodeByPython(_ bytes: [UInt8], _ encoding: String) -> [UInt8]? {
  withGIL {
    var text: [UInt8] = []
    let isDecoded = unsafe withUnsafeMutablePointer(to: &text) { text in
      unsafe bytes.withUnsafeBytes { bytes in
        // SAFETY: C calls back only before it returns, with the pointer to `text`, and with bytes
        // that are copied here.
        unsafe CTraceHook_decode(bytes.baseAddress, bytes.count, encoding, text) {
          context, utf8, count in
          guard let context = unsafe context else { return }
          let bytes = unsafe UnsafeRawBufferPointer(start: utf8, count: count)
          unsafe context.assumingMemoryBound(to: [UInt8].self).pointee = Array(bytes)
        }
      }
    }
    return isDecoded ? text : nil
  }
}

/// Takes the GIL and runs `body`, within `withoutGIL`.
func withGIL<Result>(_ body: () -> Result) -> Result {
  let token = CTraceHook_hostEnter()
  defer { CTraceHook_hostLeave(token) }
  return body()
}

extension OpenRecording {
  /// The recording that is an argument (default: the first).
  ///
  /// - Parameter alsoBusy: whether a thread or a consumer of Arrow's tables may be reading it.
  /// - Throws: `ModuleError`, a TypeError or, if the recording is busy, a RuntimeError.
  static func of(
    _ arguments: borrowing Value, at index: Int = 0, alsoBusy: Bool = false
  ) throws -> OpenRecording {
    try of(arguments.element(index).retained(), alsoBusy: alsoBusy)
  }

  /// The recording behind an object that `answer` created.
  static func of(_ object: PythonObject, alsoBusy: Bool = false) throws -> OpenRecording {
    let pointer = unsafe object.withUnsafePointer { unsafe CTraceHook_handle($0) }
    guard let pointer = unsafe pointer else { throw ModuleError.type("expected a recording") }
    // SAFETY: only `answer` creates such objects, and each holds an OpenRecording.
    let recording = unsafe Unmanaged<OpenRecording>.fromOpaque(pointer).takeUnretainedValue()
    if recording.isBusy, !alsoBusy {
      throw ModuleError.state("the recording is being read: open it once more")
    }
    return recording
  }
}
