// swift-tools-version: 6.2
import PackageDescription

let package = Package(
    name: "reimburse",
    platforms: [.macOS("15.4")],
    dependencies: [
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.5.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.6.0"),
        .package(url: "https://github.com/apple/swift-metrics", from: "2.5.0"),
        .package(url: "https://github.com/apple/swift-nio", from: "2.80.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.6.0"),
    ],
    targets: [
        .systemLibrary(
            name: "CLibPQ",
            pkgConfig: "libpq",
            providers: [.apt(["libpq-dev"]), .brew(["libpq"])]
        ),
        .target(name: "PostgresClient", dependencies: ["CLibPQ"]),
        .executableTarget(name: "embed-sql", path: "Sources/EmbedSQLTool"),
        .plugin(name: "EmbedSQL", capability: .buildTool(), dependencies: ["embed-sql"], path: "Sources/EmbedSQL"),
        .target(
            name: "ReimburseSchema",
            dependencies: ["PostgresClient"],
            exclude: ["Installer", "sql"],
            plugins: ["EmbedSQL"]
        ),
        .target(
            name: "ReimburseWorker",
            dependencies: [
                "PostgresClient",
                "ReimburseSchema",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(name: "PrivatePostgres"),
        .target(name: "PrometheusMetrics", dependencies: [.product(name: "CoreMetrics", package: "swift-metrics")]),
        .executableTarget(
            name: "reimburse",
            dependencies: [
                "PostgresClient",
                "PrivatePostgres",
                "PrometheusMetrics",
                "ReimburseSchema",
                "ReimburseWorker",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
                .product(name: "Logging", package: "swift-log"),
                .product(name: "Metrics", package: "swift-metrics"),
                .product(name: "NIOHTTP1", package: "swift-nio"),
                .product(name: "NIOPosix", package: "swift-nio"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .target(
            name: "TestSupport",
            dependencies: ["PostgresClient", "PrivatePostgres", "ReimburseSchema"],
            path: "Tests/TestSupport"
        ),
        .executableTarget(
            name: "chaos",
            dependencies: [
                "PostgresClient",
                "PrivatePostgres",
                "ReimburseSchema",
                "ReimburseWorker",
                "TestSupport",
                "reimburse",
                .product(name: "ArgumentParser", package: "swift-argument-parser"),
            ],
            path: "Tests/chaos"
        ),
        .testTarget(name: "PostgresClientTests", dependencies: ["PostgresClient", "PrivatePostgres", "TestSupport"]),
        .testTarget(
            name: "ReimburseWorkerTests",
            dependencies: [
                "PostgresClient",
                "PrivatePostgres",
                "ReimburseSchema",
                "ReimburseWorker",
                "TestSupport",
                "reimburse",
                .product(name: "Logging", package: "swift-log"),
                .product(name: "ServiceLifecycle", package: "swift-service-lifecycle"),
            ]
        ),
        .testTarget(
            name: "reimburseTests",
            dependencies: [
                "PostgresClient", "PrivatePostgres", "PrometheusMetrics", "ReimburseWorker", "TestSupport", "reimburse",
            ]
        ),
        .testTarget(
            name: "ReimburseSchemaTests",
            dependencies: ["PostgresClient", "PrivatePostgres", "ReimburseSchema", "TestSupport"]
        ),
    ],
    swiftLanguageModes: [.v6]
)
