/// Name and type of a column.
public struct ArrowField: Equatable, Sendable {
  /// The name; `item` for the items of a list.
  public let name: String
  /// The type, as a format string of the Arrow C data interface.
  public let format: String
  /// Whether values may be missing.
  public let isNullable: Bool
  /// The items of a list, or the columns of a table.
  public let children: [ArrowField]
  /// The field to which indices refer, as the only element; empty if the column has no indices.
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

  /// Creates a field of nanoseconds since 1970, UTC.
  static func timestamp(_ name: String) -> ArrowField { ArrowField(name, "tsn:UTC") }

  static func text(_ name: String, isNullable: Bool = false) -> ArrowField {
    ArrowField(name, "u", isNullable: isNullable)
  }

  static func texts(_ name: String, isNullable: Bool = false) -> ArrowField {
    ArrowField(name, "+l", isNullable: isNullable, children: [.text("item")])
  }

  /// Creates a field of texts, each of which is stored once.
  ///
  /// - Parameter index: format of the indices into the texts.
  static func names(_ name: String, index: String = "i", isNullable: Bool = true) -> ArrowField {
    ArrowField(name, index, isNullable: isNullable, dictionary: [.text("")])
  }

  static func table(_ columns: [ArrowField]) -> ArrowField {
    ArrowField("", "+s", children: columns)
  }
}
