// The maker of a code object that comes from a string: the file of the code that ran the string.
// `CodeFilter` determines it, once for each string.

extension Function {
  /// The file of the code that ran the string from which the code object was made; empty if that is
  /// the program itself, nil if it is not known.
  var maker: String? { record.value.maker }

  /// Stores the maker of this code object and of all code objects nested in it.
  ///
  /// - Parameter frame: a frame that runs this function.
  func setMaker(_ maker: String, running frame: borrowing Frame) {
    record.value.maker = maker
    frame.object?.forEachNestedFunction { record in
      // The nested code of a record with a maker has been visited before.
      guard record.value.maker == nil else { return false }
      record.value.maker = maker
      return true
    }
  }
}

extension Frame {
  /// The maker of the function that the frame runs; nil if the function has had no event.
  var maker: String? {
    object?.knownFunction?.value.maker
  }
}
