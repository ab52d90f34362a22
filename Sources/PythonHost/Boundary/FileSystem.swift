import Glibc

/// File system calls for use before an interpreter runs.
enum FileSystem {
  /// Whether the file exists and can be read.
  static func isReadable(_ path: String) -> Bool {
    // SAFETY: the path is NUL-terminated and lives to the end of the call.
    unsafe access(path, R_OK) == 0
  }

  /// The absolute path, with symbolic links unresolved.
  static func absolute(_ path: String) -> String {
    if path.hasPrefix("/") { return path }
    // SAFETY: `getcwd` allocates a NUL-terminated string, or returns NULL.
    guard let folder = unsafe getcwd(nil, 0) else { return path }
    defer { unsafe free(folder) }
    return unsafe "\(String(cString: folder))/\(path)"
  }

  /// The first 64 KB of a file as text; nil if it cannot be opened.
  static func text(of path: String) -> String? {
    // SAFETY: the path is NUL-terminated and lives to the end of the call.
    let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else { return nil }
    defer { close(descriptor) }
    // SAFETY: `read` writes at most `buffer.count` bytes, and returns their number.
    let bytes = unsafe [UInt8](unsafeUninitializedCapacity: 65_536) { buffer, count in
      unsafe count = max(0, read(descriptor, buffer.baseAddress, buffer.count))
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
