import CTraceHook
import SwiftTrace
@c(PyInit__swifttrace) public func initialize() -> UnsafeMutableRawPointer? {
  unsafe CTraceHook_makeModule("_swifttrace")
}
