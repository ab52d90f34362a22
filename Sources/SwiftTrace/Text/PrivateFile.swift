import CPlatform
import Glibc
import TraceFormat

/// A file for text that no other user may read or redirect.
enum PrivateFile {
  /// Opens a file for appending, and empties it. A new file is accessible to its owner alone,
  /// whatever the umask.
  ///
  /// A symbolic link is followed only if it belongs to this user or to root. A file that another
  /// user has put into a folder with the sticky bit, such as `/tmp`, is refused. Either could show
  /// the text to that user, or overwrite another file with it.
  ///
  /// - Returns: the descriptor, which the caller owns.
  /// - Throws: `SystemError`; EACCES if the file is refused.
  static func create(_ path: [UInt8]) throws -> Int32 {
    var path = path
    for _ in 0..<mostLinks {
      let flags = O_WRONLY | O_APPEND | O_CLOEXEC | O_NOFOLLOW
      var descriptor = SystemCall.open(path, flags | O_CREAT | O_EXCL, mode: 0o600)
      if descriptor >= 0 {
        fchmod(descriptor, 0o600)
        return descriptor
      }
      guard errno == EEXIST else { throw failure(errno, path) }
      descriptor = SystemCall.open(path, flags)
      if descriptor >= 0 { return try emptied(descriptor, path) }
      if errno == ENOENT { continue }  // It has been removed since.
      guard errno == ELOOP else { throw failure(errno, path) }
      guard let target = try target(of: path) else {
        // A link of the kernel, such as /proc/self/fd/1, refers to an open file and has no path.
        descriptor = SystemCall.open(path, O_WRONLY | O_APPEND | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno, path) }
        return try emptied(descriptor, path)
      }
      path = target
    }
    throw failure(ELOOP, path)
  }

  private static let mostLinks = 40

  private static func failure(_ code: Int32, _ path: [UInt8]) -> SystemError {
    SystemError(code: code, subject: String(decoding: path, as: UTF8.self))
  }

  /// Returns the path in a link; `nil` if the link belongs to the kernel.
  private static func target(of path: [UInt8]) throws -> [UInt8]? {
    let link = SystemCall.openLink(path)
    guard link >= 0 else { throw failure(errno, path) }
    defer { close(link) }
    guard let status = SystemCall.status(of: link) else { throw failure(errno, path) }
    if CPlatform_isSystemLink(link) { return nil }
    guard status.st_uid == geteuid() || status.st_uid == 0 else { throw failure(EACCES, path) }
    guard let target = SystemCall.target(ofLink: link) else { throw failure(errno, path) }
    return target[0] == UInt8(ascii: "/") ? target : folder(ofFile: path) + target
  }

  private static func emptied(_ descriptor: Int32, _ path: [UInt8]) throws -> Int32 {
    guard let status = SystemCall.status(of: descriptor) else { return descriptor }
    guard status.st_mode & S_IFMT == S_IFREG else { return descriptor }
    if status.st_uid != geteuid(), status.st_uid != 0 {
      let folder = folder(ofFile: path)
      let parent = SystemCall.status(at: folder.isEmpty ? Array(".".utf8) : folder)
      if parent.map({ $0.st_mode & S_ISVTX != 0 }) ?? true {
        close(descriptor)
        throw failure(EACCES, path)
      }
    }
    guard ftruncate(descriptor, 0) == 0 else {
      let code = errno
      close(descriptor)
      throw failure(code, path)
    }
    return descriptor
  }
}
