#if DEBUG
  import Glibc

  @testable import SwiftTrace

  /// A class that no interpreter knows: as much of a `PyTypeObject` as the hook reads.
  @safe final class HandMadeClass {
    // SAFETY: more bytes than a `PyTypeObject` of any version has, all initialized, until `deinit`.
    private let object: UnsafeMutableRawPointer
    private let name: UnsafeMutablePointer<CChar>

    /// Offsets in a `PyTypeObject`, equal in all supported versions with a GIL.
    private enum Offset {
      static let owners = 0
      static let type = 8
      static let name = 24
      static let flags = 168
    }

    /// The flag of classes that are created at run time: `Py_TPFLAGS_HEAPTYPE`.
    private static let isCreated: UInt = 1 << 9
    /// So many owners that no release frees the object.
    private static let others: UInt32 = 1000

    /// - Parameters:
    ///   - name: the module and the name of a static class, such as `decimal.Decimal`.
    ///   - isStatic: whether it lives as long as the process.
    init(_ name: String = "Made", isStatic: Bool) {
      unsafe object = .allocate(byteCount: 4096, alignment: 4096)
      unsafe object.initializeMemory(as: UInt8.self, repeating: 0, count: 4096)
      unsafe self.name = strdup(name)
      unsafe object.storeBytes(
        of: UInt64(Self.others), toByteOffset: Offset.owners, as: UInt64.self)
      unsafe object.storeBytes(
        of: dlsym(nil, "PyType_Type"), toByteOffset: Offset.type, as: UnsafeMutableRawPointer?.self)
      unsafe object.storeBytes(
        of: self.name, toByteOffset: Offset.name, as: UnsafeMutablePointer<CChar>.self)
      let flags = isStatic ? 0 : Self.isCreated
      unsafe object.storeBytes(of: flags, toByteOffset: Offset.flags, as: UInt.self)
    }

    deinit {
      unsafe object.deallocate()
      unsafe free(name)
    }

    var address: ObjectAddress { unsafe ObjectAddress(UnsafeRawPointer(object)) }

    /// References that were taken and not given back.
    var owners: Int {
      Int(unsafe object.load(fromByteOffset: Offset.owners, as: UInt32.self)) - Int(Self.others)
    }
  }

  /// An address of a frame that is only compared.
  func frame(_ number: Int) -> ObjectAddress { ObjectAddress(bits: UInt(number) * 64)! }

  /// A function that no interpreter knows. Never freed.
  func makeFunction(_ name: String) -> Pinned<FunctionRecord> {
    FunctionRecord.make(name: name, qualifiedName: name, file: "made.py", firstLine: 1)
  }
#endif
