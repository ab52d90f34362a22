#if DEBUG
  import TraceFormat

  @testable import TraceReplay

  /// Makes the events of one stack of frames, with the lines of a tree, and collects the output.
  struct CondensedRun {
    private var stack: CondensedStack
    private var running: [(name: String, enteredAt: UInt64)] = []
    /// The time of the next event, in nanoseconds.
    var time: UInt64 = 1000
    /// The lines that were written since `take`.
    private(set) var text = ""

    init(_ rules: CondensedStack.Rules) { stack = CondensedStack(rules) }

    init(minDuration: UInt64 = 0, folds: Bool = false, maxChildren: Int = .max) {
      self.init(
        CondensedStack.Rules(minDuration: minDuration, folds: folds, maxChildren: maxChildren))
    }

    var isEmpty: Bool { stack.isEmpty }

    /// The lines that were written since the last time.
    mutating func take() -> String {
      defer { text = "" }
      return text
    }

    mutating func finish() -> String {
      text += String(decoding: stack.finish(), as: UTF8.self)
      return take()
    }

    /// A function is called, and shown with its arguments.
    mutating func call(_ name: String, _ arguments: String = "", depth: Int? = nil) {
      let depth = depth ?? running.count
      running.removeLast(max(0, running.count - depth))
      add(
        .call, depth: depth, name: name, line: "\(name)(\(arguments))", duration: nil,
        replacement: "\(name)(…)")
      running.append((name, time))
    }

    /// A line of the innermost function runs.
    mutating func line(_ number: Int32) {
      add(
        .line, depth: running.count - 1, name: running.last?.name ?? "", line: "line \(number)",
        duration: nil, number: number)
    }

    /// The innermost function ends, so many nanoseconds after the event before.
    mutating func leave(
      _ value: String = "None", after: UInt64 = 0, kind: EventKind = .return
    ) {
      time += after
      guard let frame = running.popLast() else { return }
      add(
        kind, depth: running.count, name: frame.name, line: "└ \(value)",
        duration: time - frame.enteredAt)
    }

    /// A function ends whose call was not seen.
    mutating func end(_ value: String, depth: Int) {
      add(.return, depth: depth, name: "", line: "└ \(value)", duration: 0)
    }

    /// A function is called and ends, so many nanoseconds later.
    mutating func run(
      _ name: String, _ arguments: String = "", value: String = "None", for duration: UInt64 = 100
    ) {
      call(name, arguments)
      leave(value, after: duration)
    }

    private mutating func add(
      _ kind: EventKind, depth: Int, name: String, line: String, duration: UInt64?,
      replacement: String = "", number: Int32 = 0
    ) {
      let step = CondensedStack.Step(
        mark: EventHeader(
          function: UInt32(name.utf8.first ?? 0), line: number, depth: Int32(depth), time: time),
        kind: kind, depth: depth, duration: duration ?? 0,
        line: replayLine(line, depth: depth, duration: duration),
        name: Array(replacement.utf8))
      text += String(decoding: stack.take(step), as: UTF8.self)
    }
  }

  /// A line of a tree: its indentation, which ends at 20 frames, its text, and a duration.
  func replayLine(_ text: String, depth: Int, duration: UInt64? = nil) -> ReplayLine {
    let indentation = String(repeating: "  ", count: min(depth, 20))
    let end = indentation.utf8.count + text.utf8.count
    let aside = duration.map { "  \($0) ns" } ?? ""
    return ReplayLine(
      bytes: Array("\(indentation)\(text)\(aside)\n".utf8), start: indentation.utf8.count, end: end)
  }
#endif
