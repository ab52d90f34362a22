import CTraceHook

typealias FunctionPointer = UnsafeMutablePointer<CTraceHook_FunctionHeader>
typealias ThreadPointer = UnsafeMutablePointer<CTraceHook_ThreadHeader>

/// The header of a thread's state, which the hook reads: the innermost traced frame.
@safe struct ThreadHeader {
  // SAFETY: the frame's address is only compared; `function` is a record that the frame keeps
  // alive.
  private var head = unsafe CTraceHook_ThreadHeader()

  /// Stores the innermost frame in the header.
  @inline(__always)
  mutating func publish(_ entry: FrameStack.Entry) {
    unsafe head.innermost = UnsafeRawPointer(bitPattern: entry.frame)
    unsafe head.function = entry.function.map { unsafe $0.header }
  }

  /// The function that the innermost frame runs. Valid only during an event of that frame.
  @inline(__always)
  var function: Pinned<FunctionRecord> { unsafe FunctionRecord.of(head.function!) }
}

extension ThreadState {
  /// The state that begins with a header.
  @unsafe @inline(__always)
  static func of(_ head: ThreadPointer) -> Pinned<ThreadState> {
    // SAFETY: `makeHeader` made every header that the hook has.
    unsafe Pinned(at: UnsafeMutableRawPointer(head).assumingMemoryBound(to: ThreadState.self))
  }

  /// Creates a state and returns its header. `ThreadState.free` frees it.
  @unsafe static func makeHeader(session: Session, index: Int) -> ThreadPointer {
    precondition(beginsWithHeader)
    let state = Pinned(ThreadState(session: session, index: index))
    return unsafe UnsafeMutableRawPointer(state.address).assumingMemoryBound(
      to: CTraceHook_ThreadHeader.self)
  }
}

extension Pinned<FunctionRecord> {
  /// The header of the record, which the hook reads.
  @unsafe @inline(__always)
  var header: FunctionPointer {
    unsafe UnsafeMutableRawPointer(address).assumingMemoryBound(to: CTraceHook_FunctionHeader.self)
  }
}

extension FunctionRecord {
  /// The record that begins with a header.
  @unsafe @inline(__always)
  static func of(_ head: FunctionPointer) -> Pinned<FunctionRecord> {
    // SAFETY: every header that the hook has belongs to a record that `make` made.
    unsafe Pinned(at: UnsafeMutableRawPointer(head).assumingMemoryBound(to: FunctionRecord.self))
  }
}

extension ThreadState {
  /// The output of a session whose only strategy is a text logger.
  @inline(__always)
  var target: TextSink.Target { unsafe text.unsafelyUnwrapped }
}
