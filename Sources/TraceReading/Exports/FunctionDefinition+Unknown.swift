import TraceFormat

extension FunctionDefinition {
  /// Stands for a function whose definition is lost.
  static let unknown = FunctionDefinition(
    number: 0, file: 0, firstLine: 0, callLine: 0, flags: 0, name: [0x3F], qualifiedName: [0x3F],
    parameters: [])

  /// The qualified name; of a module's own code with its file. A format of other tools escapes it
  /// in its own way.
  func label(in file: TraceFile) -> [UInt8] {
    FunctionLabel.isModule(qualifiedName)
      ? FunctionLabel.label(qualifiedName: qualifiedName, file: file.source(of: self))
      : qualifiedName
  }
}
