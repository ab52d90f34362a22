#if DEBUG
  import Testing

  @testable import TraceReplay

  @Suite struct CondensedStackTests {
    @Test func withoutRulesEachLineIsWrittenAtOnce() {
      var run = CondensedRun()
      #expect(run.isEmpty)
      run.call("main")
      #expect(run.take() == "main()\n")
      #expect(!run.isEmpty)
      run.line(3)
      #expect(run.take() == "line 3\n")
      run.run("f", "1")
      #expect(run.take() == "  f(1)\n  └ None  100 ns\n")
      run.leave("7", after: 10)
      #expect(run.take() == "└ 7  110 ns\n")
      #expect(run.isEmpty)
      #expect(run.finish() == "")
    }

    // MARK: Short calls

    @Test func shortCallsAreLeftOutWithAllThatIsInThem() {
      var run = CondensedRun(minDuration: 500)
      run.call("short")
      run.line(1)
      run.run("inner")
      run.leave(after: 399)
      #expect(run.take() == "")
      #expect(run.isEmpty)
      run.run("exact", for: 500)
      #expect(run.take() == "exact()\n└ None  500 ns\n")
      run.run("below", for: 499)
      #expect(run.finish() == "")
    }

    @Test func aCallIsWrittenAsSoonAsItIsKnownToBeLong() {
      var run = CondensedRun(minDuration: 500)
      run.call("long")
      run.line(1)
      #expect(run.take() == "")
      run.time += 500
      run.line(2)
      #expect(run.take() == "long()\nline 1\nline 2\n")
      run.line(3)
      #expect(run.take() == "line 3\n")
    }

    @Test func aShortCallIsLeftOutOfALongOne() {
      var run = CondensedRun(minDuration: 500)
      run.call("long")
      run.line(1)
      run.run("short", for: 200)
      run.line(2)
      run.run("other", for: 700)
      run.run("short", for: 200)
      run.leave()
      #expect(
        run.finish() == "long()\nline 1\nline 2\n  other()\n  └ None  700 ns\n└ None  1100 ns\n")
    }

    @Test func aCallWhoseEndIsNotKnownIsShown() {
      var run = CondensedRun(minDuration: 500)
      run.call("outer")
      run.call("inner")
      run.line(5)
      #expect(run.take() == "")
      #expect(run.finish() == "outer()\n  inner()\n  line 5\n")
      #expect(run.isEmpty)
    }

    @Test func framesWhoseEndWasMissedAreClosedByTheNextCall() {
      var run = CondensedRun(minDuration: 500)
      run.call("outer")
      run.call("missed")
      run.call("lost")
      run.call("next", depth: 1)
      run.leave(after: 100)
      #expect(run.take() == "")
      run.leave(after: 500)
      #expect(run.finish() == "outer()\n  missed()\n    lost()\n└ None  600 ns\n")
    }

    @Test func theEndOfACallThatWasNotSeenIsALineOfItsOwn() {
      var run = CondensedRun(minDuration: 500)
      run.end("7", depth: 1)
      #expect(run.take() == "  └ 7  0 ns\n")
      run.call("main")
      run.end("8", depth: 1)
      #expect(run.take() == "")
      run.leave(after: 500)
      #expect(run.take() == "main()\n  └ 8  0 ns\n└ None  500 ns\n")
    }

    @Test func moreThanAMegabyteIsNotHeld() {
      var run = CondensedRun(minDuration: 1_000_000)
      let argument = String(repeating: "x", count: 1 << 18)
      run.call("outer", argument)
      run.call("inner", argument)
      run.call("short", argument)
      #expect(run.take() == "")
      run.call("one", argument)
      #expect(run.take() == "outer(\(argument))\n")
      for _ in 0..<4 { run.leave(after: 1) }
      #expect(run.finish() == "└ None  4 ns\n")
    }

    @Test func deepRecursionIsNotFollowed() {
      let most = 1 << 14
      var run = CondensedRun()
      for _ in 0..<most - 1 { run.call("f") }
      let isFollowed = !run.isEmpty
      #expect(isFollowed)
      _ = run.take()
      run.call("last")
      #expect(run.take().hasSuffix(" last()\n"))
      let isEmpty = run.isEmpty
      #expect(isEmpty)
      run.leave("7")
      #expect(run.take().hasSuffix(" └ 7  0 ns\n"))
    }

    // MARK: Folded calls

    @Test func callsThatDidTheSameAreFolded() {
      var run = CondensedRun(folds: true)
      run.call("main")
      for _ in 0..<3 { run.run("f", "1", value: "2", for: 1000) }
      #expect(run.take() == "main()\n")
      run.leave()
      #expect(run.finish() == "  f(1)  └ 2  ×3  3.0 µs\n└ None  3000 ns\n")
    }

    @Test func oneCallIsNotFolded() {
      var run = CondensedRun(folds: true)
      run.run("f", "1")
      #expect(run.take() == "")
      #expect(!run.isEmpty)
      #expect(run.finish() == "f(1)\n└ None  100 ns\n")
    }

    @Test func valuesThatDifferAreNotShown() {
      var run = CondensedRun(folds: true)
      run.run("f", "1", value: "2")
      run.run("f", "3", value: "2")
      #expect(run.finish() == "f(…)  └ 2  ×2  200 ns\n")
      run.run("f", "1", value: "2")
      run.run("f", "1", value: "3")
      #expect(run.finish() == "f(1)  ×2  200 ns\n")
    }

    @Test func callsOfAnotherFunctionOrAnotherEndAreOthers() {
      var run = CondensedRun(folds: true)
      run.run("f")
      run.run("g")
      run.run("f")
      #expect(
        run.finish()
          == "f()\n└ None  100 ns\ng()\n└ None  100 ns\nf()\n└ None  100 ns\n")
      run.run("f")
      run.call("f")
      run.leave("KeyError", after: 100, kind: .unwind)
      run.call("f")
      run.leave("ValueError", after: 100, kind: .unwind)
      run.call("f")
      run.leave("ValueError", after: 100, kind: .unwind)
      #expect(
        run.finish()
          == "f()\n└ None  100 ns\nf()\n└ KeyError  100 ns\nf()  └ ValueError  ×2  200 ns\n")
    }

    @Test func callsThatRanOtherLinesAreOthers() {
      var run = CondensedRun(folds: true)
      for line: Int32 in [1, 1, 2] {
        run.call("f")
        run.line(line)
        run.leave(after: 50)
      }
      #expect(
        run.finish()
          == "f()\nline 1\n└ None  50 ns\n× 1 more  50 ns\nf()\nline 2\n└ None  50 ns\n")
    }

    @Test func callsWithOthersInThemAreCountedBehindTheFirst() {
      var run = CondensedRun(folds: true)
      for number in 0..<4 {
        run.call("f", "\(number)")
        run.run("g", for: 10)
        run.leave(after: 20)
      }
      #expect(
        run.finish() == "f(0)\n  g()\n  └ None  10 ns\n└ None  30 ns\n× 3 more  90 ns\n")
    }

    @Test func aLineBetweenCallsEndsTheGroup() {
      var run = CondensedRun(folds: true)
      run.call("main")
      run.run("f")
      run.line(2)
      run.run("f")
      run.leave()
      #expect(
        run.finish()
          == "main()\n  f()\n  └ None  100 ns\nline 2\n  f()\n  └ None  100 ns\n└ None  200 ns\n")
    }

    @Test func shortCallsAreNotInAGroup() {
      var run = CondensedRun(minDuration: 50, folds: true)
      run.run("f")
      run.run("g", for: 10)
      run.run("f")
      #expect(run.finish() == "f()  └ None  ×2  200 ns\n")
    }

    // MARK: Too many calls

    @Test func callsBeyondTheGreatestNumberAreCounted() {
      var run = CondensedRun(maxChildren: 2)
      run.call("main")
      for number in 0..<5 {
        run.call("f", "\(number)")
        run.line(Int32(number))
        run.run("g", for: 10)
        run.leave(after: 1000)
      }
      run.leave()
      #expect(
        run.finish() == """
          main()
            f(0)
            line 0
              g()
              └ None  10 ns
            └ None  1010 ns
            f(1)
            line 1
              g()
              └ None  10 ns
            └ None  1010 ns
            … 3 more calls  3.0 µs
          └ None  5050 ns

          """)
    }

    @Test func oneCallTooManyIsNamedSo() {
      var run = CondensedRun(maxChildren: 1)
      run.run("f")
      run.run("g", for: 20)
      #expect(!run.isEmpty)
      #expect(run.finish() == "f()\n└ None  100 ns\n… 1 more call  20 ns\n")
      #expect(run.isEmpty)
    }

    @Test func aGroupIsOneChild() {
      var run = CondensedRun(folds: true, maxChildren: 2)
      for name in ["f", "f", "f", "g", "h", "h"] { run.run(name) }
      #expect(
        run.finish()
          == "f()  └ None  ×3  300 ns\ng()\n└ None  100 ns\n… 2 more calls  200 ns\n")
    }

    @Test func shortCallsAreNoChildren() {
      var run = CondensedRun(minDuration: 50, maxChildren: 1)
      run.run("f", for: 10)
      run.run("g")
      run.run("h", for: 10)
      #expect(run.finish() == "g()\n└ None  100 ns\n")
    }

    @Test func aCallThatIsNotShownIsNotCounted() {
      var run = CondensedRun(maxChildren: 0)
      run.run("f")
      #expect(run.take() == "")
      #expect(run.finish() == "… 1 more call  100 ns\n")
    }
  }
#endif
