import CTraceHook
import Glibc
import Synchronization
import TraceFormat

/// The files of one run: `run.swt` of the first process, and beside it those of its children, such
/// as `run.4711.swt`.
enum RecordingFamily {
  private static let ending = Array(".swt".utf8)

  /// Returns the path of a child's file.
  ///
  /// - Parameter attempt: 1, or more if earlier names are taken.
  static func childPath(_ root: [UInt8], process: Int32, attempt: Int) -> [UInt8] {
    let stem = root.suffix(ending.count) == ending[...] ? root.dropLast(ending.count) : root[...]
    let number = attempt == 1 ? "\(process)" : "\(process)-\(attempt)"
    return Array(stem) + Array(".\(number).swt".utf8)
  }

  /// Removes a recording and those of its children.
  ///
  /// - Throws: `SystemError` if the file is not a recording, is being written, or cannot be
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

  /// Returns the files of a run's children: those in the folder of its first file, with names made
  /// of that file's name and the process that wrote them. A copy with another name belongs to the
  /// user.
  private static func children(beside root: [UInt8], of family: (UInt64, UInt64)) -> [[UInt8]] {
    let folder = folder(ofFile: root)
    return SystemCall.names(in: folder).map { folder + $0 }.filter { path in
      guard isChildPath(path, of: root),
        case .recording(let other, let process)? = try? content(of: path)
      else { return false }
      return other == family && number(inChildPath: path, of: root) == process
    }
  }

  /// Returns the process ID in a path that `childPath` made.
  private static func number(inChildPath path: [UInt8], of root: [UInt8]) -> UInt32? {
    let stem = root.suffix(ending.count) == ending[...] ? root.count - ending.count : root.count
    let digits = path[(stem + 1)...].prefix(while: (UInt8(ascii: "0")...UInt8(ascii: "9")).contains)
    return UInt32(String(decoding: digits, as: UTF8.self))
  }

  /// Whether `childPath` could have made this path: the first file's, with a process ID in the
  /// name.
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

  /// Fails if a process is writing the recording.
  ///
  /// - Throws: `SystemError` with EBUSY.
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

  /// The kind of file at a path.
  private enum Content {
    case missing
    /// An empty file.
    case empty
    /// A recording, with its run ID and its process ID.
    case recording((UInt64, UInt64), UInt32)
    /// A file that is not a recording, or a device or the like.
    case other
  }

  private static func content(of path: [UInt8]) throws -> Content {
    let subject = String(decoding: path, as: UTF8.self)
    // Without O_NONBLOCK, opening a pipe would wait for its other end.
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

  /// Fails if there is a folder at the path. Creating a file there would only report that the path
  /// exists.
  ///
  /// - Throws: `SystemError` with EISDIR.
  static func refuseFolder(_ path: [UInt8]) throws {
    guard let status = SystemCall.status(at: path), status.st_mode & S_IFMT == S_IFDIR
    else { return }
    throw SystemError(code: EISDIR, subject: String(decoding: path, as: UTF8.self))
  }
}

/// The folder of the file at a path, with a slash at its end; empty for the current folder.
func folder(ofFile path: [UInt8]) -> [UInt8] {
  Array(path[..<((path.lastIndex(of: UInt8(ascii: "/")) ?? -1) + 1)])
}

/// Makes a path absolute, because the program may change its current folder.
func absolute(_ path: [UInt8]) -> [UInt8] {
  if path.first == UInt8(ascii: "/") { return path }
  guard let start = SystemCall.workingFolder else { return path }
  return path.isEmpty ? start : start + [UInt8(ascii: "/")] + path
}

/// Returns a random run ID.
func randomFamily() -> (UInt64, UInt64) {
  var generator = SystemRandomNumberGenerator()
  return (generator.next(), generator.next())
}

/// Formats a number with its digits in groups of three.
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
  /// Fills in the IDs and the name of the thread that runs the frame.
  func describeThread(_ entry: inout ThreadCell) {
    guard let object else { return }
    object.describeThread(&entry.nativeID, &entry.identifier, &entry.name)
    // Removes whole characters, so that the name stays UTF-8.
    while entry.name.count > ThreadCell.nameSize {
      while let last = entry.name.popLast(), last & 0xC0 == 0x80 {}
    }
  }
}

extension LineBuffer {
  /// Appends the message of an exception, made from its arguments without running the program's
  /// code.
  mutating func append(messageOf exception: borrowing Value?) {
    switch exception {
    case .none: break
    case .some(let exception):
      append(messageOf: exception, verbatim: true)
    }
  }

  /// Appends the message of an exception as `str()` makes it from the arguments: a single one is
  /// shown as itself. Arguments in an object of a subclass of tuple are shown like any such object.
  ///
  /// - Parameter verbatim: whether to append a str unescaped, for formats that escape messages
  ///   themselves.
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

  /// Appends the name of a C function, and the class that it is bound to, without the object's
  /// address: `<built-in method append of list object>`.
  mutating func append(nameOf callee: borrowing Value?) {
    let start = count
    append(callee, as: .repr)
    // A text with an address ends in ` at 0x…>`.
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
  /// Appends the message of the exception that was raised.
  mutating func append(messageOf event: borrowing ExceptionEvent) {
    switch event.recordedMessage {
    case .none: append(messageOf: event.exception)
    case .some(let message): append(message, as: .repr)
    }
  }
}
