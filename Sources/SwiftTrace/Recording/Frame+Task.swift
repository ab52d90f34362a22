extension Frame {
  /// Identifies the frame of a task: the address of a frame whose function is the outermost traced
  /// one in a chain of awaits; else 0. The address stays the same from call to end, because the
  /// frame is a part of its coroutine.
  func task(of function: borrowing Function) -> UInt64 {
    guard function.isAsync, let object else { return 0 }
    // A running frame keeps alive the frames below it, and their code objects.
    var frame = object.generatorBelow
    while let below = frame {
      if let record = below.knownFunction, record.value.isTraced(like: function.record) {
        return 0
      }
      frame = below.generatorBelow
    }
    return UInt64(object.bits)
  }
}

extension FunctionRecord {
  /// Whether the function is traced, by a decision of the same filter generation as the other's.
  fileprivate func isTraced(like other: Pinned<FunctionRecord>) -> Bool {
    head.is_traced && head.filter_generation == other.value.head.filter_generation
  }
}
