import TraceFormat

extension FunctionDefinition {
  /// Stands for a function whose definition is lost.
  static let unknown = FunctionDefinition(
    number: 0, file: 0, firstLine: 0, callLine: 0, flags: 0, name: [0x3F], qualifiedName: [0x3F],
    parameters: [])
}
