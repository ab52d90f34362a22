#if DEBUG
  import Testing

  @testable import SwiftTrace

  @Suite struct ThreadStateTests {
    private let session = Session([])

    private func withState(_ body: (Pinned<ThreadState>) -> Void) {
      let state = Pinned(ThreadState(session: session, index: 4))
      defer { ThreadState.free(state) }
      body(state)
    }

    /// The first word of the header, which the hook compares with the frame of each event.
    private func published(_ state: Pinned<ThreadState>) -> UInt {
      unsafe UnsafeRawPointer(state.address).load(as: UInt.self)
    }

    // The macros of tests call no mutating method.

    private func pop(_ state: Pinned<ThreadState>) -> FrameStack.Entry { state.value.pop() }

    private func pop(
      _ state: Pinned<ThreadState>, resuming frame: ObjectAddress,
      _ function: Pinned<FunctionRecord>, at time: UInt64
    ) -> FrameStack.Entry {
      state.value.pop(resuming: frame, function, at: time)
    }

    private func resync(_ state: Pinned<ThreadState>, to frame: ObjectAddress) -> Bool {
      state.value.resync(to: frame)
    }

    private func isRunning(_ state: Pinned<ThreadState>, entry: UInt, site: UInt) -> Bool {
      state.value.isRunning(entry: entry, site: site)
    }

    @Test func aNewThreadRunsNoFrame() {
      #expect(ThreadState.beginsWithHeader)
      withState { state in
        #expect(state.value.index == 4)
        #expect(state.value.depth == 0)
        #expect(!state.value.isLast(frame(1)))
        #expect(published(state) != 0)
        #expect(published(state) != frame(1).bits)
      }
    }

    @Test func theHookSeesTheInnermostFrame() {
      let (outer, inner) = (makeFunction("outer"), makeFunction("inner"))
      withState { state in
        let none = published(state)
        state.value.push(frame(1), outer, at: 5)
        #expect(published(state) == frame(1).bits)
        state.value.pushUnchecked(frame(2), inner, at: 6)
        #expect(published(state) == frame(2).bits)
        #expect(state.value.function.value.name.string == "inner")
        #expect(pop(state).enteredAt == 6)
        #expect(published(state) == frame(1).bits)
        #expect(state.value.function.value.name.string == "outer")
        _ = state.value.pop()
        #expect(published(state) == none)
      }
    }

    @Test func placeholdersAreNoFrameOfTheHook() {
      let function = makeFunction("generator")
      withState { state in
        state.value.push(frame(1), function, at: 0)
        state.value.pushPlaceholder(frame(2))
        #expect(state.value.depth == 2)
        #expect(published(state) != frame(1).bits)
        #expect(published(state) != frame(2).bits)
        state.value.push(frame(3), function, at: 1)
        #expect(pop(state).frame == frame(3).bits)
        #expect(state.value.depth == 1)
        #expect(published(state) == frame(1).bits)
        state.value.pushPlaceholder(frame(2))
        state.value.push(frame(3), function, at: 2)
        #expect(pop(state, resuming: frame(2), function, at: 3).frame == frame(3).bits)
        #expect(state.value.depth == 2)
        #expect(published(state) == frame(2).bits)
      }
    }

    @Test func resyncMakesTheFrameTheInnermost() {
      let function = makeFunction("f")
      withState { state in
        for number in 1...4 { state.value.push(frame(number), function, at: 0) }
        #expect(!resync(state, to: frame(8)))
        #expect(published(state) == frame(4).bits)
        #expect(resync(state, to: frame(2)))
        #expect(state.value.depth == 2)
        #expect(published(state) == frame(2).bits)
      }
    }

    @Test func eachGreenletHasAStack() {
      let function = makeFunction("f")
      withState { state in
        state.value.switchStack(to: 100)
        state.value.push(frame(1), function, at: 0)
        state.value.switchStack(to: 200)
        #expect(state.value.depth == 0)
        #expect(state.value.stack.number == 1)
        #expect(published(state) != frame(1).bits)
        state.value.push(frame(2), function, at: 0)
        state.value.push(frame(3), function, at: 0)
        state.value.switchStack(to: 200)
        #expect(published(state) == frame(3).bits)
        state.value.switchStack(to: 100)
        #expect(state.value.depth == 1)
        #expect(state.value.stack.number == 0)
        #expect(published(state) == frame(1).bits)
        state.value.switchStack(to: 200)
        #expect(state.value.depth == 2)
        #expect(state.value.stack.number == 1)
        #expect(published(state) == frame(3).bits)
      }
    }

    @Test func theFirstStackIsKeptWhenItGetsItsKey() {
      withState { state in
        state.value.push(frame(1), makeFunction("f"), at: 0)
        state.value.switchStack(to: 100)
        #expect(state.value.depth == 1)
        #expect(published(state) == frame(1).bits)
        _ = pop(state)
        state.value.switchStack(to: 100)
        #expect(state.value.stack.number == 0)
      }
    }

    @Test func anEmptyStackIsNotKept() {
      withState { state in
        state.value.switchStack(to: 100)
        state.value.push(frame(1), makeFunction("f"), at: 0)
        state.value.switchStack(to: 200)
        state.value.switchStack(to: 100)
        state.value.switchStack(to: 200)
        #expect(state.value.stack.number == 2)
        #expect(state.value.depth == 0)
      }
    }

    @Test func theEndReleasesTheClassesOfAllStacks() {
      let (first, second) = (HandMadeClass(isStatic: false), HandMadeClass(isStatic: false))
      withState { state in
        state.value.switchStack(to: 100)
        state.value.push(frame(1), makeFunction("f"), at: 0)
        state.value.raise(first.address)
        state.value.switchStack(to: 200)
        state.value.push(frame(2), makeFunction("g"), at: 0)
        state.value.raise(second.address)
        #expect((first.owners, second.owners) == (1, 1))
      }
      #expect((first.owners, second.owners) == (0, 0))
    }

    @Test func untracedCodeIsKnownAgainWhileItRuns() {
      let function = makeFunction("f")
      withState { state in
        state.value.push(frame(1), function, at: 10)
        #expect(!isRunning(state, entry: 1, site: 2))
        #expect(isRunning(state, entry: 1, site: 2))
        #expect(!isRunning(state, entry: 9, site: 2))
        #expect(!isRunning(state, entry: 9, site: 3))
        #expect(isRunning(state, entry: 9, site: 3))

        // A frame that it calls back calls other code that is not traced.
        state.value.push(frame(2), function, at: 20)
        #expect(!isRunning(state, entry: 9, site: 3))
        #expect(isRunning(state, entry: 9, site: 3))
        _ = state.value.pop()
        #expect(isRunning(state, entry: 9, site: 3))

        // The next call of the frame above is another one.
        state.value.push(frame(2), function, at: 30)
        #expect(!isRunning(state, entry: 9, site: 3))
      }
    }

    @Test func untracedCodeOfALaterCallOrAnotherStackIsAnother() {
      let function = makeFunction("f")
      withState { state in
        state.value.switchStack(to: 100)
        state.value.push(frame(1), function, at: 10)
        #expect(!isRunning(state, entry: 1, site: 2))
        _ = state.value.pop()
        state.value.push(frame(1), function, at: 20)
        #expect(!isRunning(state, entry: 1, site: 2))
        #expect(isRunning(state, entry: 1, site: 2))
        state.value.switchStack(to: 200)
        state.value.push(frame(1), function, at: 20)
        #expect(!isRunning(state, entry: 1, site: 2))
      }
    }

    @Test func theOnlyStrategyPreparesTheThread() {
      func hasOutput(_ strategies: [any TracerStrategy], depth: Int? = nil) -> Bool {
        let session = Session(strategies, maximumDepth: depth)
        let state = Pinned(ThreadState(session: session, index: 0))
        defer { ThreadState.free(state) }
        return state.value.text != nil
      }
      let logger = CallLogger(to: .memory())
      #expect(hasOutput([logger]))
      #expect(!hasOutput([logger, logger]))
      #expect(!hasOutput([logger], depth: 3))
    }
  }
#endif
