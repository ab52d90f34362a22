import Synchronization
import TraceReading

/// How far a reading of a recording has come, which another thread may ask.
final class ReadingProgress: Sendable {
  private let done = Atomic<UInt64>(0)
  private let total = Atomic<UInt64>(0)

  /// A reading of all events begins.
  func begin(_ reader: TraceReader) {
    done.store(0, ordering: .relaxed)
    total.store(reader.files.reduce(0) { $0 &+ $1.countEvents().kept }, ordering: .relaxed)
  }

  /// So many events have been read.
  func move(to count: UInt64) { done.store(count, ordering: .relaxed) }

  /// The number of events that have been read, and of all.
  var data: PythonData {
    .tuple([.int(done.load(ordering: .relaxed)), .int(total.load(ordering: .relaxed))])
  }
}
