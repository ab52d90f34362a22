import SwiftTrace

/// Creates the strategies that Python describes.
enum StrategyList {
  /// - Parameter list: dicts, each a `Strategy` of `_swifttrace.pyi`.
  static func make(_ list: [Arguments]) throws -> [any TracerStrategy] {
    var sinks = SinkCache()
    return try list.map { try make($0, &sinks) }
  }

  private static func make(
    _ arguments: Arguments, _ sinks: inout SinkCache
  ) throws -> any TracerStrategy {
    var arguments = arguments
    // All keys are checked before a file is created.
    switch try arguments.kind() {
    case "record":
      let path = try arguments.path("path")
      let settings = try RecordingSettings(&arguments)
      try arguments.finish()
      return try Recorder(to: path, settings)
    case "count", "functions", "callers", "trace":
      return try StandardStrategies.make(&arguments)
    default:
      let target = try arguments.object("target")
      let settings = try LoggerSettings(&arguments)
      try arguments.finish()
      return settings.logger(to: try sinks.sink(for: target))
    }
  }
}

/// One sink for each target, so that texts of several strategies keep their order in it.
private struct SinkCache {
  private enum Key: Hashable {
    case descriptor(Int32)
    case path([UInt8])
    case object(UInt)
  }

  private var sinks: [Key: TextSink] = [:]

  /// - Parameter object: a file descriptor (int), the path of a file to create (bytes), or a file
  ///   object.
  mutating func sink(for object: PythonObject) throws -> TextSink {
    let key = try key(of: object)
    if let known = sinks[key] { return known }
    let sink =
      switch key {
      case .descriptor(let descriptor): TextSink(descriptor: descriptor)
      case .path(let path): try TextSink(path: path)
      case .object: TextSink(pythonFile: object)
      }
    sinks[key] = sink
    return sink
  }

  private func key(of object: PythonObject) throws -> Key {
    try object.look { target in
      switch target.kind {
      case .int:
        guard let descriptor = Int32(exactly: target.clampedInt64), descriptor >= 0 else {
          throw ModuleError.value("target: invalid file descriptor")
        }
        return .descriptor(descriptor)
      case .bytes:
        let path = target.byteArray
        guard !path.contains(0) else { throw ModuleError.value("target: embedded null byte") }
        return .path(path)
      default: return .object(target.address)
      }
    }
  }
}
