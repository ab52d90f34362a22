/// A copied description of a code object.
public struct CodeObject: Sendable, Equatable {
  /// `co_filename`.
  public let file: String
  /// `co_name`.
  public let name: String
  /// `co_qualname`.
  public let qualifiedName: String
  /// `co_firstlineno`, 1-based.
  public let firstLine: Int32
  /// Names of the parameters, in the order of `co_varnames`.
  public let argumentNames: [String]
  /// `co_flags`.
  public let flags: Int32

  init(_ code: CodeDescription) {
    file = String(decoding: code.file, as: UTF8.self)
    name = String(decoding: code.name, as: UTF8.self)
    qualifiedName = String(decoding: code.qualifiedName, as: UTF8.self)
    firstLine = code.firstLine
    flags = code.flags
    argumentNames = code.parameterNames.map { String(decoding: $0, as: UTF8.self) }
  }
}

extension Int32 {
  /// 1 if the function has `*args` (CO_VARARGS in `co_flags`), else 0.
  var hasArguments: Int { self & 0x04 == 0 ? 0 : 1 }

  /// 1 if the function has `**kwargs` (CO_VARKEYWORDS in `co_flags`), else 0.
  var hasKeywords: Int { self & 0x08 == 0 ? 0 : 1 }
}
