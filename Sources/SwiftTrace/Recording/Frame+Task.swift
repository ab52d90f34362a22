import CTraceHook

extension Frame {
  /// Where the frame is, if the function that it runs is the outermost traced one of a chain of awaits; else 0. It
  /// stays there from its call to its end, as it is a part of its coroutine.
  func task(of function: borrowing Function) -> UInt64 {
    guard function.isAsync, let object = unsafe object else { return 0 }
    // SAFETY: the frames lie below one that is running, and keep their code objects, with which the records stay.
    var frame = unsafe CTraceHook_generatorBelow(object)
    while let below = unsafe frame {
      let record = unsafe CTraceHook_knownFunction(below)?
        .assumingMemoryBound(to: FunctionRecord.self)
      if let record = unsafe record, unsafe record.pointee.isTraced(like: function.record) {
        return 0
      }
      unsafe frame = CTraceHook_generatorBelow(below)
    }
    return UInt64(UInt(bitPattern: object))
  }
}

extension FunctionRecord {
  /// Whether its functions are traced by what has decided on the other one too.
  fileprivate func isTraced(like other: UnsafePointer<FunctionRecord>) -> Bool {
    unsafe head.is_traced && head.decided_by == other.pointee.head.decided_by
  }
}
