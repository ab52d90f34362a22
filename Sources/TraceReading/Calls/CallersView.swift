import TraceFormat

/// The distinct stacks on which functions were called.
public struct CallersView: CallVisitor {
  /// The stacks of the functions' calls, with the functions as innermost. Counts are of calls.
  public private(set) var tree = StackTree()
  private var choice: FunctionChoice

  /// Creates a view of the callers of functions.
  ///
  /// - Parameter matches: returns whether a function with this qualified name is selected.
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

/// The distinct stacks above functions: the calls that they made, and those made in turn.
public struct CalleesView: CallVisitor {
  /// The stacks above the functions, with the functions as outermost. Counts are of calls.
  public private(set) var tree = StackTree()
  private var choice: FunctionChoice

  /// Creates a view of the calls that functions make.
  ///
  /// - Parameter matches: returns whether a function with this qualified name is selected.
  public init(of matches: @escaping (_ qualifiedName: [UInt8]) -> Bool) {
    choice = FunctionChoice(matches)
  }

  public mutating func enter(
    _ event: DecodedEvent, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    // The tag is also set if the tree had no room for the caller, because its callees belong to the
    // view too.
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
  /// The stacks, with the function that raised as innermost. Counts are of exceptions.
  public private(set) var tree = StackTree()
  private let matches: (_ className: [UInt8]) -> Bool

  /// Creates a view of the stacks on which exceptions are raised.
  ///
  /// - Parameter matches: returns whether an exception of this class is selected.
  public init(to matches: @escaping (_ className: [UInt8]) -> Bool) { self.matches = matches }

  public mutating func exception(
    _ event: DecodedEvent, isRaised: Bool, _ stack: inout CallStack, _ thread: WalkedThread
  ) {
    guard isRaised, let name = thread.text(0, of: event), matches(name) else { return }
    tree.count(tree.place(&stack, file: thread.fileIndex))
  }
}
