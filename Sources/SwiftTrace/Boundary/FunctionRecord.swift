import CTraceHook
import TraceFormat

/// What the engine keeps for one code object, made at its first event and kept with it.
///
/// The texts are UTF-8, rendered once, so that no event needs a `String`: as they are, and as they
/// are shown to people, which is nearly always one text.
@unsafe struct FunctionRecord {
  /// Stands first: the hook reads the filter's decision there.
  var head = CTraceHook_FunctionHead()
  /// Where its lines are counted, from the first on; the pointer is that of the session that has
  /// decided, if that counts.
  var counters: UnsafeMutablePointer<UInt64>?
  var counterCount: Int32 = 0
  /// The number of the function that it was last called from, as the session that has decided
  /// knows; 0 for none.
  var lastCaller: UInt32 = 0
  let firstLine: Int32
  let number: UInt32
  let name: PaddedText
  let qualifiedName: PaddedText
  let file: PaddedText
  let shownName: PaddedText
  /// The qualified name as it is shown, of a module's own code with its file.
  let label: PaddedText
  let shownFile: PaddedText
  /// `name:file` as it is shown, which EventLogger prints for each line.
  let location: PaddedText
  let flags: Int32
  let parameters: UnsafeBufferPointer<Parameter>
  /// Instructions of the code object.
  let instructionCount: Int32

  /// The file of the code that ran the string from which this was made, as far as that is known;
  /// empty if that is the program itself.
  var maker: String?
  /// The line of its call events; `unknownLine` before the first.
  var callLine = unknownLine
  /// The line of each instruction, as far as one was asked for; made when the first one is.
  var lines: UnsafeMutablePointer<Int32>?
  /// The recording that has it defined; 0 before.
  var definedIn: UInt64 = 0
  /// Its number in recordings, from 1; 0 before the first that meets it.
  var recordedAs: UInt32 = 0
  /// The line of its call events, as that recording has it.
  var recordedCallLine: Int32 = 0

  /// Whether frames of the function belong to a generator, a coroutine or an asynchronous
  /// generator.
  @inline(__always)
  var canSuspend: Bool { unsafe flags & (0x20 | 0x80 | 0x200) != 0 }

  /// Whether frames of the function belong to a coroutine or an asynchronous generator.
  @inline(__always)
  var isAsync: Bool { unsafe flags & (0x80 | 0x200) != 0 }

  /// The line of an instruction, where it was asked for before; else `unknownLine`.
  @inline(__always)
  func knownLine(_ instruction: Int32) -> Int32 {
    guard let lines = unsafe lines,
      unsafe UInt32(bitPattern: instruction) < UInt32(bitPattern: instructionCount)
    else { return unknownLine }
    return unsafe lines[Int(instruction)]
  }

  /// One parameter, in the order in which a call shows them.
  @unsafe struct Parameter {
    /// With the stars of `*args` and `**kwargs`.
    let name: PaddedText
    let shownName: PaddedText
    /// Its place among the frame's variables.
    let slot: Int32

    init(_ name: [UInt8], slot: Int32) {
      let text = PaddedText(copying: name)
      unsafe (self.name, self.slot) = (text, slot)
      unsafe shownName = text.replaced(by: PrintableText.escaped(name))
    }
  }

  init(
    firstLine: Int32, number: UInt32, name: [UInt8], qualifiedName: [UInt8], file: [UInt8],
    flags: Int32, parameters: UnsafeBufferPointer<Parameter>, instructionCount: Int32
  ) {
    unsafe (self.firstLine, self.number, self.flags) = (firstLine, number, flags)
    unsafe (self.parameters, self.instructionCount) = (parameters, instructionCount)
    unsafe self.name = PaddedText(copying: name)
    unsafe self.qualifiedName = PaddedText(copying: qualifiedName)
    unsafe self.file = PaddedText(copying: file)
    let (shownName, shownFile) = (PrintableText.escaped(name), PrintableText.escaped(file))
    unsafe self.shownName = self.name.replaced(by: shownName)
    unsafe label = self.qualifiedName.replaced(
      by: FunctionLabel.label(qualifiedName: qualifiedName, file: file))
    unsafe self.shownFile = self.file.replaced(by: shownFile)
    unsafe location = PaddedText(copying: shownName + [UInt8(ascii: ":")] + shownFile)
  }
}

/// Numbers code objects, over all sessions. Called with the GIL held.
nonisolated(unsafe) private var functionsDefined: UInt32 = 0

extension FunctionRecord {
  /// The record that a head is the beginning of.
  @inline(__always)
  static func of(_ head: UnsafeMutablePointer<CTraceHook_FunctionHead>)
    -> UnsafeMutablePointer<FunctionRecord>
  {
    // SAFETY: every head that the hook has is one of a record that `make` made.
    unsafe UnsafeMutableRawPointer(head).assumingMemoryBound(to: FunctionRecord.self)
  }

