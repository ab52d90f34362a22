// swift-tools-version: 6.2
import PackageDescription

let package = Package(
  name: "count-calls",
  dependencies: [.package(name: "swifttrace", path: "../..")],
  targets: [
    .executableTarget(
      name: "count-calls",
      dependencies: [
        .product(name: "PythonHost", package: "swifttrace"),
        .product(name: "SwiftTrace", package: "swifttrace"),
      ],
      path: "Sources/CountCalls")
  ]
)
