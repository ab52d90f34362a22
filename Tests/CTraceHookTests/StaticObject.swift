import CTraceHook
import Glibc

/// An object that libpython holds as a variable of its own, whole before any interpreter starts.
enum StaticObject: String, CaseIterable, Sendable {
  case none = "_Py_NoneStruct"
  case `true` = "_Py_TrueStruct"
  case `false` = "_Py_FalseStruct"
  case ellipsis = "_Py_EllipsisObject"
  case notImplemented = "_Py_NotImplementedStruct"
  case int = "PyLong_Type"
  case orderedDict = "PyODict_Type"

  /// Calls `body` with the object's address.
  func with<Result>(_ body: (UnsafeRawPointer) -> Result) -> Result {
    guard let object = unsafe dlsym(nil, rawValue) else {
      fatalError("libpython has no \(rawValue)")
    }
    return unsafe body(UnsafeRawPointer(object))
  }
}

/// The version of the libpython in use, such as `(3, 13)`.
var pythonVersion: (major: UInt, minor: UInt) {
  guard let version = unsafe dlsym(nil, "Py_Version") else {
    fatalError("libpython has no Py_Version")
  }
  let number = unsafe version.load(as: UInt.self)
  return (number >> 24, number >> 16 & 0xFF)
}

extension CTraceHook_Text {
  /// The text, which has one byte for each character.
  var latin1: String {
    guard let data = unsafe data else { return "" }
    let bytes = unsafe UnsafeRawBufferPointer(start: data, count: count)
    return String(String.UnicodeScalarView(unsafe bytes.map { Unicode.Scalar($0) }))
  }
}