  /// Describes a code object. The result is freed by `destroy`.
  static func make(_ code: UnsafePointer<CTraceHook_Code>) -> UnsafeMutablePointer<FunctionRecord> {
    // SAFETY: the GIL is held, so nobody else counts; `code` is borrowed for this call.
    unsafe functionsDefined += 1
    let record = UnsafeMutablePointer<FunctionRecord>.allocate(capacity: 1)
    let code = unsafe code.pointee
    unsafe record.initialize(
      to: FunctionRecord(
        firstLine: code.first_line, number: functionsDefined, name: bytes(code.name),
        qualifiedName: bytes(code.qualified_name), file: bytes(code.file), flags: code.flags,
        parameters: parameters(of: code), instructionCount: code.instruction_count))
    return unsafe record
  }

  /// A function that no interpreter knows, for trying strategies on events made by hand. Never
  /// freed.
  static func make(
    name: String, qualifiedName: String, file: String, firstLine: Int32
  ) -> UnsafeMutablePointer<FunctionRecord> {
    // SAFETY: a fresh allocation that is initialized before it is handed out.
    let record = UnsafeMutablePointer<FunctionRecord>.allocate(capacity: 1)
    unsafe record.initialize(
      to: FunctionRecord(
        firstLine: firstLine, number: 0, name: Array(name.utf8),
        qualifiedName: Array(qualifiedName.utf8), file: Array(file.utf8), flags: 0,
        parameters: UnsafeBufferPointer(start: nil, count: 0), instructionCount: 0))
    return unsafe record
  }

  /// A function that a recording has defined. The result is freed by `destroy`.
  static func make(_ definition: FunctionDefinition, file: [UInt8])
    -> UnsafeMutablePointer<FunctionRecord>
  {
    let record = UnsafeMutablePointer<FunctionRecord>.allocate(capacity: 1)
    let parameters = UnsafeMutableBufferPointer<Parameter>.allocate(
      capacity: definition.parameters.count)
    for (index, name) in definition.parameters.enumerated() {
      // SAFETY: the index is below the capacity; a recorded frame has its arguments in this order.
      unsafe parameters.initializeElement(
        at: index, to: Parameter(name, slot: Int32(index)))
    }
    unsafe record.initialize(
      to: FunctionRecord(
        firstLine: definition.firstLine, number: definition.number,
        name: definition.name, qualifiedName: definition.qualifiedName, file: file,
        flags: Int32(bitPattern: definition.flags),
        parameters: UnsafeBufferPointer(parameters), instructionCount: 0))
    return unsafe record
  }

  /// Makes the table of lines, of which none is known.
  static func makeLines(_ record: UnsafeMutablePointer<FunctionRecord>)
    -> UnsafeMutablePointer<Int32>
  {
    // SAFETY: freed by `destroy`.
    let count = unsafe Int(record.pointee.instructionCount)
    MemoryReserve.ensure(count * 4 + 64)
    let lines = UnsafeMutablePointer<Int32>.allocate(capacity: count)
    unsafe lines.initialize(repeating: unknownLine, count: count)
    unsafe record.pointee.lines = lines
    return unsafe lines
  }

  static func destroy(_ record: UnsafeMutablePointer<FunctionRecord>) {
    // SAFETY: the code object is gone, so no event can name the record any more.
    unsafe record.pointee.shownName.free(unless: record.pointee.name)
    unsafe record.pointee.label.free(unless: record.pointee.qualifiedName)
    unsafe record.pointee.shownFile.free(unless: record.pointee.file)
    unsafe record.pointee.name.free()
    unsafe record.pointee.qualifiedName.free()
    unsafe record.pointee.file.free()
    unsafe record.pointee.location.free()
    for index in unsafe record.pointee.parameters.indices {
      let parameter = unsafe record.pointee.parameters[index]
      unsafe parameter.shownName.free(unless: parameter.name)
      unsafe parameter.name.free()
    }
    unsafe record.pointee.parameters.deallocate()
    unsafe record.pointee.lines?.deallocate()
    unsafe record.deinitialize(count: 1)
    unsafe record.deallocate()
  }

  private static func parameters(of code: CTraceHook_Code) -> UnsafeBufferPointer<Parameter> {
    let flags = unsafe code.flags
    let positional = unsafe code.positional_count
    // Slots: positional, keyword-only, `*args`, `**kwargs`. Shown: `*args` before keyword-only.
    let hasArguments = flags & 0x04 != 0  // CO_VARARGS
    let hasKeywords = flags & 0x08 != 0  // CO_VARKEYWORDS
    let named = unsafe positional + code.keyword_only_count
    var slots = (0..<positional).map { ("", $0) }
    if hasArguments { slots.append(("*", named)) }
    slots += (positional..<named).map { ("", $0) }
    if hasKeywords { slots.append(("**", named + (hasArguments ? 1 : 0))) }
    let result = UnsafeMutableBufferPointer<Parameter>.allocate(capacity: slots.count)
    for (index, (stars, slot)) in slots.enumerated() {
      // SAFETY: `slot` is below the code object's number of variables; the text is copied.
      var name = Array(stars.utf8)
      unsafe TextReader(CTraceHook_localName(code.object, slot)).appendUTF8(to: &name)
      unsafe result.initializeElement(at: index, to: Parameter(name, slot: slot))
    }
    return UnsafeBufferPointer(result)
  }

  private static func bytes(_ text: CTraceHook_Text) -> [UInt8] {
    // SAFETY: the text is borrowed for this call and copied.
    var bytes: [UInt8] = []
    unsafe TextReader(text).appendUTF8(to: &bytes)
    return bytes
  }
}
