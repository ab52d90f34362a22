import CArrow
import Glibc

/// What an exported stream owns: the table, and the words of its last error.
@safe private final class ExportedStream {
  private let source: any ArrowSource
  private var failure: ReadingError?
  // SAFETY: replaced and freed here alone; the consumer reads it before its next call.
  private(set) var message: UnsafeMutablePointer<CChar>?

  init(_ source: any ArrowSource) { self.source = source }

  deinit { unsafe message?.deallocate() }

  var field: ArrowField { source.field }

  /// Sets the array to the next batch, or to one that is released. Returns an errno.
  func next(_ array: UnsafeMutablePointer<ArrowArray>) -> Int32 {
    unsafe array.initialize(to: ArrowArray())
    do throws(ReadingError) {
      // A table that could not be read on is not read on.
      if let failure { throw failure }
      guard let batch = try source.nextBatch() else { return 0 }
      unsafe array.initialize(to: ArrowArray(exporting: batch))
      return 0
    } catch {
      failure = error
      unsafe message?.deallocate()
      unsafe message = copy(error.description)
      return error.code == 0 ? EINVAL : error.code
    }
  }

  /// The stream that a call of the consumer's is about.
  static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>) -> ExportedStream? {
    // SAFETY: only `init(exporting:)` sets the pointer, and `release` clears it.
    guard let owner = unsafe stream.pointee.private_data else { return nil }
    return unsafe Unmanaged<ExportedStream>.fromOpaque(owner).takeUnretainedValue()
  }
}

extension ArrowArrayStream {
  /// A table as a stream, owned by whoever gets it.
  ///
  /// Batches that were taken from it stay when it is released.
  public init(exporting source: any ArrowSource) {
    unsafe self.init(
      get_schema: { stream, schema in
        guard let owner = unsafe ExportedStream.of(stream) else { return EINVAL }
        unsafe schema.initialize(to: ArrowSchema(exporting: owner.field))
        return 0
      },
      get_next: { stream, array in
        guard let owner = unsafe ExportedStream.of(stream) else { return EINVAL }
        return unsafe owner.next(array)
      },
      get_last_error: { stream in
        guard let message = unsafe ExportedStream.of(stream)?.message else { return nil }
        return unsafe UnsafePointer(message)
      },
      release: { stream in
        // SAFETY: the consumer releases once a structure that this made.
        guard let owner = unsafe stream.pointee.private_data else { return }
        unsafe stream.pointee.release = nil
        unsafe stream.pointee.private_data = nil
        unsafe Unmanaged<ExportedStream>.fromOpaque(owner).release()
      }, private_data: Unmanaged.passRetained(ExportedStream(source)).toOpaque())
  }
}
