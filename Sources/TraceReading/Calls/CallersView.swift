import TraceFormat

/// The distinct stacks by which functions were reached.
public struct CallersView: CallVisitor {
  /// The stacks on which they stood, the functions as innermost; counted are calls.
  public private(set) var tree = StackTree()
  private var choice: FunctionChoice

  /// Looks for the callers of functions.
  ///
  /// - Parameter matches: says of a qualified name whether the function is meant.
  public init(of matches: @escaping (_ qualifiedName: [UInt8]) -> Bool) {
    choice = FunctionChoice(matches)
  }

  public mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    guard choice.includes(stack.top, thread) else { return }
    let place = tree.place(&stack, file: thread.fileIndex)
    tree.count(
      place, stack.times(at: time), isPartial: !stack.top.isWhole || end == .lost,
      by: stack.top.isResumed ? 0 : 1)
  }
}

/// What functions call, and what that calls: the stacks above them.
public struct CalleesView: CallVisitor {
  /// The stacks above them, the functions as outermost; counted are calls.
  public private(set) var tree = StackTree()
  private var choice: FunctionChoice

  /// Looks for what functions call.
  ///
  /// - Parameter matches: says of a qualified name whether the function is meant.
  public init(of matches: @escaping (_ qualifiedName: [UInt8]) -> Bool) {
    choice = FunctionChoice(matches)
  }

  public mutating func enter(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    // Of what there is no room for, that is kept: what it calls is above the function too.
    let caller = StackTree.Place(tag: stack.caller?.tag ?? 0)
    guard caller.tag != 0 || choice.includes(stack.top, thread) else { return }
    stack.top.tag =
      tree.place(
        stack.top, file: thread.fileIndex, from: caller, in: stack, at: stack.calls.count - 1
      ).tag
  }

  public mutating func leave(
    _ end: CallEnd, at time: UInt64, _ event: DecodedEvent?, _ stack: inout CallStack,
    _ thread: WalkedThread
  ) {
    let place = StackTree.Place(tag: stack.top.tag)
    guard place.tag != 0 else { return }
    tree.count(
      place, stack.times(at: time), isPartial: !stack.top.isWhole || end == .lost,
      by: stack.top.isResumed ? 0 : 1)
  }
}

/// The distinct stacks on which an exception was raised.
public struct ExceptionPaths: CallVisitor {
  /// The stacks, the function that raised as innermost; counted are exceptions.
  public private(set) var tree = StackTree()
  private let matches: (_ className: [UInt8]) -> Bool

  /// Looks for where exceptions come from.
  ///
  /// - Parameter matches: says of an exception's class whether it is meant.
  public init(to matches: @escaping (_ className: [UInt8]) -> Bool) { self.matches = matches }

  public mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    guard isRaised, let name = thread.text(0, of: event), matches(name) else { return }
    tree.count(tree.place(&stack, file: thread.fileIndex))
  }
}
