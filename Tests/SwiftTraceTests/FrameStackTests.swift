#if DEBUG
  import Glibc
  import Testing
  import TraceFormat

  @testable import SwiftTrace

  @Suite struct FrameStackTests {
    @Test func anEmptyStackHasNoFrame() {
      var stack = FrameStack(number: 3)
      defer { stack.destroy() }
      #expect(stack.depth == 0)
      #expect(stack.number == 3)
      #expect(!stack.isFull)
      #expect(stack.innermost.frame != 0)
      #expect(stack.innermost.function == nil)
      #expect(!stack.isLast(frame(1)))
      let isFound = stack.resync(to: frame(1))
      #expect(!isFound)
      stack.popPlaceholders()
      #expect(stack.depth == 0)
    }

    @Test func framesComeOffInReverseOrder() {
      let (outer, inner) = (makeFunction("outer"), makeFunction("inner"))
      var stack = FrameStack()
      defer { stack.destroy() }
      stack.push(frame(1).bits, outer, at: 10)
      stack.pushUnchecked(frame(2).bits, inner, at: 20)
      #expect(stack.depth == 2)
      #expect(stack.isLast(frame(2)))
      #expect(!stack.isLast(frame(1)))
      let first = stack.pop()
      #expect(first.frame == frame(2).bits)
      #expect(first.function?.value.name.string == "inner")
      #expect(first.enteredAt == 20)
      #expect(stack.innermost.frame == frame(1).bits)
      let second = stack.pop()
      #expect(second.function?.value.name.string == "outer")
      #expect(second.enteredAt == 10)
      #expect(stack.depth == 0)
      #expect(!stack.isLast(frame(1)))
    }

    @Test func growsAndKeepsWhatItHolds() {
      let function = makeFunction("deep")
      let raised = HandMadeClass(isStatic: false)
      var stack = FrameStack()
      defer { stack.destroy() }
      stack.push(frame(1).bits, function, at: 1)
      stack.raise(raised.address)
      while !stack.isFull { stack.push(frame(stack.depth + 1).bits, function, at: 1) }
      let full = stack.depth
      for number in full + 1...full * 20 {
        stack.push(frame(number).bits, function, at: UInt64(number))
      }
      #expect(stack.depth == full * 20)
      for number in (2...full * 20).reversed() {
        let entry = stack.pop()
        guard entry.frame == frame(number).bits, entry.function != nil else {
          Issue.record("frame \(number) is another one")
          return
        }
        if number > full { #expect(entry.enteredAt == UInt64(number)) }
      }
      #expect(stack.innermost.raised == raised.address)
      #expect(raised.owners == 1)
    }

    @Test func withoutMemoryAFrameIsLeftOutAndTheReserveIsUsed() async {
      await #expect(processExitsWith: .success) {
        var stack = FrameStack()
        var limit = rlimit()
        unsafe getrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        var low = rlimit(rlim_cur: 1, rlim_max: limit.rlim_max)
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &low)
        var depth = -1
        while stack.depth > depth, depth < 1 << 22 {
          depth = stack.depth
          stack.push(frame(depth + 1).bits, nil, at: 0)
        }
        let isFull = stack.isFull
        unsafe setrlimit(__rlimit_resource_t(RLIMIT_AS.rawValue), &limit)
        #expect(MemoryReserve.isShort)
        #expect(isFull)
        #expect(stack.depth == depth)
        #expect(stack.isLast(frame(depth)))
      }
    }

    @Test func resyncDropsTheFramesAboveAndWhatTheyOwn() {
      let raised = HandMadeClass(isStatic: false)
      var stack = FrameStack()
      defer { stack.destroy() }
      for number in 1...5 { stack.push(frame(number).bits, nil, at: UInt64(number)) }
      stack.raise(raised.address)
      #expect(raised.owners == 1)
      var isFound = stack.resync(to: frame(9))
      #expect(!isFound)
      #expect(stack.depth == 5)
      isFound = stack.resync(to: frame(2))
      #expect(isFound)
      #expect(stack.depth == 2)
      #expect(stack.isLast(frame(2)))
      #expect(raised.owners == 0)
      isFound = stack.resync(to: frame(2))
      #expect(isFound)
      #expect(stack.depth == 2)
    }

    @Test func placeholdersCountForTheDepthUntilTheFrameAboveIsLeft() {
      var stack = FrameStack()
      defer { stack.destroy() }
      stack.push(frame(1).bits, nil, at: 0)
      stack.pushPlaceholder(frame(2))
      stack.pushPlaceholder(frame(3))
      #expect(!stack.isLast(frame(3)))
      stack.push(frame(4).bits, nil, at: 0)
      #expect(stack.depth == 4)
      stack.popPlaceholders()
      #expect(stack.depth == 4)
      _ = stack.pop()
      stack.popPlaceholders()
      #expect(stack.depth == 1)
      #expect(stack.isLast(frame(1)))
    }

    @Test func aPlaceholderBecomesTheFrameThatResumes() {
      var stack = FrameStack()
      defer { stack.destroy() }
      stack.pushPlaceholder(frame(1))
      stack.pushPlaceholder(frame(2))
      stack.popPlaceholders(resuming: frame(2), makeFunction("resumed"), at: 7)
      #expect(stack.depth == 2)
      #expect(stack.isLast(frame(2)))
      #expect(stack.innermost.enteredAt == 7)
      _ = stack.pop()
      stack.popPlaceholders(resuming: frame(9), nil, at: 8)
      #expect(stack.depth == 0)
    }

    @Test func aFrameOwnsTheClassOfItsLastException() {
      let (first, second) = (HandMadeClass(isStatic: false), HandMadeClass(isStatic: false))
      var stack = FrameStack()
      stack.push(frame(1).bits, nil, at: 0)
      #expect(stack.innermost.raised == nil)
      stack.raise(first.address)
      stack.raise(second.address)
      #expect(first.owners == 0)
      #expect(second.owners == 1)
      stack.push(frame(2).bits, nil, at: 0)
      #expect(stack.innermost.raised == nil)
      stack.raise(first.address)
      let entry = stack.pop()
      #expect(entry.isOwner)
      #expect(entry.raised == first.address)
      #expect(first.owners == 1)
      entry.release()
      #expect(first.owners == 0)
      stack.destroy()
      #expect(second.owners == 0)
    }

    @Test func aStaticClassHasNoOwner() {
      let type = HandMadeClass(isStatic: true)
      var stack = FrameStack()
      defer { stack.destroy() }
      for number in 1...2 {
        stack.push(frame(number).bits, nil, at: 0)
        if number == 1 { stack.raise(type.address) } else { stack.raise(static: type.address) }
        #expect(stack.innermost.raised == type.address)
        #expect(!stack.innermost.isOwner)
      }
      #expect(type.owners == 0)
    }
  }
#endif
