// swift-tools-version: 6.2
import PackageDescription

/// Every target: Swift 6 mode, memory safety proved by the compiler, no warning left standing.
let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableExperimentalFeature("Lifetimes"),
]

/// The C layer compiles clean under the strictest common set of warnings.
let cSettings: [CSetting] = [
  .treatAllWarnings(as: .error),
  .enableWarning("all"),
  .enableWarning("extra"),
  .define("NDEBUG", .when(configuration: .release)),
]

/// What `pip` builds: the extension alone, which needs no package but this one and so no network.
let extensionOnly = Context.environment["SWIFTTRACE_EXTENSION_ONLY"] != nil

/// A folder in which the linker looks first, for a wheel: it holds the static libstdc++.
let linkerSettings: [LinkerSetting] =
  Context.environment["SWIFTTRACE_LIBRARIES"].map { [.unsafeFlags(["-L", $0])] } ?? []

let package = Package(
  name: "swifttrace",
  products: [
    .library(name: "SwiftTrace", targets: ["SwiftTrace"]),
    .library(name: "TraceReading", targets: ["TraceReading"]),
    .library(name: "TraceReplay", targets: ["TraceReplay"]),
    .library(name: "PythonHost", targets: ["PythonHost"]),
    .library(name: "_swifttrace", type: .dynamic, targets: ["SwiftTraceModule"]),
  ],
  targets: [
    // Python.h alone: what an extension may know of the interpreter that loads it.
    .systemLibrary(name: "CPython", pkgConfig: "python3"),
    // Python.h and libpython: what a program that embeds the interpreter links.
    .systemLibrary(name: "CPythonEmbed", pkgConfig: "python3-embed"),
    // The operating system and the processor: another one is a file of its own.
    .target(name: "CPlatform", cSettings: cSettings),
    .target(
      name: "CTraceHook", dependencies: ["CPython", "CPlatform"],
      cSettings: cSettings + [.headerSearchPath(".")]),
    .target(
      name: "TraceFormat", dependencies: ["CPlatform"], swiftSettings: swiftSettings),
    // The structures by which Arrow's consumers are handed tables.
    .target(name: "CArrow", cSettings: cSettings),
    .target(
      name: "TraceReading", dependencies: ["TraceFormat", "CArrow", "CPlatform"],
      swiftSettings: swiftSettings),
    .target(
      name: "SwiftTrace", dependencies: ["CTraceHook", "CPlatform", "TraceFormat"],
      swiftSettings: swiftSettings),
    // Passes the events of a recording to the engine's strategies.
    .target(
      name: "TraceReplay", dependencies: ["SwiftTrace", "TraceFormat", "TraceReading"],
      swiftSettings: swiftSettings),
    .target(
      name: "PythonHost", dependencies: ["SwiftTrace", "CTraceHook", "CPythonEmbed"],
      resources: [.embedInCode("Python/host.py")], swiftSettings: swiftSettings),
    .target(
      name: "SwiftTraceModule",
      dependencies: [
        "SwiftTrace", "TraceReplay", "CTraceHook", "TraceFormat", "TraceReading", "CArrow",
      ],
      swiftSettings: swiftSettings, linkerSettings: linkerSettings),
    .testTarget(
      name: "TraceFormatTests", dependencies: ["TraceFormat"], swiftSettings: swiftSettings),
    .testTarget(
      name: "TraceReadingTests", dependencies: ["TraceReading", "TraceFormat", "CArrow"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SwiftTraceTests", dependencies: ["SwiftTrace", "CPythonEmbed"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "PythonHostTests", dependencies: ["PythonHost", "SwiftTrace", "TraceReading"],
      swiftSettings: swiftSettings),
  ]
)

if !extensionOnly {
  package.products.append(.executable(name: "swifttrace-host", targets: ["swifttrace-host"]))
  package.dependencies.append(
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"))
  package.targets.append(
    .executableTarget(
      name: "swifttrace-host",
      dependencies: [
        "PythonHost", "SwiftTrace", "TraceFormat", "TraceReplay",
        .product(name: "ArgumentParser", package: "swift-argument-parser"),
      ],
      swiftSettings: swiftSettings))
}
