import Glibc
import TraceReading

/// File descriptor that exports are written to.
private let null = unsafe open("/dev/null", O_WRONLY)

/// Reads a file that libFuzzer generated, with any content. libFuzzer calls this function.
///
/// libFuzzer's options detect crashes, slow runs and excessive memory; the preconditions detect
/// endless runs, and wrong reports of damage.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReading(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  // SAFETY: libFuzzer passes `count` bytes, which are copied.
  var bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  readAll(of: bytes)
  // A reader stops early at a wrong checksum, so read once more with correct ones.
  renewChecks(of: &bytes)
  readAll(of: bytes)
  return 0
}

private func readAll(of bytes: [UInt8]) {
  let count = bytes.count
  guard let reader = try? TraceReader(contents: bytes) else { return }
  var events = 0
  while let event = reader.next() {
    events += 1
    precondition(events <= count / 2, "every event takes two bytes at least")
    for index in event.texts.indices { _ = reader.text(event, index) }
    _ = reader.files[0].function(event.mark.function)
    _ = reader.files[0].cFunction(event.cFunction)
  }
  for thread in reader.files[0].threads.keys { _ = reader.files[0].dropped(of: thread) }
  precondition(reader.damage.count <= 100)
  precondition(reader.damage.allSatisfy { $0.error.offset <= count })
  reader.refresh()
  precondition(reader.next() == nil)
  precondition(drawEverything(from: bytes, to: null))
}
