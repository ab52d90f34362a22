// swift-tools-version: 6.2
import PackageDescription

/// Settings of all Swift targets: Swift 6 mode, strict memory safety, and warnings as errors.
let swiftSettings: [SwiftSetting] = [
  .swiftLanguageMode(.v6),
  .strictMemorySafety(),
  .treatAllWarnings(as: .error),
  .enableExperimentalFeature("Lifetimes"),
]

/// Settings of all C targets: `-Wall -Wextra -Werror`.
let cSettings: [CSetting] = [
  .treatAllWarnings(as: .error),
  .enableWarning("all"),
  .enableWarning("extra"),
  .define("NDEBUG", .when(configuration: .release)),
]

/// Whether only the Python extension is built, as by `pip`. It depends on no other package, so that
/// the build needs no network.
let extensionOnly = Context.environment["SWIFTTRACE_EXTENSION_ONLY"] != nil

/// The folder that the linker searches first when a wheel is built; it contains a static libstdc++.
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
    // Python.h without libpython, for the extension: the interpreter that loads it has the symbols.
    .systemLibrary(name: "CPython", pkgConfig: "python3"),
    // Python.h and libpython, for programs that embed the interpreter.
    .systemLibrary(name: "CPythonEmbed", pkgConfig: "python3-embed"),
    // All code that depends on the operating system or the processor, a file for each.
    .target(name: "CPlatform", cSettings: cSettings),
    .target(
      name: "CTraceHook", dependencies: ["CPython", "CPlatform"],
      cSettings: cSettings + [.headerSearchPath(".")]),
    .target(
      name: "TraceFormat", dependencies: ["CPlatform"], swiftSettings: swiftSettings),
    // The C structures with which tables are exported to consumers of Arrow.
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
      name: "SwiftTraceTests",
      dependencies: ["SwiftTrace", "TraceFormat", "CTraceHook", "CPlatform", "CPythonEmbed"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "CTraceHookTests", dependencies: ["CTraceHook", "CPythonEmbed"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "SwiftTraceModuleTests",
      dependencies: ["SwiftTraceModule", "SwiftTrace", "CTraceHook", "CPythonEmbed"],
      swiftSettings: swiftSettings),
    .testTarget(
      name: "TraceReplayTests",
      dependencies: ["TraceReplay", "TraceReading", "TraceFormat", "SwiftTrace", "CPythonEmbed"],
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
