import CTraceHook

/// Whether `repr()` shows the code point as itself and not as an escape.
func isPrintable(_ codePoint: UInt32) -> Bool { CTraceHook_isPrintable(codePoint) }
