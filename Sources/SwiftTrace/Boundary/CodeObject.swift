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
