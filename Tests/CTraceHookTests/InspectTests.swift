import CTraceHook
import Testing

/// Functions that read objects in place, on objects that need no interpreter.
@Suite struct InspectTests {
  @Test(arguments: [
    (StaticObject.none, CTraceHook_ValueKind.none), (.true, .true), (.false, .false),
    (.ellipsis, .ellipsis), (.notImplemented, .notImplemented), (.int, .type),
    (.orderedDict, .type),
  ])
  func objectsHaveTheirKinds(object: StaticObject, kind: CTraceHook_ValueKind) {
    let found = unsafe object.with { unsafe CTraceHook_valueKind($0) }
    #expect(found == kind)
  }

  @Test(arguments: StaticObject.allCases)
  func objectsOfOtherTypesAreRefused(object: StaticObject) {
    var number: Int64 = 77
    let isSmall = unsafe object.with { unsafe CTraceHook_smallInt($0, &number) }
    #expect(!isSmall)
    #expect(number == 77)
    let isHandle = unsafe object.with { unsafe CTraceHook_handle($0) != nil }
    #expect(!isHandle)
    let isCapsule = unsafe object.with { unsafe CTraceHook_isCapsule(.arrowStream, $0) }
    #expect(!isCapsule)
  }

  @Test(arguments: [
    (StaticObject.int, "", "int", "int"),
    (.orderedDict, "collections", "OrderedDict", "collections.OrderedDict"),
  ])
  func aStaticClassIsNamedByItself(
    object: StaticObject, module: String, name: String, label: String
  ) {
    var texts = unsafe (CTraceHook_Text(), CTraceHook_Text())
    let isStatic = unsafe object.with { unsafe CTraceHook_isStatic($0) }
    #expect(isStatic)
    unsafe object.with { unsafe CTraceHook_typeName($0, &texts.0, &texts.1) }
    let found = unsafe (texts.0.latin1, texts.1.latin1)
    #expect(found.0 == module)
    #expect(found.1 == name)
    let whole = unsafe object.with { unsafe CTraceHook_typeLabel($0).latin1 }
    #expect(whole == label)
  }

  @Test func theClassOfAnObjectIsFound() {
    let label = unsafe StaticObject.none.with {
      unsafe CTraceHook_typeLabel(CTraceHook_typeOf($0)).latin1
    }
    #expect(label == "NoneType")
  }

  @Test(arguments: [
    (UInt32(0x1F), false), (0x20, true), (0x7E, true), (0x7F, false), (0xA0, false), (0xAD, false),
    (0xE9, true), (0x2028, false), (0x6F22, true), (0xD800, false), (0xE000, false),
    (0x1F600, true), (0x10_FFFF, false), (0x11_0000, false), (.max, false),
  ])
  func printableCharactersAreThoseOfRepr(codePoint: UInt32, isPrintable: Bool) {
    #expect(CTraceHook_isPrintable(codePoint) == isPrintable)
  }
}
