#if DEBUG
  import Testing
  import TraceFormat

  @testable import SwiftTrace

  @Suite struct TextTableTests {
    /// A table, and a chunk that it stores its texts in.
    private final class Chunk {
      var table = TextTable()
      private var encoder = EventEncoder()
      private let chunk: MappedChunk
      let base: UInt64

      /// - Parameter base: the offset of the chunk's content in the file.
      init(length: Int = 1 << 20, base: UInt64 = 1000) {
        self.base = base
        chunk = MappedChunk(allocating: length, at: 0)!
        chunk.begin(&encoder, time: 0, depth: -1, stack: 0)
      }

      deinit {
        encoder.free()
        chunk.unmap()
      }

      var used: Int { encoder.used }
      var isEmpty: Bool { table.isEmpty }
      var onlyName: UInt { table.onlyName }

      /// Stores the gathered texts in the chunk, or in one at another place.
      func store(base: UInt64? = nil) -> [UInt64] {
        table.store(in: &encoder, base: base ?? self.base)
        return table.withPlaces { places in places.indices.map { places[$0] } }
      }

      /// Stores the texts of one event.
      func store(_ texts: String..., base: UInt64? = nil) -> [UInt64] {
        table.begin()
        for text in texts { table.append { $0.append(string: text) } }
        return store(base: base)
      }

      /// The text at a place of the file.
      func text(_ place: UInt64) -> String {
        chunk.withBytes { bytes in
          let start = ChunkHeader.size + Int(place - base)
          // A mark of two bytes, and the length: 7 bits in each byte.
          var (position, count, shift) = (start + 2, 0, 0)
          while bytes[position] >= 0x80 {
            count |= Int(bytes[position] & 0x7F) << shift
            (position, shift) = (position + 1, shift + 7)
          }
          count |= Int(bytes[position]) << shift
          return String(
            decoding: Array(copying: bytes.extracting(position + 1..<position + 1 + count)),
            as: UTF8.self)
        }
      }
    }

    @Test func equalTextsAreStoredOnce() {
      let chunk = Chunk()
      let first = chunk.store("one", "two", "one", "")
      #expect(first.map { chunk.text($0) } == ["one", "two", "one", ""])
      #expect(first[0] == first[2])
      #expect(Set(first).count == 3)
      let used = chunk.used
      let second = chunk.store("two", "one")
      #expect(second == [first[1], first[0]])
      #expect(chunk.used == used)
      let third = chunk.store("One")
      #expect(chunk.text(third[0]) == "One")
      #expect(chunk.used > used)
    }

    @Test func anEventHasItsOwnTextsAlone() {
      let chunk = Chunk()
      #expect(chunk.isEmpty)
      #expect(chunk.store("one").count == 1)
      #expect(!chunk.isEmpty)
      chunk.table.begin()
      #expect(chunk.isEmpty)
      #expect(chunk.store() == [])
    }

    @Test func anEventHasNoMoreThan256Texts() {
      let chunk = Chunk()
      chunk.table.begin()
      for number in 0..<300 { chunk.table.append { $0.append(decimal: number) } }
      let places = chunk.store()
      #expect(places.count == 256)
      #expect(chunk.text(places[255]) == "255")
    }

    @Test func textsBehindTheFirst16KilobytesAreLeftOut() {
      let chunk = Chunk()
      let text = String(repeating: "x", count: 10_000)
      let places = chunk.store(text, text + "y", "z")
      #expect(places.map { chunk.text($0) } == [text, text + "y"])
    }

    @Test(arguments: [0, 1, 17, 256])
    func textsNeedNoMoreThanTheRoomThatIsReported(count: Int) {
      let chunk = Chunk()
      chunk.table.begin()
      for number in 0..<count { chunk.table.append { $0.append(decimal: number * 1_000_000) } }
      let room = chunk.table.roomNeeded
      _ = chunk.store()
      #expect(chunk.used <= room)
    }

    @Test func localTextsAreStoredInEachChunk() {
      let chunk = Chunk()
      chunk.table.isLocal = true
      let first = chunk.store("one")
      #expect(chunk.store("one") == first)
      let other = chunk.store("one", base: 50_000)
      #expect(other[0] >= 50_000)
      #expect(chunk.store("one") == first)
      // Another chunk may begin in the place of an evicted one.
      chunk.table.chunkBegan()
      #expect(chunk.store("one") != first)
    }

    @Test func textsOfAllChunksAreKeptWhenAnotherOneBegins() {
      let chunk = Chunk()
      let first = chunk.store("one")
      chunk.table.chunkBegan()
      #expect(chunk.store("one", base: 50_000) == first)
    }

    @Test func textsThatAreNotSharedAreStoredForEachEvent() {
      let chunk = Chunk()
      chunk.table.isShared = false
      let places = chunk.store("one", "one") + chunk.store("one")
      #expect(Set(places).count == 3)
      #expect(places.map { chunk.text($0) } == ["one", "one", "one"])
    }

    @Test func anotherFileHasNoneOfTheTexts() {
      let chunk = Chunk()
      let type = HandMadeClass("KeyError", isStatic: true)
      let first = chunk.store("one")
      chunk.table.begin(name: Value(type.address))
      let name = chunk.store()
      chunk.table.forget()
      #expect(chunk.store("one") != first)
      chunk.table.begin(name: Value(type.address))
      #expect(chunk.store() != name)
    }

    @Test func aFullTableBeginsAgain() {
      let most = 200_000
      let chunk = Chunk(length: 1 << 23)
      var number = 0
      var (first, last): (UInt64, UInt64) = (0, 0)
      while number < most {
        chunk.table.begin()
        for _ in 0..<min(250, most - number) {
          chunk.table.append { $0.append(decimal: number) }
          number += 1
        }
        let places = chunk.store()
        if first == 0 { first = places[0] }
        last = places[places.count - 1]
      }
      #expect(chunk.store("0", "\(most - 1)") == [first, last])
      let one = chunk.store("one too many")
      let again = chunk.store("0")
      #expect(again != [first])
      #expect(chunk.text(again[0]) == "0")
      #expect(chunk.store("one too many") == one)
    }

    @Test func theNameOfAStaticClassIsStoredOnce() {
      let chunk = Chunk()
      let type = HandMadeClass("decimal.Overflow", isStatic: true)
      chunk.table.begin(name: Value(type.address))
      let first = chunk.store()
      #expect(first.map { chunk.text($0) } == ["decimal.Overflow"])
      #expect(chunk.onlyName == type.address.bits)
      let used = chunk.used
      chunk.table.begin(name: Value(type.address))
      #expect(!chunk.isEmpty)
      #expect(chunk.onlyName == type.address.bits)
      #expect(chunk.store() == first)
      #expect(chunk.used == used)

      chunk.table.begin(name: Value(type.address))
      chunk.table.append { $0.append("the message") }
      #expect(chunk.onlyName == 0)
      let both = chunk.store()
      #expect(both.map { chunk.text($0) } == ["decimal.Overflow", "the message"])
      #expect(both[0] == first[0])
    }

    @Test func eachOfManyClassesHasItsName() {
      let chunk = Chunk()
      let types = (0..<40).map { HandMadeClass("Error\($0)", isStatic: true) }
      for _ in 0..<2 {
        for (number, type) in types.enumerated() {
          chunk.table.begin(name: Value(type.address))
          #expect(chunk.store().map { chunk.text($0) } == ["Error\(number)"])
        }
      }
    }

    @Test func namesOfOtherClassesAreTexts() {
      let chunk = Chunk()
      chunk.table.begin(name: Value(literal: "KeyError"))
      #expect(chunk.onlyName == 0)
      #expect(chunk.store().map { chunk.text($0) } == ["KeyError"])
      chunk.table.isLocal = true
      let type = HandMadeClass("ValueError", isStatic: true)
      for _ in 0..<2 {
        chunk.table.begin(name: Value(type.address))
        #expect(chunk.onlyName == 0)
        #expect(chunk.store().map { chunk.text($0) } == ["ValueError"])
      }
    }
  }
#endif
