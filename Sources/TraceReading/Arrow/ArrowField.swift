/// A column's name and type.
public struct ArrowField: Equatable, Sendable {
  /// The name; of the items of a list `item`.
  public let name: String
  /// The type, as the Arrow C data interface writes it.
  public let format: String
  /// Whether values may be missing.
  public let isNullable: Bool
  /// Of a list the items', of a table the columns.
  public let children: [ArrowField]
  /// Of indices what they name: one field; else none.
  public let dictionary: [ArrowField]

  init(
    _ name: String, _ format: String, isNullable: Bool = false, children: [ArrowField] = [],
    dictionary: [ArrowField] = []
  ) {
    self.name = name
    self.format = format
    self.isNullable = isNullable
    self.children = children
    self.dictionary = dictionary
  }

  static func int32(_ name: String, isNullable: Bool = false) -> ArrowField {
    ArrowField(name, "i", isNullable: isNullable)
  }

  static func int64(_ name: String, isNullable: Bool = false) -> ArrowField {
    ArrowField(name, "l", isNullable: isNullable)
  }

  /// Nanoseconds since 1970.
  static func timestamp(_ name: String) -> ArrowField { ArrowField(name, "tsn:UTC") }

  static func text(_ name: String, isNullable: Bool = false) -> ArrowField {
    ArrowField(name, "u", isNullable: isNullable)
  }

  static func texts(_ name: String, isNullable: Bool = false) -> ArrowField {
    ArrowField(name, "+l", isNullable: isNullable, children: [.text("item")])
  }

  /// Texts of which each is stored once.
  ///
  /// - Parameter index: the type of the indices.
  static func names(_ name: String, index: String = "i", isNullable: Bool = true) -> ArrowField {
    ArrowField(name, index, isNullable: isNullable, dictionary: [.text("")])
  }

  static func table(_ columns: [ArrowField]) -> ArrowField {
    ArrowField("", "+s", children: columns)
  }
}
