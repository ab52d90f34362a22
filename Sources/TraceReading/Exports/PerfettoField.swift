/// Field numbers of Perfetto's trace format, by message, from `perfetto_trace.proto`.
enum PerfettoField {
  enum Trace { static let packet: UInt64 = 1 }

  enum Packet {
    static let clockSnapshot: UInt64 = 6
    static let timestamp: UInt64 = 8
    static let sequence: UInt64 = 10
    static let event: UInt64 = 11
    static let interned: UInt64 = 12
    static let flags: UInt64 = 13
    static let clock: UInt64 = 58
    static let defaults: UInt64 = 59
    static let descriptor: UInt64 = 60
    /// Values of `flags`.
    static let cleared: UInt64 = 1
    static let needsState: UInt64 = 2
  }

  enum Clock {
    static let clocks: UInt64 = 1
    static let primary: UInt64 = 2
    static let id: UInt64 = 1
    static let timestamp: UInt64 = 2
    static let isIncremental: UInt64 = 3
    /// Clock IDs.
    static let realtime: UInt64 = 1
    static let monotonic: UInt64 = 3
    /// The first ID for clocks that belong to a sequence.
    static let ofSequence: UInt64 = 64
  }

  enum Descriptor {
    static let uuid: UInt64 = 1
    static let name: UInt64 = 2
    static let process: UInt64 = 3
    static let thread: UInt64 = 4
    static let parent: UInt64 = 5
    static let pid: UInt64 = 1
    static let processName: UInt64 = 6
    static let commandLine: UInt64 = 2
    static let tid: UInt64 = 2
    static let threadName: UInt64 = 5
  }

  enum Defaults {
    static let event: UInt64 = 11
    static let clock: UInt64 = 58
  }

  enum Event {
    static let categories: UInt64 = 3
    static let annotations: UInt64 = 4
    static let type: UInt64 = 9
    static let name: UInt64 = 10
    static let track: UInt64 = 11
    static let plainName: UInt64 = 23
    static let sourceLocation: UInt64 = 34
    /// Values of `type`.
    static let begin: UInt64 = 1
    static let end: UInt64 = 2
    static let instant: UInt64 = 3
  }

  enum Interned {
    static let categories: UInt64 = 1
    static let names: UInt64 = 2
    static let sourceLocations: UInt64 = 4
    static let id: UInt64 = 1
    static let name: UInt64 = 2
    static let fileName: UInt64 = 2
    static let functionName: UInt64 = 3
    static let line: UInt64 = 4
  }

  enum Annotation {
    static let string: UInt64 = 6
    static let name: UInt64 = 10
  }
}
