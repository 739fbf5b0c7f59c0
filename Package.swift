// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "reimburse",
    platforms: [.macOS("15.4")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibPQ",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(name: "PostgresClient", dependencies: ["CLibPQ"]),
        .target(name: "PrivatePostgres"),
        .testTarget(name: "PostgresClientTests", dependencies: ["PostgresClient", "PrivatePostgres"]),
    ],
    swiftLanguageModes: [.v6]
)
