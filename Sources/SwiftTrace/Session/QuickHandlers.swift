import CTraceHook

/// The quick handlers of a session that has some: see `CTraceHook_session.h`.
@safe struct QuickHandlers {
  // SAFETY: what they are called with is the hook's word.
  var call: CTraceHook_QuickCallHandler?
  var generator: CTraceHook_QuickGeneratorHandler?
  var line: CTraceHook_QuickLineHandler?
  var leave: CTraceHook_QuickLeaveHandler?
  var exception: CTraceHook_QuickExceptionHandler? = unsafe quicklyRaise

  /// Has them asked first.
  @unsafe func add(to handlers: inout CTraceHook_Handlers) {
    unsafe handlers.quickCall = call
    unsafe handlers.quickGenerator = generator
    unsafe handlers.quickLine = line
    unsafe handlers.quickLeave = leave
    unsafe handlers.quickException = exception
  }
}

extension Session {
  /// Those of its one strategy, if that has some.
  var quickHandlers: QuickHandlers? {
    if let text { return type(of: text).quickHandlers }
    return unsafe recording == nil ? nil : .recording(plan.interests)
  }
}

/// An exception, where none are told: what remains is to know which one a frame is left by.
@c @inline(__always)
func quicklyRaise(
  _ head: ThreadPointer, _ type: UnsafeRawPointer, _ instruction: Int32
) -> Bool {
  let thread = unsafe ThreadState.of(head)
  guard unsafe !thread.pointee.stack.innermost.isOwner else { return false }
  unsafe thread.pointee.raise(static: type)
  return true
}
