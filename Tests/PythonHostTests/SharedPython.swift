import Foundation
import PythonHost
import SwiftTrace
import Synchronization
import Testing

/// All tests of the host run one after the other, in the only interpreter of the process. Tests
/// that start or end an interpreter run in new processes, see `ProcessTests`.
@Suite(.serialized)
struct PythonHostTests {
  /// The interpreter. Swift Testing may change the thread between tests, which the host allows.
  static let python: PythonHost = {
    do { return try PythonHost() } catch { fatalError("Python does not start: \(error)") }
  }()

  var python: PythonHost { Self.python }
}

/// Stores each event as a short text, such as `call f` and `return f 3`.
final class EventNotes: TracerStrategy {
  let interests: EventSet
  private(set) var notes: [String] = []
  private(set) var threads: Set<Int> = []
  private(set) var timesFinished = 0

  init(_ interests: EventSet = [.call, .line, .return, .exception]) { self.interests = interests }

  func call(_ event: borrowing CallEvent) {
    threads.insert(event.place.thread)
    notes.append("\(event.kind) \(event.function.qualifiedName)")
  }

  func line(_ event: borrowing LineEvent) {
    notes.append("line \(event.line) \(event.function.qualifiedName)")
  }

  func `return`(_ event: borrowing ReturnEvent) {
    var line = LineBuffer(capacity: 64)
    line.append(event.value, as: .repr)
    let value = line.string.isEmpty ? "" : " \(line.string)"
    notes.append("\(event.kind) \(event.function.qualifiedName)\(value)")
  }

  func exception(_ event: borrowing ExceptionEvent) {
    notes.append("exception \(event.function.qualifiedName)")
  }

  func finish() { timesFinished += 1 }
}

/// A new folder with the given files, which `deinit` removes.
final class Folder {
  let path: String

  init(_ files: [String: String] = [:]) throws {
    // Without symbolic links, like the paths that Python reports.
    let url = URL(fileURLWithPath: NSTemporaryDirectory()).resolvingSymlinksInPath()
      .appendingPathComponent("swifttrace-\(UUID().uuidString)")
    path = url.path
    for (name, text) in files {
      let file = url.appendingPathComponent(name)
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try text.write(to: file, atomically: false, encoding: .utf8)
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A new thread, unknown to Python, and the result of its body.
final class NewThread<Result: Sendable>: Sendable {
  private let result = Mutex<Result?>(nil)
  private let ended = DispatchSemaphore(value: 0)

  init(_ body: @escaping @Sendable () -> Result) {
    Thread.detachNewThread { [self] in
      let result = body()
      self.result.withLock { $0 = result }
      ended.signal()
    }
  }

  /// Waits for the thread's end, and returns its result.
  func wait() -> Result {
    ended.wait()
    return result.withLock { $0! }
  }
}

/// Runs `body` in a new thread, unknown to Python, and returns its result.
func inNewThread<Result: Sendable>(_ body: @escaping @Sendable () -> Result) -> Result {
  NewThread(body).wait()
}
