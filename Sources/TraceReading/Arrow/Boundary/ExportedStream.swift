import CArrow
import Glibc

/// Owner of an exported stream's table, and of its last error message.
@safe private final class ExportedStream {
  private let source: any ArrowSource
  private var failure: ReadingError?
  // SAFETY: replaced and freed only here; the consumer reads it before its next call.
  private(set) var message: UnsafeMutablePointer<CChar>?

  init(_ source: any ArrowSource) { self.source = source }

  deinit { unsafe message?.deallocate() }

  var field: ArrowField { source.field }

  /// Sets the array to the next batch, or at the end to a released array. Returns an errno value.
  func next(_ array: UnsafeMutablePointer<ArrowArray>) -> Int32 {
    unsafe array.initialize(to: ArrowArray())
    do throws(ReadingError) {
      // After an error, each call fails with that error.
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

  /// Returns the owner of a stream with which the consumer called, or nil if it is released.
  static func of(_ stream: UnsafeMutablePointer<ArrowArrayStream>) -> ExportedStream? {
    // SAFETY: only `init(exporting:)` sets the pointer, and `release` clears it.
    guard let owner = unsafe stream.pointee.private_data else { return nil }
    return unsafe Unmanaged<ExportedStream>.fromOpaque(owner).takeUnretainedValue()
  }
}

extension ArrowArrayStream {
  /// Exports a table as a stream. The receiver owns the structure and must release it.
  ///
  /// Batches that were taken from the stream remain valid after its release.
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
        // SAFETY: the consumer releases a structure only once, and this initializer created it.
        guard let owner = unsafe stream.pointee.private_data else { return }
        unsafe stream.pointee.release = nil
        unsafe stream.pointee.private_data = nil
        unsafe Unmanaged<ExportedStream>.fromOpaque(owner).release()
      }, private_data: Unmanaged.passRetained(ExportedStream(source)).toOpaque())
  }
}
