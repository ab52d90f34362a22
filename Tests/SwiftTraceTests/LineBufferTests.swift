import SwiftTrace
import Testing

@Suite struct LineBufferTests {
  @Test(arguments: [
    0, 7, 10, 99, 100, 999, 1_000, 9_999, 10_000, 123_456_789, Int64.max, -1, -10_000, Int64.min,
  ])
  func decimalsAreThoseOfString(number: Int64) {
    var buffer = LineBuffer(capacity: 1)
    buffer.append(decimal: number)
    #expect(buffer.string == String(number))
  }

  @Test(arguments: [0, 1, 0x7f3c_0012_a0f0, UInt.max])
  func addressesAreHexadecimal(address: UInt) {
    var buffer = LineBuffer(capacity: 1)
    buffer.append(address: address)
    #expect(buffer.string == "0x" + String(address, radix: 16))
  }

  @Test func growsToWhatIsAdded() {
    var buffer = LineBuffer(capacity: 1)
    let text = String(repeating: "äö", count: 10_000)
    buffer.append(string: text)
    buffer.append("!")
    #expect(buffer.string == text + "!")
  }
}
