import ArgumentParser
import PythonHost
import SwiftTrace
import TraceReplay

/// The options that select events, their format, and the output file.
struct OutputOptions: ParsableArguments {
  enum Format: String, ExpressibleByArgument, CaseIterable {
    case tree, sentences, json
  }

  @Flag(help: .init(OptionHelp.calls)) var calls = false
  @Flag(help: .init(OptionHelp.lines)) var lines = false
  @Flag(help: .init(OptionHelp.returns)) var returns = false
  @Flag(help: .init(OptionHelp.events)) var events = false

  @Option(help: .init(OptionHelp.format)) var format = Format.tree

  @Option(name: .customShort("o"), help: .init(OptionHelp.output, valueName: "FILE"))
  var file: String?

  @Option(help: .init("write every event to a recording, and no text", valueName: "FILE"))
  var record: String?

  @Flag(help: .init("with --record: \(OptionHelp.values)")) var values = false
  @Flag(help: .init("with --record: \(OptionHelp.force)")) var force = false

  private var shown: EventSet {
    var shown: EventSet = []
    if calls || events { shown.insert(.call) }
    if lines || events { shown.insert(.line) }
    if returns || events { shown.insert(.return) }
    return shown
  }

  /// - Throws: `SystemError` if the file cannot be created.
  func strategies(in python: PythonHost) throws -> [any TracerStrategy] {
    if let record { return [try recorder(to: record)] }
    let sink: TextSink =
      switch file {
      case nil: .standardError
      case "-": try python.standardOutput()
      case let path?: try TextSink(path: path)
      }
    if format == .tree { return [TreeLogger(shown.isEmpty ? [.call, .return] : shown, to: sink)] }
    if format == .json {
      return [JSONLogger(shown.isEmpty ? [.call, .line, .return, .exception] : shown, to: sink)]
    }
    if shown.isEmpty || shown == [.call, .line, .return] { return [EventLogger(to: sink)] }
    var loggers: [any TracerStrategy] = []
    if shown.contains(.call) { loggers.append(CallLogger(to: sink)) }
    if shown.contains(.line) { loggers.append(LineLogger(to: sink)) }
    if shown.contains(.return) { loggers.append(ReturnLogger(to: sink)) }
    return loggers
  }

  private func recorder(to path: String) throws -> Recorder {
    var settings = RecordingSettings()
    if !shown.isEmpty { settings.events = shown }
    settings.keepsValues = values
    settings.replaces = force
    settings.readTotals = RecordingTotals.read
    settings.about.arguments = CommandLine.arguments
    return try Recorder(to: path, settings)
  }
}
