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
  /// - Throws: `SystemError` where there is something else than a recording, or it cannot be
  ///   removed.
  static func remove(_ root: [UInt8]) throws {
    switch try content(of: root) {
    case .missing: return
    case .empty: break
    case .recording(let family, _):
      let children = children(beside: root, of: family)
      for path in [root] + children { try refuseWriter(of: path) }
      for path in children { try unlink(path) }
    case .other: throw SystemError(code: EEXIST, subject: String(decoding: root, as: UTF8.self))
    }
    try unlink(root)
  }

  /// The files of a family's children, in the folder of its first file and named after that and the
  /// process that wrote them. A copy under another name belongs to the user.
  private static func children(beside root: [UInt8], of family: (UInt64, UInt64)) -> [[UInt8]] {
    let folder = folder(ofFile: root)
    return SystemCall.names(in: folder).map { folder + $0 }.filter { path in
      guard isChildPath(path, of: root),
        case .recording(let other, let process)? = try? content(of: path)
      else { return false }
      return other == family && number(inChildPath: path, of: root) == process
    }
  }

  /// The process's number in a path that `childPath` gives.
  private static func number(inChildPath path: [UInt8], of root: [UInt8]) -> UInt32? {
    let stem = root.suffix(ending.count) == ending[...] ? root.count - ending.count : root.count
    let digits = path[(stem + 1)...].prefix(while: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    return UInt32(String(decoding: digits, as: UTF8.self))
  }

  /// Whether `childPath` gives such a path: the first file's, with a process's number in the name.
  static func isChildPath(_ path: [UInt8], of root: [UInt8]) -> Bool {
    let stem = Array(
      root.suffix(ending.count) == ending[...] ? root.dropLast(ending.count) : root[...])
    guard path.starts(with: stem), path.suffix(ending.count) == ending[...],
      path.count > stem.count + ending.count
    else { return false }
    let middle = path[stem.count..<(path.count - ending.count)]
    let numbers = middle.dropFirst().split(
      separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
    return middle.first == UInt8(ascii: ".") && numbers.count <= 2
      && numbers.allSatisfy {
        !$0.isEmpty && $0.allSatisfy((UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
      }
  }

  /// - Throws: `SystemError` with EBUSY if a process is writing the recording.
  private static func refuseWriter(of path: [UInt8]) throws {
    let descriptor = SystemCall.open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { return }
    defer { close(descriptor) }
    guard WritingProcess.of(descriptor) != nil else { return }
    throw SystemError(code: EBUSY, subject: String(decoding: path, as: UTF8.self))
  }

  private static func unlink(_ path: [UInt8]) throws {
    guard SystemCall.unlink(path) == 0 else {
      throw SystemError(code: errno, subject: String(decoding: path, as: UTF8.self))
    }
  }

  /// What is at a path.
  private enum Content {
    case missing
    /// A file that has nothing to lose.
    case empty
    /// A recording, of this family and by this process.
    case recording((UInt64, UInt64), UInt32)
    /// A file, or a device or the like, that is not ours.
    case other
  }

  private static func content(of path: [UInt8]) throws -> Content {
    let subject = String(decoding: path, as: UTF8.self)
    // Opening a pipe would wait for its other end.
    let flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK
    let descriptor = SystemCall.open(path, flags)
    guard descriptor >= 0 else {
      if errno == ENOENT { return .missing }
      throw SystemError(code: errno, subject: subject)
    }
    defer { close(descriptor) }
    guard let status = SystemCall.status(of: descriptor) else {
      throw SystemError(code: errno, subject: subject)
    }
    if status.st_mode & S_IFMT == S_IFDIR { throw SystemError(code: EISDIR, subject: subject) }
    guard status.st_mode & S_IFMT == S_IFREG else { return .other }
    guard let bytes = SystemCall.read(Format.page, from: descriptor) else {
      throw SystemError(code: errno, subject: subject)
    }
    if bytes.isEmpty { return .empty }
    guard let family = try? FileHeader.family(in: bytes.span) else {
      return .other
    }
    return .recording(family, FileHeader.processID(in: bytes.span))
  }

  /// Refuses a path at which there is a folder: for the system it is only something that exists.
  ///
  /// - Throws: `SystemError`.
  static func refuseFolder(_ path: [UInt8]) throws {
    guard let status = SystemCall.status(at: path), status.st_mode & S_IFMT == S_IFDIR
    else { return }
    throw SystemError(code: EISDIR, subject: String(decoding: path, as: UTF8.self))
  }
}

/// The folder that a path names a file in, with its slash; empty for the current one.
func folder(ofFile path: [UInt8]) -> [UInt8] {
  Array(path[..<((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)])
}

/// An absolute path: a program may change its folder.
func absolute(_ path: [UInt8]) -> [UInt8] {
  if path.first == UInt8(ascii: "/") { return path }
  guard let start = SystemCall.workingFolder else { return path }
  return path.isEmpty ? start : start + [UInt8(ascii: "/")] + path
}

/// A number that no other family has.
func randomFamily() -> (UInt64, UInt64) {
  var generator = SystemRandomNumberGenerator()
  return (generator.next(), generator.next())
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
    guard let object else { return }
    object.describeThread(&cell.nativeID, &cell.identifier, &cell.name)
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
      append(messageOf: exception, verbatim: true)
    }
  }

  /// Adds the message of an exception, as `str()` makes it of its arguments: one shows as itself.
  /// Arguments that are an object of a subclass of tuple show as any such object.
  ///
  /// - Parameter verbatim: whether a str is added as it is: formats that have messages escape them
  ///   in their own way.
  mutating func append(messageOf exception: borrowing Value, verbatim: Bool) {
    exception.withExceptionArguments { arguments in
      guard arguments.kind == .tuple else { return append(arguments, as: .repr) }
      guard arguments.count <= 1 else { return append(arguments, as: .repr) }
      guard arguments.count == 1 else { return }
      switch arguments.item(0) {
      case .none: break
      case .some(let only) where verbatim && only.kind == .string:
        append(verbatim: only.characters)
      case .some(let only): append(only, as: .str)
      }
    }
  }

  /// Adds what a function written in C is called, and the class that it is bound to, without the
  /// object's address: `<built-in method append of list object>`.
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
