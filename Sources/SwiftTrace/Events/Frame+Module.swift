extension Frame {
  /// `__name__` of the frame's module; empty if it has none.
  public var moduleName: String { global("__name__") }

  /// `__file__` of the frame's module; empty if it has none.
  public var moduleFile: String { global("__file__") }
}
