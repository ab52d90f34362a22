import Glibc
import TraceFormat

/// A file descriptor of the tracer's own.
///
/// A program may close descriptors that it does not know, and open a file of its own under the same
/// number. So it is looked at before each write: the program's file is never written to.
final class OutputDescriptor {
  private let descriptor: Int32
  private let identity: Identity?
  private var isForgotten = false

  private struct Identity: Equatable {
    let device: UInt
    let file: UInt

    init?(_ descriptor: Int32) {
      guard let status = SystemCall.status(of: descriptor) else { return nil }
      device = UInt(status.st_dev)
      file = UInt(status.st_ino)
    }
  }

  /// Takes over an open descriptor, moved out of the way of those that programs number themselves.
  init(owning descriptor: Int32) {
    let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 100)
    if moved >= 0 { close(descriptor) }
    self.descriptor = moved >= 0 ? moved : descriptor
    identity = Identity(self.descriptor)
  }

  /// Names what an open descriptor names, and goes on to when the program closes that one.
  init(duplicating descriptor: Int32) {
    let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 100)
    self.descriptor = duplicate >= 0 ? duplicate : fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    identity = Identity(self.descriptor)
  }

  /// A descriptor of the program's own, for as long as it names the same file as another.
  init(naming descriptor: Int32, as other: OutputDescriptor) {
    self.descriptor = descriptor
    identity = other.identity
    isForgotten = true
  }

  /// Whether both name the same file.
  func isSame(as other: OutputDescriptor) -> Bool { identity != nil && identity == other.identity }

  /// Leaves the number to whoever has it now.
  func forget() { isForgotten = true }

  deinit {
    if !isForgotten, identity != nil, Identity(descriptor) == identity { close(descriptor) }
  }

  /// The descriptor's number.
  ///
  /// - Throws: `SystemError` when the program has closed it.
  func current() throws -> Int32 {
    guard let identity, Identity(descriptor) == identity else {
      throw SystemError(code: EBADF, subject: "trace output")
    }
    return descriptor
  }

  /// The file's length.
  ///
  /// - Throws: `SystemError` if the program has closed the descriptor.
  func length() throws -> UInt64 {
    let descriptor = try current()
    guard let status = SystemCall.status(of: descriptor) else {
      throw SystemError(code: errno, subject: "trace output")
    }
    return UInt64(max(0, status.st_size))
  }

  /// - Throws: `SystemError`.
  func write(_ bytes: Span<UInt8>) throws {
    guard SystemCall.write(bytes, to: try current()) else {
      throw SystemError(code: errno, subject: "trace output")
    }
  }
}
