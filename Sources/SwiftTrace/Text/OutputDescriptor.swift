import Glibc
import TraceFormat

/// A file descriptor that belongs to the tracer.
///
/// A program may close descriptors that it does not know, and open a file that gets the same
/// number. Each write therefore first checks which file the descriptor refers to, so that none goes
/// into a file of the program.
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

  /// Takes over an open descriptor, and moves it beyond the numbers that programs choose
  /// themselves.
  init(owning descriptor: Int32) {
    let moved = fcntl(descriptor, F_DUPFD_CLOEXEC, 100)
    if moved >= 0 { close(descriptor) }
    self.descriptor = moved >= 0 ? moved : descriptor
    identity = Identity(self.descriptor)
  }

  /// Duplicates an open descriptor. The duplicate stays open when the program closes the original.
  init(duplicating descriptor: Int32) {
    let duplicate = fcntl(descriptor, F_DUPFD_CLOEXEC, 100)
    self.descriptor = duplicate >= 0 ? duplicate : fcntl(descriptor, F_DUPFD_CLOEXEC, 3)
    identity = Identity(self.descriptor)
  }

  /// Uses a descriptor of the program, as long as it refers to the same file as another one.
  init(naming descriptor: Int32, as other: OutputDescriptor) {
    self.descriptor = descriptor
    identity = other.identity
    isForgotten = true
  }

  /// Whether both refer to the same file.
  func isSame(as other: OutputDescriptor) -> Bool { identity != nil && identity == other.identity }

  /// Leaves the descriptor open when this object is released, because another owner has it now.
  func forget() { isForgotten = true }

  deinit {
    if !isForgotten, identity != nil, Identity(descriptor) == identity { close(descriptor) }
  }

  /// Returns the descriptor's number.
  ///
  /// - Throws: `SystemError` if the program has closed it.
  func current() throws -> Int32 {
    guard let identity, Identity(descriptor) == identity else {
      throw SystemError(code: EBADF, subject: "trace output")
    }
    return descriptor
  }

  /// Returns the file's length in bytes.
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
