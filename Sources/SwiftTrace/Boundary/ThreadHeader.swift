import CTraceHook

typealias FunctionPointer = UnsafeMutablePointer<CTraceHook_FunctionHeader>
typealias ThreadPointer = UnsafeMutablePointer<CTraceHook_ThreadHeader>

/// The beginning of a thread's state, which the hook reads: its innermost traced frame.
@safe struct ThreadHeader {
  // SAFETY: the addresses are only compared; `function` is a record that the frame keeps alive.
  private var head = unsafe CTraceHook_ThreadHeader()

  /// Names the innermost frame.
  @inline(__always)
  mutating func publish(_ entry: FrameStack.Entry) {
    unsafe head.innermost = UnsafeRawPointer(bitPattern: entry.frame)
    unsafe head.function = entry.function.map { unsafe $0.header }
  }

  /// The function that the innermost frame runs. Asked during an event of that frame.
  @inline(__always)
  var function: Pinned<FunctionRecord> { unsafe FunctionRecord.of(head.function!) }
}

extension ThreadState {
  /// The state that a header is the beginning of.
  @unsafe @inline(__always)
  static func of(_ head: ThreadPointer) -> Pinned<ThreadState> {
    // SAFETY: every header that the hook has is one of `makeHeader`.
    unsafe Pinned(at: UnsafeMutableRawPointer(head).assumingMemoryBound(to: ThreadState.self))
  }

  /// Returns the header of a new state, which is freed by `ThreadState.free`.
  @unsafe static func makeHeader(session: Session, index: Int) -> ThreadPointer {
    precondition(beginsWithHeader)
    let state = Pinned(ThreadState(session: session, index: index))
    return unsafe UnsafeMutableRawPointer(state.address).assumingMemoryBound(
      to: CTraceHook_ThreadHeader.self)
  }
}

extension Pinned<FunctionRecord> {
  /// The beginning of the record, which the hook reads.
  @unsafe @inline(__always)
  var header: FunctionPointer {
    unsafe UnsafeMutableRawPointer(address).assumingMemoryBound(to: CTraceHook_FunctionHeader.self)
  }
}

extension FunctionRecord {
  /// The record that a header is the beginning of.
  @unsafe @inline(__always)
  static func of(_ head: FunctionPointer) -> Pinned<FunctionRecord> {
    // SAFETY: every header that the hook has is one of a record that `make` made.
    unsafe Pinned(at: UnsafeMutableRawPointer(head).assumingMemoryBound(to: FunctionRecord.self))
  }
}

extension ThreadState {
  /// The output of a session of one logger of text.
  @inline(__always)
  var target: TextSink.Target { unsafe text.unsafelyUnwrapped }
}
