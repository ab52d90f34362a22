import CTraceHook
import Testing

/// Facts that depend on the version of CPython alone.
@Suite struct VersionTests {
  @Test func theHeadersAreThoseOfTheLibrary() {
    let version = unsafe String(cString: CTraceHook_hostVersion())
    #expect(version == "\(pythonVersion.major).\(pythonVersion.minor)")
  }

  @Test func monitoringIsPreferredIfThereIsOne() {
    let source = CTraceHook_autoSource()
    #expect(source == (pythonVersion.minor >= 12 ? .monitoring : .settrace))
  }

  @Test func quotesOfByteArraysAreEscapedUpTo314() {
    #expect(CTraceHook_escapesQuotes() == (pythonVersion.minor <= 14))
  }
}
