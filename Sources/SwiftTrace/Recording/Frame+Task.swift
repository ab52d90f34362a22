extension Frame {
  /// The address of a frame whose function is the outermost traced one of a chain of awaits; else
  /// 0. The frame keeps its address from its call to its end, as it is a part of its coroutine.
  func task(of function: borrowing Function) -> UInt64 {
    guard function.isAsync, let object else { return 0 }
    // The frames below lie below one that is running, and keep their code objects.
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
  /// Whether its functions are traced by the filter that has decided on the other one too.
  fileprivate func isTraced(like other: Pinned<FunctionRecord>) -> Bool {
    head.is_traced && head.filter_generation == other.value.head.filter_generation
  }
}
