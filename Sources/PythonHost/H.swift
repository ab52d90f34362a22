import SwiftTrace
public func hostVersion() -> Int32 { version() }
