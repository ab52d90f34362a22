import TraceFormat

extension FunctionDefinition {
  /// Placeholder for a function whose definition is lost.
  static let unknown = FunctionDefinition(
    number: 0, file: 0, firstLine: 0, callLine: 0, flags: 0, name: [0x3F], qualifiedName: [0x3F],
    parameters: [])

  /// Returns the qualified name; for a module's own code, with its file. Each export escapes it as
  /// its format requires.
  func label(in file: TraceFile) -> [UInt8] {
    FunctionLabel.isModule(qualifiedName)
      ? FunctionLabel.label(qualifiedName: qualifiedName, file: file.source(of: self))
      : qualifiedName
  }
}
