import CTraceHook

/// The fields of `PyFrameObject`, but for the value stack and the block stack of old CPythons,
/// which are not accessible any more.
extension Frame {
  /// `f_back`: the frame that called this one; nil for the outermost.
  public var back: Frame? {
    @_lifetime(copy self)
    get {
      guard let back = object?.back else { return nil }
      return unsafe _overrideLifetime(Frame(back), copying: self)
    }
  }

  /// `f_code`: a copied description of the code that the frame runs.
  public var code: CodeObject? {
    guard let object else { return nil }
    return unsafe CodeObject(CodeDescription(CTraceHook_frameCode(object.pointer)))
  }

  /// `f_globals`: a dict.
  public var globals: Value? {
    @_lifetime(copy self)
    get { unsafe value(CTraceHook_globals) }
  }

  /// `f_builtins`: a dict.
  public var builtins: Value? {
    @_lifetime(copy self)
    get { unsafe value(CTraceHook_builtins) }
  }

  /// `f_trace`: the frame's own trace function; nil if it has none.
  public var trace: Value? {
    @_lifetime(copy self)
    get { unsafe value(CTraceHook_traceFunction) }
  }

  /// `f_gen`: the generator or coroutine that owns the frame; nil if none does.
  public var generator: Value? {
    @_lifetime(copy self)
    get { unsafe value(CTraceHook_generator) }
  }

  /// `f_trace_lines`.
  public var tracesLines: Bool { unsafe flag(CTraceHook_tracesLines) }

  /// `f_trace_opcodes`.
  public var tracesOpcodes: Bool { unsafe flag(CTraceHook_tracesOpcodes) }

  /// Whether the frame is running, or is waiting for a frame that it called.
  public var isExecuting: Bool { unsafe flag(CTraceHook_isExecuting) }

  /// `f_lasti`: offset of the current instruction in bytes; -1 before the first.
  public var lastInstruction: Int32 {
    guard let object else { return -1 }
    return unsafe CTraceHook_lastInstruction(object.pointer)
  }

  /// Passes each variable that has a value to `body`: arguments first, variables of enclosing
  /// functions last. For a module or a class body, these are all names in its namespace that are
  /// strs. Like `f_locals`, but creates no dict and writes nothing.
  public func forEachLocal(_ body: (_ name: String, _ value: borrowing Value) -> Void) {
    guard let object else { return }
    if let namespace = unsafe CTraceHook_namespace(object.pointer) {
      let names = unsafe Value(namespace)
      guard names.kind == .dict else { return }
      names.forEachEntry { name, value in
        switch value {
        case .some(let value) where name.kind == .string: body(name.string, value)
        default: break
        }
        return true
      }
      return
    }
    let code = unsafe CTraceHook_frameCode(object.pointer).object
    for slot in unsafe 0..<CTraceHook_localCount(object.pointer) {
      guard let value = unsafe CTraceHook_local(object.pointer, slot) else { continue }
      // SAFETY: the slot is below the code object's number of variables.
      body(unsafe TextReader(CTraceHook_localName(code, slot)).string, unsafe Value(value))
    }
  }

  @_lifetime(copy self)
  private func value(_ read: (UnsafeRawPointer) -> UnsafeRawPointer?) -> Value? {
    guard let object, let found = unsafe read(object.pointer) else { return nil }
    let value = unsafe Value(found)
    return unsafe _overrideLifetime(value, copying: self)
  }

  private func flag(_ read: (UnsafeRawPointer) -> Bool) -> Bool {
    guard let object else { return false }
    return unsafe read(object.pointer)
  }
}
