import Testing
import SwiftTrace
@Test func v() { #expect(version() > 0) }
