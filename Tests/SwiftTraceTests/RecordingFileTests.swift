#if DEBUG
  import Foundation
  import Testing
  import TraceFormat

  @testable import SwiftTrace

  /// One after the other: the files share the process's table of watched mappings.
  @Suite(.serialized) struct RecordingFileTests {
    /// A folder that is removed with all that is in it.
    private final class Folder {
      let url = FileManager.default.temporaryDirectory
        .appendingPathComponent("swifttrace-\(UUID().uuidString)")

      init() throws {
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: false)
      }

      deinit { try? FileManager.default.removeItem(at: url) }

      var file: URL { url.appendingPathComponent("run.swt") }
      var names: [String] { (try? FileManager.default.contentsOfDirectory(atPath: url.path)) ?? [] }
      var content: [UInt8] { (try? Data(contentsOf: file)).map { Array($0) } ?? [] }

      /// The header that the file has now.
      func header() throws -> FileHeader { try FileHeader(decoding: content.span) }

      func make(_ change: (inout FileHeader) -> Void = { _ in }) throws -> RecordingFile {
        var header = FileHeader()
        header.processID = UInt32(getpid())
        change(&header)
        return try RecordingFile(path: Array(file.path.utf8), header: header)
      }

      /// A file that may have some pages, and makes room for the newest events.
      func makeKeepingLast(maximum: UInt64 = 1 << 18) throws -> RecordingFile {
        try make { header in
          header.maximumSize = maximum
          header.keepsLast = true
        }
      }
    }

    private static let page = 4096
    private let folder: Folder

    init() throws { folder = try Folder() }

    private func events(_ length: Int = page, sequence: UInt64 = 0) -> ChunkHeader {
      var header = ChunkHeader(kind: .events, length: UInt32(length))
      header.sequence = sequence
      return header
    }

    private func definitions(_ pages: Int) -> ChunkHeader {
      ChunkHeader(kind: .definitions, length: UInt32(pages * Self.page))
    }

    /// The header of the chunk at an offset of the file.
    private func chunkHeader(at offset: UInt64) throws -> ChunkHeader? {
      let bytes = Array(folder.content[Int(offset)...].prefix(ChunkHeader.size))
      return try ChunkHeader.decode(bytes.span, at: offset)
    }

    /// Fills a file that keeps the newest with closed chunks of a page. Their last events are at 1,
    /// 2, 3 and so on.
    private func fill(_ file: RecordingFile) throws -> [UInt64] {
      var offsets: [UInt64] = []
      while file.size + UInt64(Self.page) <= file.header.maximumSize {
        let chunk = try file.addChunk(events())
        offsets.append(chunk.offset)
        try file.close(chunk, events: 10, until: UInt64(offsets.count))
      }
      return offsets
    }

    private func code(_ body: () throws -> Void) -> Int32? {
      do { try body() } catch { return (error as? SystemError)?.code }
      return nil
    }

    // MARK: The beginning and the end

    @Test func beginsWithItsHeader() throws {
      let file = try folder.make()
      #expect(folder.content == file.header.encoded())
      #expect(file.size == UInt64(folder.content.count))
      #expect(try folder.header().end == .open)
      let attributes = try FileManager.default.attributesOfItem(atPath: folder.file.path)
      #expect((attributes[.posixPermissions] as? Int) == 0o600)
      try file.finish()
      #expect(try folder.header().end == .stopped)
      #expect(!file.isRemoved)
    }

    @Test func aFileThatIsThereIsLeftAlone() throws {
      try Data("mine".utf8).write(to: folder.file)
      #expect(code { _ = try folder.make() } == EEXIST)
      #expect(folder.content == Array("mine".utf8))
    }

    @Test func aLinkIsNotFollowed() throws {
      let target = folder.url.appendingPathComponent("target")
      try FileManager.default.createSymbolicLink(at: folder.file, withDestinationURL: target)
      #expect(code { _ = try folder.make() } == EEXIST)
      #expect(folder.names == ["run.swt"])
    }

    @Test func aMissingFolderIsAnError() throws {
      let path = Array((folder.url.path + "/missing/run.swt").utf8)
      #expect(code { _ = try RecordingFile(path: path, header: FileHeader()) } == ENOENT)
    }

    @Test func aFailureIsNotStoppedLater() throws {
      let file = try folder.make()
      file.fail()
      #expect(try folder.header().end == .failed)
      try file.finish()
      #expect(try folder.header().end == .failed)
    }

    @Test func aFileWithoutANameIsReported() throws {
      let file = try folder.make()
      try FileManager.default.removeItem(at: folder.file)
      try file.finish()
      #expect(file.isRemoved)
    }

    @Test func lostEventsAreCountedInTheFile() throws {
      let file = try folder.make()
      for time: UInt64 in [30, 40, 50] { file.countLost(at: time) }
      let lost = try folder.header().lost
      #expect(lost.count == 3)
      #expect(lost.from == 30)
      #expect(lost.until == 50)
      try file.finish()
      #expect(try !folder.header().isDamaged)
    }

    // MARK: Chunks

    @Test func chunksFollowEachOther() throws {
      let file = try folder.make()
      let first = try file.addChunk(events(2 * Self.page, sequence: 7))
      let second = try file.addChunk(definitions(1))
      #expect(first.offset == UInt64(Self.page))
      #expect(first.length == 2 * Self.page)
      #expect(second.offset == UInt64(3 * Self.page))
      #expect(file.size == UInt64(4 * Self.page))
      #expect(folder.content.count == 4 * Self.page)
      #expect(try chunkHeader(at: first.offset) == events(2 * Self.page, sequence: 7))
      #expect(try chunkHeader(at: second.offset)?.kind == .definitions)
      #expect(folder.content[Self.page + ChunkHeader.size..<3 * Self.page].allSatisfy { $0 == 0 })
      try file.close(first)
      try file.close(second)
    }

    @Test func theBytesOfAChunkAreInTheFileAtOnce() throws {
      let file = try folder.make()
      let chunk = try file.addChunk(events())
      chunk.store([1, 2, 3], at: 100)
      #expect(file.isMapped == chunk.isShared)
      if !chunk.isShared { try file.writeOut(chunk) }
      #expect(folder.content[Self.page + 100..<Self.page + 104] == [1, 2, 3, 0])
      try file.close(chunk)
      #expect(folder.content[Self.page + 100..<Self.page + 104] == [1, 2, 3, 0])
    }

    @Test func lengthsAreWholePages() throws {
      let file = try folder.make()
      #expect(file.wholePages(1) == Self.page)
      #expect(file.wholePages(Self.page) == Self.page)
      #expect(file.wholePages(Self.page + 1) == 2 * Self.page)
      #expect(file.wholePages(0) == 0)
    }

    private static let limits: [(UInt64, Bool, Int)] = [
      (1, false, 1 << 14), (1, true, 1 << 15), (4 << 20, false, 1 << 16), (1 << 30, true, 1 << 20),
      (4_194_368, false, 69_632),
    ]

    @Test(arguments: limits)
    func theChunksOfALimitedFileAreSmall(limit: UInt64, hasValues: Bool, length: Int) throws {
      let file = try folder.make { header in
        header.maximumSize = limit
        header.hasValues = hasValues
      }
      #expect(file.limitedLength == length)
    }

    @Test func anEndedThreadGivesBackTheEndOfTheFile() throws {
      let file = try folder.make()
      let chunk = try file.addChunk(events(4 * Self.page))
      chunk.store([9], at: Self.page)
      try file.trim(chunk, used: Self.page + 1)
      #expect(file.size == UInt64(3 * Self.page))
      #expect(folder.content.count == 3 * Self.page)
      #expect(try chunkHeader(at: chunk.offset)?.length == UInt32(2 * Self.page))
      #expect(folder.content[2 * Self.page] == 9)
      #expect(try file.addChunk(events()).offset == UInt64(3 * Self.page))
    }

    @Test func onlyTheEndOfTheFileIsGivenBack() throws {
      let file = try folder.make()
      let first = try file.addChunk(events(4 * Self.page))
      let second = try file.addChunk(events(2 * Self.page))
      try file.trim(first, used: 100)
      #expect(file.size == UInt64(7 * Self.page))
      #expect(try chunkHeader(at: first.offset)?.length == UInt32(4 * Self.page))
      try file.trim(second, used: 2 * Self.page)
      #expect(file.size == UInt64(7 * Self.page))
      #expect(folder.content.count == 7 * Self.page)
    }

    // MARK: The greatest size

    @Test func withoutALimitThereIsAlwaysRoom() throws {
      let file = try folder.make()
      #expect(!file.exceedsLimit(1 << 30))
      #expect(file.oldestClosed == nil)
      #expect(!file.hasRoomForDefinitions)
    }

    @Test func aPartOfALimitedFileIsForDefinitions() throws {
      let file = try folder.make { $0.maximumSize = 1 << 21 }
      let rest = (1 << 21) - (1 << 17) - Self.page
      #expect(!file.exceedsLimit(rest))
      #expect(file.exceedsLimit(rest + 1))
    }

    @Test func aFullFileTakesNoChunk() throws {
      let file = try folder.make { $0.maximumSize = UInt64(3 * Self.page) }
      let first = try file.addChunk(definitions(1))
      #expect(throws: RecordingFile.NoRoom.self) { try file.addChunk(definitions(2)) }
      #expect(file.size == UInt64(2 * Self.page))
      try file.close(first, events: 10, until: 1)
      let last = try file.addChunk(events())
      #expect(throws: RecordingFile.NoRoom.self) { try file.addChunk(definitions(1)) }
      #expect(try file.reuseChunk(events())?.offset == nil)
      #expect(folder.content.count == 3 * Self.page)
      #expect(file.reusedEvents == 0)
      try file.close(last)
      try file.finish()
      #expect(try folder.header().end == .stopped)
    }

    @Test func theNewestChunkTakesThePlaceOfTheOldest() throws {
      let file = try folder.makeKeepingLast()
      let offsets = try fill(file)
      #expect(file.oldestClosed == 1)
      let size = file.size
      let chunk = try file.addChunk(events(sequence: 99))
      #expect(chunk.offset == offsets[0])
      #expect(file.size == size)
      #expect(file.reusedEvents == 10)
      #expect(file.oldestClosed == 2)
      #expect(try chunkHeader(at: chunk.offset) == events(sequence: 99))
      try file.close(chunk, events: 5, until: 1000)
      for offset in offsets[1...] { #expect(try file.addChunk(events()).offset == offset) }
      #expect(file.oldestClosed == 1000)
      #expect(file.reusedEvents == UInt64(10 * offsets.count))
      #expect(try file.addChunk(events()).offset == offsets[0])
      #expect(file.reusedEvents == UInt64(10 * offsets.count + 5))
      #expect(file.oldestClosed == nil)
      #expect(try file.reuseChunk(events())?.offset == nil)
    }

    @Test func nothingOfAnEvictedChunkIsLeft() throws {
      let file = try folder.makeKeepingLast(maximum: UInt64(2 * Self.page))
      let old = try file.addChunk(events())
      old.store(Array(repeating: 0xFF, count: Self.page - ChunkHeader.size), at: ChunkHeader.size)
      try file.close(old, events: 1, until: 1)
      let new = try file.addChunk(events(sequence: 1))
      #expect(new.offset == old.offset)
      #expect(folder.content[Self.page + ChunkHeader.size..<2 * Self.page].allSatisfy { $0 == 0 })
    }

    @Test func theOldestChunkIsTheOneWhoseLastEventIsTheOldest() throws {
      let file = try folder.makeKeepingLast(maximum: UInt64(5 * Self.page))
      let chunks = try (0..<4).map { _ in try file.addChunk(events()) }
      for (number, until) in [(0, UInt64(40)), (1, 20), (2, 30), (3, 10)] {
        try file.close(chunks[number], events: UInt64(number), until: until)
      }
      let order = try (0..<4).map { _ in try file.addChunk(events()).offset }
      #expect(order == [3, 1, 2, 0].map { chunks[$0].offset })
    }

    @Test func aLongerChunkDoesNotFitInThePlaceOfAShorterOne() throws {
      let file = try folder.makeKeepingLast(maximum: UInt64(5 * Self.page))
      let (short, long) = (try file.addChunk(events()), try file.addChunk(events(3 * Self.page)))
      try file.close(short, events: 1, until: 1)
      try file.close(long, events: 2, until: 2)
      #expect(try file.reuseChunk(events(2 * Self.page))?.offset == nil)
      #expect(try file.addChunk(events()).offset == short.offset)
      // It has all of the place, so that the chunk behind it is found.
      let chunk = try file.addChunk(events(2 * Self.page))
      #expect(chunk.offset == long.offset)
      #expect(chunk.length == 3 * Self.page)
      #expect(try chunkHeader(at: chunk.offset)?.length == UInt32(3 * Self.page))
    }

    @Test func placesAreFoundAfterThousandsOfEvictions() throws {
      let file = try folder.makeKeepingLast(maximum: UInt64(4 * Self.page))
      let offsets = try fill(file)
      for round in 0..<2500 {
        let chunk = try file.addChunk(events())
        guard chunk.offset == offsets[round % offsets.count] else {
          Issue.record("eviction \(round) is at \(chunk.offset)")
          return
        }
        try file.close(chunk, events: 1, until: UInt64(100 + round))
      }
      #expect(file.oldestClosed == UInt64(100 + 2500 - offsets.count))
      #expect(file.reusedEvents == UInt64(10 * offsets.count + 2500 - offsets.count))
    }

    @Test func definitionsTakeHalfOfTheFile() throws {
      let file = try folder.makeKeepingLast(maximum: 1 << 17)
      _ = try fill(file)
      var count = 0
      #expect(file.hasRoomForDefinitions)
      while let chunk = try? file.addChunk(definitions(1)) {
        try file.close(chunk)
        count += 1
      }
      #expect(count == (1 << 16) / Self.page)
      #expect(!file.hasRoomForDefinitions)
      // Threads and events still find room.
      let threads = try file.addChunk(ChunkHeader(kind: .threads, length: UInt32(Self.page)))
      #expect(try chunkHeader(at: threads.offset)?.kind == .threads)
      #expect(try file.reuseChunk(events())?.length == Self.page)
      #expect(file.size <= file.header.maximumSize)
    }

    // MARK: Failures

    @Test func aFileThatIsCutOffTakesNoMore() throws {
      let file = try folder.make()
      let chunk = try file.addChunk(events())
      let handle = try FileHandle(forWritingTo: folder.file)
      try handle.truncate(atOffset: UInt64(Self.page + 100))
      try handle.close()
      #expect(throws: RecordingFile.CutOff.self) { try file.addChunk(events()) }
      #expect(file.isCutOff)
      #expect(folder.content.count == Self.page + 100)
      #expect(try folder.header().end == .failed)
      // The end of the file is not the chunk's, which is not trimmed.
      try file.trim(chunk, used: 100)
      #expect(folder.content.count == Self.page + 100)
      #expect(throws: RecordingFile.CutOff.self) { try file.finish() }
      #expect(try folder.header().end == .failed)
    }

    @Test func aFileThatCannotGrowFails() async {
      await #expect(processExitsWith: .success) {
        let folder = try Folder()
        let file = try folder.make()
        limitFiles(to: 3 * 4096)
        let chunk = try file.addChunk(ChunkHeader(kind: .events, length: 2 * 4096))
        let error = #expect(throws: SystemError.self) {
          try file.addChunk(ChunkHeader(kind: .events, length: 4096))
        }
        #expect(error?.code == EFBIG)
        #expect(error?.subject == folder.file.path)
        #expect(file.size == 3 * 4096)
        #expect(folder.content.count == 3 * 4096)
        #expect(try folder.header().end == .failed)
        // The chunk that it has remains.
        chunk.store([5], at: 8191)
        try file.close(chunk)
        try file.finish()
        #expect(folder.content.last == 5)
        #expect(try folder.header().end == .failed)
      }
    }

    @Test func aFileThatCannotHaveItsHeaderIsNotLeftBehind() async {
      await #expect(processExitsWith: .success) {
        let folder = try Folder()
        limitFiles(to: 100)
        let error = #expect(throws: SystemError.self) { try folder.make() }
        #expect(error?.code == EFBIG)
        #expect(folder.names == [])
      }
    }

    /// Closes the file's descriptor, as a program does that closes all that it does not know.
    private func closeDescriptor() throws {
      for name in try FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd") {
        let target = try? FileManager.default.destinationOfSymbolicLink(
          atPath: "/proc/self/fd/\(name)")
        if target == folder.file.path, let number = Int32(name) { close(number) }
      }
    }

    @Test func aClosedDescriptorIsOpenedAgain() throws {
      let file = try folder.make()
      try closeDescriptor()
      let chunk = try file.addChunk(events(sequence: 3))
      #expect(chunk.offset == UInt64(Self.page))
      #expect(try chunkHeader(at: chunk.offset)?.sequence == 3)
      #expect(!file.isUnreachable)
      try file.finish()
      #expect(try folder.header().end == .stopped)
    }

    @Test func aFileOutOfReachIsLookedForNowAndThen() throws {
      let file = try folder.make()
      let elsewhere = folder.url.appendingPathComponent("elsewhere")
      try closeDescriptor()
      try FileManager.default.moveItem(at: folder.file, to: elsewhere)
      #expect(throws: RecordingFile.NoRoom.self) { try file.addChunk(events()) }
      #expect(file.isUnreachable)

      // Another file at the path is not the recording's.
      try Data("mine".utf8).write(to: folder.file)
      for _ in 0..<5000 {
        #expect(throws: RecordingFile.NoRoom.self) { try file.addChunk(events()) }
      }
      #expect(folder.content == Array("mine".utf8))

      try FileManager.default.removeItem(at: folder.file)
      try FileManager.default.moveItem(at: elsewhere, to: folder.file)
      var tries = 0
      var chunk: MappedChunk?
      while chunk == nil, tries < 5000 {
        chunk = try? file.addChunk(events())
        tries += 1
      }
      #expect(chunk?.offset == UInt64(Self.page))
      #expect(tries > 1)
      #expect(!file.isUnreachable)
      try file.finish()
    }
  }

  /// Sets the size up to which this process may write files, beyond which the system ends it.
  private func limitFiles(to size: UInt) {
    // Python, which starts the tests, ignores the signal, and threads of the test may block it.
    signal(SIGXFSZ, SIG_DFL)
    var signals = sigset_t()
    unsafe sigaddset(&signals, SIGXFSZ)
    unsafe pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    var limit = rlimit()
    unsafe getrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
    limit.rlim_cur = size
    unsafe setrlimit(__rlimit_resource_t(RLIMIT_FSIZE.rawValue), &limit)
  }
#endif
