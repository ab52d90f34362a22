/// Takes back the last events of the chunk.
extension EventEncoder {
  /// A position in the chunk to which the encoder can go back.
  public struct Checkpoint {
    fileprivate let used: Int
    fileprivate let time: UInt64
    fileprivate let count: Int
    fileprivate let place: UInt64
    fileprivate let depth: Int32
    fileprivate let stack: UInt32
    fileprivate let callers: Int
    fileprivate let moves: Int
  }

  /// The current position.
  public var checkpoint: Checkpoint {
    Checkpoint(
      used: used, time: now, count: count, place: path.place, depth: path.depth, stack: path.stack,
      callers: path.callers.count, moves: path.moves)
  }

  /// Takes back all events since the checkpoint, which must be in the current chunk.
  /// `resumesByNumber` must have been set since `begin`.
  ///
  /// - Returns: false, without changes, if the call path is not the one at the checkpoint.
  public mutating func goBack(to checkpoint: Checkpoint) -> Bool {
    guard checkpoint.used < used, checkpoint.place == path.place, checkpoint.depth == path.depth,
      checkpoint.stack == path.stack, checkpoint.callers == path.callers.count,
      checkpoint.moves == path.moves
    else { return false }
    clear(from: checkpoint.used)
    now = checkpoint.time
    count = checkpoint.count
    return true
  }
}
