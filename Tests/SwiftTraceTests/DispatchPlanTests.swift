#if DEBUG
  import Testing

  @testable import SwiftTrace

  @Suite struct DispatchPlanTests {
    /// Notes which of several strategies is called.
    private final class Notes {
      var lines: [String] = []
    }

    private final class Noting: TracerStrategy {
      let name: String
      let interests: EventSet
      let needsTime: Bool
      private let notes: Notes

      init(
        _ name: String, _ interests: EventSet, needsTime: Bool = false, in notes: Notes = Notes()
      ) {
        (self.name, self.interests, self.needsTime) = (name, interests, needsTime)
        self.notes = notes
      }

      func call(_ event: borrowing CallEvent) { notes.lines.append("\(name) call") }
      func line(_ event: borrowing LineEvent) { notes.lines.append("\(name) line") }
    }

    private func plan(_ strategies: Noting...) -> DispatchPlan {
      DispatchPlan(strategies.map { StrategyRunner.make($0) })
    }

    private func counts(_ plan: DispatchPlan) -> [Int] {
      [plan.calls, plan.lines, plan.returns, plan.exceptions, plan.list(.opcode), plan.cCalls]
        .map { $0.count }
    }

    @Test func aPlanOfNothingRequestsNothing() {
      let plan = plan()
      #expect(plan.interests == [])
      #expect(!plan.needsTime)
      #expect(counts(plan) == [0, 0, 0, 0, 0, 0])
    }

    @Test(arguments: [
      (EventSet.call, [1, 0, 0, 0, 0, 0]), (EventSet.line, [0, 1, 0, 0, 0, 0]),
      (EventSet.return, [0, 0, 1, 0, 0, 0]), (EventSet.exception, [0, 0, 0, 1, 0, 0]),
      (EventSet.opcode, [0, 0, 0, 0, 1, 0]), (EventSet.cCall, [0, 0, 0, 0, 0, 1]),
      (EventSet.settrace, [1, 1, 1, 1, 1, 0]), (EventSet(), [0, 0, 0, 0, 0, 0]),
    ])
    func aStrategyIsInTheListsOfItsInterests(interests: EventSet, expected: [Int]) {
      let plan = plan(Noting("a", interests))
      #expect(counts(plan) == expected)
      #expect(plan.interests == interests)
      #expect(plan.runners.count == 1)
    }

    @Test func interestsAndNeedsAreThoseOfAllStrategies() {
      let plan = plan(Noting("a", .call), Noting("b", [.line, .cCall], needsTime: true))
      #expect(plan.interests == [.call, .line, .cCall])
      #expect(plan.needsTime)
      #expect(counts(plan) == [1, 1, 0, 0, 0, 1])
      #expect(!self.plan(Noting("a", .call)).needsTime)
    }

    @Test func strategiesAreCalledInTheirOrder() throws {
      let notes = Notes()
      let plan = plan(
        Noting("a", .call, in: notes), Noting("b", .line, in: notes),
        Noting("c", [.call, .line], in: notes))
      let call = CallEvent(
        kind: .call, function: Function(name: "f"), frame: Frame(), place: EventPlace(), line: 1)
      for index in 0..<plan.calls.count { try plan.calls[index].with { try $0.call(call) } }
      let line = LineEvent(
        function: Function(name: "f"), frame: Frame(), place: EventPlace(), line: 2)
      for index in 0..<plan.lines.count { try plan.lines[index].with { try $0.line(line) } }
      #expect(notes.lines == ["a call", "c call", "b line", "c line"])
    }

    @Test func strategiesLiveAsLongAsThePlan() {
      weak var strategy: Noting?
      var plan: DispatchPlan?
      do {
        let made = Noting("a", .settrace)
        strategy = made
        plan = self.plan(made)
      }
      #expect(strategy != nil)
      #expect(plan?.calls.count == 1)
      plan = nil
      #expect(strategy == nil)
    }
  }
#endif
