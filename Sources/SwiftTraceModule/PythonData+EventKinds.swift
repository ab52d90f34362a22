import TraceFormat

extension PythonData {
  /// The kinds of events, by raw value from 1: CPython's name, name, and the name to request it by.
  static var eventKinds: PythonData {
    .tuple(
      EventKind.allCases.map { kind in
        .tuple([kind.pythonName, kind.name, kind.requestedAs.name].map { .text("\($0)") })
      })
  }
}
