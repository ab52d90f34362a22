import ArgumentParser
import PythonHost
import SwiftTrace

extension Session.Source: ExpressibleByArgument {}

/// The options that select code.
struct CodeOptions: ParsableArguments {
  @Option(help: .init(OptionHelp.include, valueName: "GLOB"))
  var include: [String] = []

  @Option(help: .init(OptionHelp.exclude, valueName: "GLOB"))
  var exclude: [String] = []

  @Option(help: .init(OptionHelp.function, valueName: "GLOB"))
  var function: [String] = []

  @Option(help: .init(OptionHelp.depth, valueName: "N"))
  var depth: Int?

  @Flag(help: .init(OptionHelp.all)) var all = false

  @Option(
    name: .customLong("source"),
    help: .init(
      "\(OptionHelp.source)\(Session.Source.automaticChoice.rawValue) with this Python",
      valueName: "auto|settrace|monitoring"))
  var eventSource = Session.Source.automatic

  func validate() throws {
    if let depth, depth < 1 { throw ValidationError("--depth must be at least 1, not \(depth)") }
  }

  /// - Throws: `ValidationError` if there is no such module.
  func filter(for program: PythonProgram, in python: PythonHost) throws -> CodeFilter {
    var filter: CodeFilter
    do { filter = try python.ownCode(of: program) } catch let error as PythonException {
      guard case .module(let name) = program else { throw error }
      throw ValidationError("cannot run module \(name): \(error.message)")
    }
    filter.includesForeign = all
    filter.include = include.map { Glob($0) }
    filter.exclude = exclude.map { Glob($0) }
    filter.functions = function.map { Glob($0) }
    return filter
  }
}
