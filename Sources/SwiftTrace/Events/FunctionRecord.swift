import CTraceHook
import TraceFormat

/// The engine's record for one code object, made at its first event and stored with it.
///
/// The texts are UTF-8, encoded once, so that no event needs a `String`. Each is stored plain and
/// escaped for people; the two are nearly always one text.
struct FunctionRecord {
  /// First field, because the hook reads the filter's decision there.
  var head = CTraceHook_FunctionHeader()
  /// Counters of the lines from `firstLine` on, if the session that made the decision counts lines.
  var counters: FixedBuffer<UInt64>?
  var counterCount: Int32 = 0
  /// Number of the last function that called this one, in the session that made the decision; 0 for
  /// none.
  var lastCaller: UInt32 = 0
  let firstLine: Int32
  let number: UInt32
  let name: PaddedText
  let qualifiedName: PaddedText
  let file: PaddedText
  let shownName: PaddedText
  /// The qualified name, escaped; for a module's own code, with its file.
  let label: PaddedText
  let shownFile: PaddedText
  /// `name:file`, escaped, which EventLogger prints for each line.
  let location: PaddedText
  let flags: Int32
  let parameters: FixedBuffer<Parameter>
  let parameterCount: Int
  /// Number of instructions in the code object.
  let instructionCount: Int32

  /// File of the code that ran the string from which this code object was made; nil if unknown,
  /// empty if that is the program itself.
  var maker: String?
  /// The line of the function's call events; `unknownLine` before the first.
  var callLine = unknownLine
  /// The line of each instruction, or `unknownLine`; the table is made at the first lookup.
  var lines: FixedBuffer<Int32>?
  /// Number of the last recording that defines the function; 0 for none.
  var definedIn: UInt64 = 0
  /// Number of the function in that recording, from 1; 0 for none.
  var recordedAs: UInt32 = 0
  /// The line of the function's call events in that recording.
  var recordedCallLine: Int32 = 0

  /// Whether the function is a generator, a coroutine or an asynchronous generator.
  @inline(__always)
  var canSuspend: Bool { flags & (0x20 | 0x80 | 0x200) != 0 }

  /// Whether the function is a coroutine or an asynchronous generator.
  @inline(__always)
  var isAsync: Bool { flags & (0x80 | 0x200) != 0 }

  /// The line of an instruction, or `unknownLine` if it has not been looked up.
  @inline(__always)
  func knownLine(_ instruction: Int32) -> Int32 {
    guard let lines = lines,
      UInt32(bitPattern: instruction) < UInt32(bitPattern: instructionCount)
    else { return unknownLine }
    return lines[Int(instruction)]
  }

  /// One parameter. Parameters are in the order in which a call shows them.
  struct Parameter {
    /// The name, with the stars of `*args` and `**kwargs`.
    let name: PaddedText
    let shownName: PaddedText
    /// Index among the frame's variables.
    let slot: Int32

    init(_ name: [UInt8], slot: Int32) {
      let text = PaddedText(copying: name)
      (self.name, self.slot) = (text, slot)
      shownName = text.replaced(by: PrintableText.escaped(name))
    }
  }

  init(
    firstLine: Int32, number: UInt32, name: [UInt8], qualifiedName: [UInt8], file: [UInt8],
    flags: Int32, parameters: [Parameter], instructionCount: Int32
  ) {
    (self.firstLine, self.number, self.flags) = (firstLine, number, flags)
    (self.parameterCount, self.instructionCount) = (parameters.count, instructionCount)
    self.parameters = FixedBuffer(parameters)
    self.name = PaddedText(copying: name)
    self.qualifiedName = PaddedText(copying: qualifiedName)
    self.file = PaddedText(copying: file)
    let (shownName, shownFile) = (PrintableText.escaped(name), PrintableText.escaped(file))
    self.shownName = self.name.replaced(by: shownName)
    label = self.qualifiedName.replaced(
      by: FunctionLabel.label(qualifiedName: qualifiedName, file: file))
    self.shownFile = self.file.replaced(by: shownFile)
    location = PaddedText(copying: shownName + [UInt8(ascii: ":")] + shownFile)
  }
}

/// Numbers code objects, over all sessions.
private let functionsDefined = Counter()

extension FunctionRecord {
  /// Makes the record of a code object. `destroy` frees it.
  static func make(_ code: CodeDescription) -> Pinned<FunctionRecord> {
    Pinned(
      FunctionRecord(
        firstLine: code.firstLine, number: UInt32(truncatingIfNeeded: functionsDefined.next()),
        name: code.name, qualifiedName: code.qualifiedName, file: code.file,
        flags: code.flags, parameters: parameters(of: code),
        instructionCount: code.instructionCount))
  }

  private static func parameters(of code: CodeDescription) -> [Parameter] {
    // Variables of a frame: positional, keyword-only, `*args`, `**kwargs`. Shown: `*args` before
    // keyword-only.
    let named = code.positionalCount + code.keywordOnlyCount
    var slots = (0..<code.positionalCount).map { ("", $0) }
    if code.flags.hasArguments > 0 { slots.append(("*", named)) }
    slots += (code.positionalCount..<named).map { ("", $0) }
    if code.flags.hasKeywords > 0 { slots.append(("**", named + code.flags.hasArguments)) }
    return slots.map { stars, slot in
      Parameter(Array(stars.utf8) + code.parameterNames[slot], slot: Int32(slot))
    }
  }

  /// Makes the record of a function without an interpreter, to test strategies. Never freed.
  static func make(
    name: String, qualifiedName: String, file: String, firstLine: Int32
  ) -> Pinned<FunctionRecord> {
    Pinned(
      FunctionRecord(
        firstLine: firstLine, number: 0, name: Array(name.utf8),
        qualifiedName: Array(qualifiedName.utf8), file: Array(file.utf8), flags: 0,
        parameters: [], instructionCount: 0))
  }

  /// Makes the record of a function that a recording defines. `destroy` frees it.
  static func make(_ definition: FunctionDefinition, file: [UInt8]) -> Pinned<FunctionRecord> {
    // A recorded frame stores its arguments in this order.
    let parameters = definition.parameters.enumerated().map {
      Parameter($0.element, slot: Int32($0.offset))
    }
    return Pinned(
      FunctionRecord(
        firstLine: definition.firstLine, number: definition.number,
        name: definition.name, qualifiedName: definition.qualifiedName, file: file,
        flags: Int32(bitPattern: definition.flags), parameters: parameters, instructionCount: 0))
  }

  /// Makes the table of lines, all of them unknown.
  mutating func makeLines() -> FixedBuffer<Int32> {
    let count = Int(instructionCount)
    MemoryReserve.ensure(count * 4 + 64)
    let lines = FixedBuffer(repeating: unknownLine, count: count)
    self.lines = lines
    return lines
  }

  /// Frees a record whose code object is gone, so that no event can refer to it.
  static func destroy(_ record: Pinned<FunctionRecord>) {
    record.value.freeTexts()
    record.destroy()
  }

  private func freeTexts() {
    shownName.free(unless: name)
    label.free(unless: qualifiedName)
    shownFile.free(unless: file)
    name.free()
    qualifiedName.free()
    file.free()
    location.free()
    for index in 0..<parameterCount {
      let parameter = parameters[index]
      parameter.shownName.free(unless: parameter.name)
      parameter.name.free()
    }
    parameters.free()
    lines?.free()
  }
}
