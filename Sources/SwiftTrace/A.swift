import CTraceHook
public func version() -> Int32 { CTraceHook_version() }
