import SwiftTrace
