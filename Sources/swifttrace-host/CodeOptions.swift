import ArgumentParser
import PythonHost
import SwiftTrace

extension Session.Source: ExpressibleByArgument {}

/// The options that select code.
struct CodeOptions: ParsableArguments {
  @Option(help: .init("Only files that match.", valueName: "GLOB"))
  var include: [String] = []

  @Option(help: .init("No files that match.", valueName: "GLOB"))
  var exclude: [String] = []

  @Option(help: .init("Only functions whose qualified name matches.", valueName: "GLOB"))
  var function: [String] = []

  @Option(help: .init("Only the outermost N traced frames.", valueName: "N"))
  var depth: Int?

  @Flag(help: "The standard library and site-packages too.")
  var all = false

  @Option(
    name: .customLong("source"),
    help: .init(
      """
      Source of events: settrace, monitoring (Python 3.12 and newer), or auto, which is \
      \(Session.Source.automaticChoice.rawValue) with this Python.
      """,
      valueName: "SOURCE"))
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
