import CTraceHook
import Glibc
import Synchronization
import TraceFormat

/// The files of one run: the first process's, `run.swt`, and those of its children beside it,
/// `run.4711.swt`.
enum RecordingFamily {
  private static let ending = Array(".swt".utf8)

  /// Where a child writes.
  ///
  /// - Parameter attempt: 1, and more where that name is taken.
  static func childPath(_ root: [UInt8], process: Int32, attempt: Int) -> [UInt8] {
    let stem = root.suffix(ending.count) == ending[...] ? root.dropLast(ending.count) : root[...]
    let number = attempt == 1 ? "\(process)" : "\(process)-\(attempt)"
    return Array(stem) + Array(".\(number).swt".utf8)
  }

  /// Removes a recording and those of its children.
  ///
  /// - Throws: `SystemError` where there is something else than a recording, or it cannot be removed.
  static func remove(_ root: [UInt8]) throws {
    guard let family = try family(of: root) else { return }
    let folder = Array(root[..<((root.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)])
    for name in names(in: folder) where folder + name != root {
      guard name.suffix(ending.count) == ending[...],
        let other = try? self.family(of: folder + name),
        other == family
      else { continue }
      try unlink(folder + name)
    }
    try unlink(root)
  }

  /// How many files a family has, and their bytes.
  static func size(of root: [UInt8], _ family: (UInt64, UInt64)) -> (files: Int, bytes: UInt64) {
    let folder = Array(root[..<((root.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)])
    var result = (files: 0, bytes: UInt64(0))
    for name in names(in: folder) where name.suffix(ending.count) == ending[...] {
      guard let other = try? self.family(of: folder + name), other == family else { continue }
      // SAFETY: `stat` fills the structure, which is read only if it says that it did.
      var status = stat()
      let path = (folder + name).map { CChar(bitPattern: $0) } + [0]
      if unsafe stat(path, &status) == 0 { result.bytes += UInt64(status.st_size) }
      result.files += 1
    }
    return result
  }

  private static func unlink(_ path: [UInt8]) throws {
    guard unsafe Glibc.unlink(path.map { CChar(bitPattern: $0) } + [0]) == 0 else {
      throw SystemError(code: errno, subject: String(decoding: path, as: UTF8.self))
    }
  }

  /// The family that a file belongs to; nil where there is no file.
  private static func family(of path: [UInt8]) throws -> (UInt64, UInt64)? {
    let subject = String(decoding: path, as: UTF8.self)
    let descriptor = unsafe open(path.map { CChar(bitPattern: $0) } + [0], O_RDONLY | O_CLOEXEC)
    guard descriptor >= 0 else {
      if errno == ENOENT { return nil }
      throw SystemError(code: errno, subject: subject)
    }
    defer { close(descriptor) }
    var bytes = [UInt8](repeating: 0, count: 1 << 20)
    let count = unsafe bytes.withUnsafeMutableBytes {
      unsafe read(descriptor, $0.baseAddress!, $0.count)
    }
    // An empty file has nothing to lose.
    if count == 0 { return (0, 0) }
    guard count > 0, let header = try? FileHeader(decoding: Array(bytes[..<count]).span) else {
      throw SystemError(code: count < 0 ? errno : EEXIST, subject: subject)
    }
    return header.family
  }

  private static func names(in folder: [UInt8]) -> [[UInt8]] {
    guard let stream = unsafe opendir(folder.map { CChar(bitPattern: $0) } + [0]) else { return [] }
    defer { unsafe closedir(stream) }
    var result: [[UInt8]] = []
    while let entry = unsafe readdir(stream) {
      // SAFETY: the system's entry ends its name with NUL; it is copied before the next is read.
      let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
        unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
          unsafe String(cString: $0)
        }
      }
      result.append(Array(name.utf8))
    }
    return result
  }
}

/// An absolute path: a program may change its folder.
func absolute(_ path: [UInt8]) -> [UInt8] {
  if path.first == UInt8(ascii: "/") { return path }
  guard let folder = unsafe getcwd(nil, 0) else { return path }
  defer { unsafe free(folder) }
  let start = Array(unsafe String(cString: folder).utf8)
  return path.isEmpty ? start : start + [UInt8(ascii: "/")] + path
}

/// A number that no other family has.
func randomFamily() -> (UInt64, UInt64) {
  var generator = SystemRandomNumberGenerator()
  return (generator.next(), generator.next())
}

/// Nanoseconds since 1970.
func wallTime() -> UInt64 {
  var now = timespec()
  unsafe clock_gettime(CLOCK_REALTIME, &now)
  return UInt64(now.tv_sec) * 1_000_000_000 + UInt64(now.tv_nsec)
}

/// A number with its digits in groups of three.
func grouped(_ number: UInt64) -> String {
  var digits = Array(String(number))
  var place = digits.count - 3
  while place > 0 {
    digits.insert(",", at: place)
    place -= 3
  }
  return String(digits)
}

private let recordings = Counter()

/// Numbers recordings from 1.
func nextRecordingSerial() -> UInt64 { recordings.next() }

extension Frame {
  /// Fills in which thread it is that runs the frame.
  func describeThread(_ cell: inout ThreadCell) {
    guard let object = unsafe object else { return }
    let thread = unsafe CTraceHook_currentThread(object)
    cell.nativeID = unsafe thread.native_id
    cell.identifier = unsafe thread.identifier
    unsafe TextReader(thread.name).appendUTF8(to: &cell.name)
    // Whole characters only.
    while cell.name.count > ThreadCell.nameSize {
      while let last = cell.name.popLast(), last & 0xC0 == 0x80 {}
    }
  }
}

extension LineBuffer {
  /// Adds the message of an exception, from its arguments, without running code of the program's.
  mutating func append(messageOf exception: borrowing Value?) {
    switch exception {
    case .none: break
    case .some(let exception):
      exception.withExceptionArguments { arguments in
        switch arguments.count {
        case 0: break
        case 1: append(arguments.item(0), as: .str)
        default: append(arguments, as: .repr)
        }
      }
    }
  }

  /// Adds what a function written in C is called, and the class that it is bound to, without the object's
  /// address: `<built-in method append of list object>`.
  mutating func append(nameOf callee: borrowing Value?) {
    let start = count
    append(callee, as: .repr)
    // ` at 0x…>` ends what has an address.
    var place = count - 1
    while place > start, self[place] != UInt8(ascii: " ") { place -= 1 }
    guard place > start + 3, place + 2 < count, self[place + 1] == UInt8(ascii: "0"),
      self[place + 2] == UInt8(ascii: "x")
    else { return }
    truncate(to: place - 3)
    append(">")
  }
}

extension LineBuffer {
  /// Adds the message of the exception that was raised.
  mutating func append(messageOf event: borrowing ExceptionEvent) {
    switch event.recordedMessage {
    case .none: append(messageOf: event.exception)
    case .some(let message): append(message, as: .repr)
    }
  }
}

extension Value {
  /// Of an exception: its arguments, a tuple.
  func withExceptionArguments(_ body: (borrowing Value) -> Void) {
    guard kind != .literal else { return }
    unsafe withUnsafePointer { object in
      if let arguments = unsafe CTraceHook_exceptionArguments(object) {
        body(unsafe Value(arguments))
      }
    }
  }
}
