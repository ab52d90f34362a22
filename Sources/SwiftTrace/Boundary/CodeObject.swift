import CTraceHook

/// What is known of a code object, copied.
public struct CodeObject: Sendable, Equatable {
  /// `co_filename`.
  public let file: String
  /// `co_name`.
  public let name: String
  /// `co_qualname`.
  public let qualifiedName: String
  /// `co_firstlineno`, 1-based.
  public let firstLine: Int32
  /// The parameters' names, in the order of `co_varnames`.
  public let argumentNames: [String]
  /// `co_flags`.
  public let flags: Int32

  init(_ code: CTraceHook_Code) {
    // SAFETY: the texts are borrowed for this call and copied.
    file = unsafe TextReader(code.file).string
    name = unsafe TextReader(code.name).string
    qualifiedName = unsafe TextReader(code.qualified_name).string
    firstLine = unsafe code.first_line
    flags = unsafe code.flags
    var count = unsafe code.positional_count + code.keyword_only_count
    if flags & 0x04 != 0 { count += 1 }  // CO_VARARGS
    if flags & 0x08 != 0 { count += 1 }  // CO_VARKEYWORDS
    let object = unsafe code.object
    argumentNames = (0..<count).map { unsafe TextReader(CTraceHook_localName(object, $0)).string }
  }
}

/// Numbers code objects, over all sessions.
private let functionsDefined = Counter()

extension FunctionRecord {
  /// Describes a code object. The result is freed by `destroy`.
  static func make(_ code: UnsafePointer<CTraceHook_Code>) -> Pinned<FunctionRecord> {
    // SAFETY: `code` is borrowed for this call; its texts are copied.
    let code = unsafe code.pointee
    return unsafe Pinned(
      FunctionRecord(
        firstLine: code.first_line, number: UInt32(truncatingIfNeeded: functionsDefined.next()),
        name: bytes(code.name), qualifiedName: bytes(code.qualified_name), file: bytes(code.file),
        flags: code.flags, parameters: parameters(of: code),
        instructionCount: code.instruction_count))
  }

  private static func parameters(of code: CTraceHook_Code) -> [Parameter] {
    let flags = unsafe code.flags
    let positional = unsafe code.positional_count
    // Slots: positional, keyword-only, `*args`, `**kwargs`. Shown: `*args` before keyword-only.
    let hasArguments = flags & 0x04 != 0  // CO_VARARGS
    let hasKeywords = flags & 0x08 != 0  // CO_VARKEYWORDS
    let named = unsafe positional + code.keyword_only_count
    var slots = (0..<positional).map { ("", $0) }
    if hasArguments { slots.append(("*", named)) }
    slots += (positional..<named).map { ("", $0) }
    if hasKeywords { slots.append(("**", named + (hasArguments ? 1 : 0))) }
    return slots.map { stars, slot in
      // SAFETY: `slot` is below the code object's number of variables; the text is copied.
      var name = Array(stars.utf8)
      unsafe TextReader(CTraceHook_localName(code.object, slot)).appendUTF8(to: &name)
      return Parameter(name, slot: slot)
    }
  }

  private static func bytes(_ text: CTraceHook_Text) -> [UInt8] {
    // SAFETY: the text is borrowed for this call and copied.
    var bytes: [UInt8] = []
    unsafe TextReader(text).appendUTF8(to: &bytes)
    return bytes
  }
}
