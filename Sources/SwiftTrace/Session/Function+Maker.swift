// The maker of a code object that comes from a string: the file of the code that ran the string.
// `CodeFilter` finds it, once for each string.

extension Function {
  /// The file of the code that ran the string from which the code object comes; empty if that is
  /// the program itself; nil if it is not known.
  var maker: String? { record.value.maker }

  /// Notes the maker, of this code object and of all that are nested in it.
  ///
  /// - Parameter frame: one that runs this function.
  func setMaker(_ maker: String, running frame: borrowing Frame) {
    record.value.maker = maker
    frame.object?.forEachNestedFunction { record in
      // One that is known has had its own nested code gone through.
      guard record.value.maker == nil else { return false }
      record.value.maker = maker
      return true
    }
  }
}

extension Frame {
  /// The maker of the function that the frame runs, as far as it has had an event.
  var maker: String? {
    object?.knownFunction?.value.maker
  }
}
