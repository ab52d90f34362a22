import Testing
import PythonHost
@Test func h() { #expect(hostVersion() > 0) }
