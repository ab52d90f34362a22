import CTraceHook

/// A copy of the hook's description of a code object.
struct CodeDescription {
  let file: [UInt8]
  let name: [UInt8]
  let qualifiedName: [UInt8]
  let firstLine: Int32
  let flags: Int32
  let positionalCount: Int
  let keywordOnlyCount: Int
  let instructionCount: Int32
  /// Names of the parameters, in the order of `co_varnames`.
  let parameterNames: [[UInt8]]

  init(_ code: CTraceHook_Code) {
    // SAFETY: the texts are borrowed for this call and copied; the slots are below the code
    // object's number of variables.
    (file, name) = unsafe (Self.bytes(code.file), Self.bytes(code.name))
    (qualifiedName, firstLine) = unsafe (Self.bytes(code.qualified_name), code.first_line)
    (flags, instructionCount) = unsafe (code.flags, code.instruction_count)
    (positionalCount, keywordOnlyCount) =
      unsafe (Int(code.positional_count), Int(code.keyword_only_count))
    let (object, count) = unsafe (code.object, positionalCount + keywordOnlyCount)
    parameterNames = (0..<Int32(count + flags.hasArguments + flags.hasKeywords)).map {
      unsafe Self.bytes(CTraceHook_localName(object, $0))
    }
  }

  private static func bytes(_ text: CTraceHook_Text) -> [UInt8] {
    var bytes: [UInt8] = []
    unsafe TextReader(text).appendUTF8(to: &bytes)
    return bytes
  }
}
