/// The code object that an event belongs to. Valid during the event.
@safe public struct Function: ~Copyable, ~Escapable {
  // SAFETY: the record lives as long as the code object, which the event's frame keeps alive.
  private let record: UnsafePointer<FunctionRecord>

  @_lifetime(borrow record)
  init(_ record: UnsafePointer<FunctionRecord>) { unsafe self.record = record }

  /// A function that no interpreter knows, for trying strategies on events made by hand. Its memory
  /// is never freed.
  @_lifetime(immortal)
  public init(name: String, qualifiedName: String? = nil, file: String = "", firstLine: Int32 = 1) {
    unsafe record = UnsafePointer(
      FunctionRecord.make(
        name: name, qualifiedName: qualifiedName ?? name, file: file, firstLine: firstLine))
  }

  /// Number of the code object, given at its first event, from 1, over all sessions.
  public var number: UInt32 { unsafe record.pointee.number }

  /// `co_name`: `area`.
  public var name: String { unsafe String(decoding: record.pointee.name, as: UTF8.self) }

  /// `co_qualname`: `Shape.area`.
  public var qualifiedName: String {
    unsafe String(decoding: record.pointee.qualifiedName, as: UTF8.self)
  }

  /// `co_filename`.
  public var file: String { unsafe String(decoding: record.pointee.file, as: UTF8.self) }

  /// `co_firstlineno`, 1-based.
  public var firstLine: Int32 { unsafe record.pointee.firstLine }

  /// `co_flags`.
  public var flags: Int32 { unsafe record.pointee.flags }

  /// `co_name` as UTF-8, without making a `String`.
  public var nameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.name.span, borrowing: self) }
  }

  /// `co_qualname` as UTF-8, without making a `String`.
  public var qualifiedNameBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.qualifiedName.span, borrowing: self) }
  }

  /// `co_filename` as UTF-8, without making a `String`.
  public var fileBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.file.span, borrowing: self) }
  }

  /// `co_name:co_filename` as UTF-8.
  public var locationBytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { unsafe _overrideLifetime(record.pointee.location.span, borrowing: self) }
  }

  /// Number of parameters, `*args` and `**kwargs` included.
  public var parameterCount: Int { unsafe record.pointee.parameters.count }

  /// A parameter's name as UTF-8, with the stars of `*args` and `**kwargs`.
  @_lifetime(borrow self)
  public func parameterName(_ index: Int) -> Span<UInt8> {
    precondition(index >= 0 && index < parameterCount)
    return unsafe _overrideLifetime(record.pointee.parameters[index].name.span, borrowing: self)
  }

  /// The place of a parameter among the frame's variables.
  func parameterSlot(_ index: Int) -> Int32 {
    precondition(index >= 0 && index < parameterCount)
    return unsafe record.pointee.parameters[index].slot
  }
}
