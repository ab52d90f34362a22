import SwiftTrace
import Testing
import TraceFormat

/// The kinds of each type of event, and the sets of kinds, agree with `EventKind`.
@Suite struct EventKindTests {
  /// The names of a type's kinds, by raw value.
  private func names<Part: EventKindPart>(_: Part.Type) -> [UInt8: String] {
    var names: [UInt8: String] = [:]
    for number in UInt8.min ... .max {
      if let part = Part(rawValue: number) { names[number] = String(describing: part) }
    }
    return names
  }

  /// The names of the kinds that have a property, by raw value.
  private func names(where hasProperty: (EventKind) -> Bool) -> [UInt8: String] {
    var names: [UInt8: String] = [:]
    for kind in EventKind.allCases where hasProperty(kind) { names[kind.rawValue] = "\(kind.name)" }
    return names
  }

  @Test func kindsOfATypeHaveTheirNamesAndNumbersFromTheList() {
    #expect(names(CallEvent.Kind.self) == names { $0.enters })
    #expect(names(ReturnEvent.Kind.self) == names { $0.leaves })
    #expect(names(CCallEvent.Kind.self).mapValues { "c_\($0)" } == names { $0.isCCall })
    #expect(names(LineEvent.Kind.self) == names { LineEvent.Kind($0) != nil })
  }

  @Test(arguments: EventKind.allCases)
  func eachKindBelongsToOneType(kind: EventKind) {
    let types = [
      CallEvent.Kind(kind) != nil, LineEvent.Kind(kind) != nil, ReturnEvent.Kind(kind) != nil,
      CCallEvent.Kind(kind) != nil, kind == .exception,
    ]
    #expect(types.count { $0 } == 1)
    if let part = ReturnEvent.Kind(kind) { #expect(EventKind(part) == kind) }
    if let part = CCallEvent.Kind(kind) { #expect(EventKind(part) == kind) }
  }

  @Test(arguments: EventKind.allCases)
  func aKindIsRequestedByOneName(kind: EventKind) {
    #expect(kind.requestedAs.requestedAs == kind.requestedAs)
    let named = EventSet(requestedAs: "\(kind.name)")
    #expect((named == nil) == (kind.requestedAs != kind))
    let set = EventSet(requestedAs: kind.requestedAs)
    #expect(set.includes(kind))
    for other in EventKind.allCases {
      #expect(set.includes(other) == (other.requestedAs == kind.requestedAs))
    }
  }

  @Test func theSetsHaveTheirKinds() {
    let sets: [(EventSet, [EventKind])] = [
      (.call, [.call, .resume]), (.line, [.line]), (.return, [.return, .yield, .await, .unwind]),
      (.exception, [.exception]), (.opcode, [.opcode]), (.cCall, [.cCall, .cReturn, .cException]),
    ]
    for (set, kinds) in sets { #expect(EventKind.allCases.filter { set.includes($0) } == kinds) }
    #expect(EventKind.allCases.filter { EventSet.settrace.includes($0) }.count == 9)
    #expect(EventSet(requestedAs: "resume") == nil)
    #expect(EventSet(requestedAs: "c_call") == .cCall)
  }

  /// Recordings store the numbers; the hook stores a kind in four bits, sets have 16.
  @Test func theNumbersAreContiguousFromOne() {
    #expect(EventKind.allCases.map { Int($0.rawValue) } == Array(1...EventKind.allCases.count))
    #expect(EventKind.allCases.count < 16)
  }
}
