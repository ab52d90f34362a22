import CPlatform
import Glibc

/// System calls that take pointers, for code without pointers.
///
/// Unless stated otherwise, they return -1, `nil` or false on failure, with `errno` set.
package enum SystemCall {
  // SAFETY, for all functions: paths end in NUL; structures are read only if the call has filled
  // them; buffers live until the call returns.

  private static func name(_ path: [UInt8]) -> [CChar] {
    path.map { CChar(truncatingIfNeeded: $0) } + [0]
  }

  /// Opens a file. Returns the descriptor.
  package static func open(_ path: [UInt8], _ flags: Int32, mode: mode_t = 0) -> Int32 {
    unsafe Glibc.open(name(path), flags, mode)
  }

  package static func unlink(_ path: [UInt8]) -> Int32 { unsafe Glibc.unlink(name(path)) }

  package static func status(of descriptor: Int32) -> stat? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? status : nil
  }

  package static func status(at path: [UInt8]) -> stat? {
    var status = Glibc.stat()
    return unsafe stat(name(path), &status) == 0 ? status : nil
  }

  /// Opens a symbolic link itself, not its target. Returns the descriptor.
  package static func openLink(_ path: [UInt8]) -> Int32 { unsafe CPlatform_openLink(name(path)) }

  /// Returns the path that a symbolic link contains. `link` is a descriptor from `openLink`.
  package static func target(ofLink link: Int32) -> [UInt8]? {
    var bytes = [CChar](repeating: 0, count: Int(PATH_MAX))
    let count = unsafe CPlatform_readLink(link, &bytes, bytes.count)
    return count > 0 ? bytes[..<count].map { UInt8(bitPattern: $0) } : nil
  }

  /// Writes all bytes, at an offset in the file or at the descriptor's position. Repeats calls that
  /// are interrupted or find a full pipe.
  package static func write(_ bytes: Span<UInt8>, to descriptor: Int32, at offset: UInt64? = nil)
    -> Bool
  {
    var done = 0
    return unsafe bytes.withUnsafeBytes { bytes in
      while done < bytes.count {
        let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[done...])
        let written =
          if let offset {
            unsafe pwrite(descriptor, rest.baseAddress!, rest.count, off_t(offset) + off_t(done))
          } else {
            unsafe Glibc.write(descriptor, rest.baseAddress!, rest.count)
          }
        if written < 0, errno != EINTR, errno != EAGAIN { return false }
        done += max(0, written)
      }
      return true
    }
  }

  /// Reads up to `count` bytes at the descriptor's position.
  package static func read(_ count: Int, from descriptor: Int32) -> [UInt8]? {
    var bytes = [UInt8](repeating: 0, count: count)
    let result = unsafe Glibc.read(descriptor, &bytes, count)
    return result < 0 ? nil : Array(bytes[..<result])
  }

  /// Returns the names of a folder's entries. Returns none if the folder cannot be read.
  package static func names(in folder: [UInt8]) -> [[UInt8]] {
    guard let stream = unsafe opendir(name(folder)) else { return [] }
    defer { unsafe closedir(stream) }
    var result: [[UInt8]] = []
    while let entry = unsafe readdir(stream) {
      // The name ends in NUL. It is copied before the next entry is read.
      let name = unsafe withUnsafeBytes(of: &entry.pointee.d_name) { bytes in
        unsafe Array(bytes.prefix { $0 != 0 })
      }
      result.append(name)
    }
    return result
  }

  /// The path of the current folder.
  package static var workingFolder: [UInt8]? {
    guard let folder = unsafe getcwd(nil, 0) else { return nil }
    defer { unsafe free(folder) }
    return Array(unsafe String(cString: folder).utf8)
  }

  /// Returns the system's message for an `errno` value.
  package static func message(_ code: Int32) -> String { unsafe String(cString: strerror(code)) }
}
