import Glibc
import TraceReading

/// The target of exports.
private let null = unsafe open("/dev/null", O_WRONLY)

/// Reads a file that libFuzzer made. libFuzzer calls this function.
///
/// The file can contain anything. Crashes, runs of many seconds and too much memory are failures,
/// which libFuzzer's own options detect; this function detects endless runs.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzReading(_ start: UnsafePointer<UInt8>, _ count: Int) -> CInt {
  // SAFETY: libFuzzer gives `count` bytes, which are copied.
  var bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
  readAll(of: bytes)
  // A reader stops early at a check that does not fit.
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
