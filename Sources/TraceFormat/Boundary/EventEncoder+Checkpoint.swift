/// Taking back what was written last, while it is still the end of the chunk.
extension EventEncoder {
  /// A place in the chunk to which the encoder can go back.
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

  /// Where the encoder is now.
  public var checkpoint: Checkpoint {
    Checkpoint(
      used: used, time: now, count: count, place: path.place, depth: path.depth, stack: path.stack,
      callers: path.callers.count, moves: path.moves)
  }

  /// Takes back all events since the checkpoint, which must be of this chunk. Until `begin` is called again
  /// `resumesByNumber` must be set.
  ///
  /// - Returns: false, and nothing was done, where those events have not led back to where it was.
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
