// swift-tools-version: 6.3
import PackageDescription

/// Every target of Pail is built with these: the language at its strictest, and no warning let through.
let strict: [SwiftSetting] = [
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("MemberImportVisibility"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("NonisolatedNonsendingByDefault"),
    .strictMemorySafety(),
    .treatAllWarnings(as: .error),
]

let nioCore: Target.Dependency = .product(name: "NIOCore", package: "swift-nio")
let nioHTTP: Target.Dependency = .product(name: "NIOHTTP1", package: "swift-nio")
let nioPosix: Target.Dependency = .product(name: "NIOPosix", package: "swift-nio")
let nioTLS: Target.Dependency = .product(name: "NIOSSL", package: "swift-nio-ssl")
let argumentParser: Target.Dependency = .product(
    name: "ArgumentParser",
    package: "swift-argument-parser"
)
let asyncHTTPClient: Target.Dependency = .product(
    name: "AsyncHTTPClient",
    package: "async-http-client"
)
let hummingbird: Target.Dependency = .product(name: "Hummingbird", package: "hummingbird")
let hummingbirdCore: Target.Dependency = .product(name: "HummingbirdCore", package: "hummingbird")
let hummingbirdTesting: Target.Dependency = .product(
    name: "HummingbirdTesting",
    package: "hummingbird"
)
let httpTypes: Target.Dependency = .product(name: "HTTPTypes", package: "swift-http-types")
let mustache: Target.Dependency = .product(name: "Mustache", package: "swift-mustache")
let grdb: Target.Dependency = .product(name: "GRDB", package: "GRDB.swift")
let lifecycle: Target.Dependency = .product(
    name: "ServiceLifecycle",
    package: "swift-service-lifecycle"
)
let signals: Target.Dependency = .product(name: "UnixSignals", package: "swift-service-lifecycle")
let logging: Target.Dependency = .product(name: "Logging", package: "swift-log")

/// A target of the product, in the order of the layers: it may use only what is named above it.
func layer(_ name: String, uses dependencies: [Target.Dependency]) -> Target {
    .target(name: name, dependencies: dependencies, swiftSettings: strict)
}

/// The tests of one target.
func tests(of name: String, using more: [Target.Dependency] = []) -> Target {
    .testTarget(
        name: "\(name)Tests",
        dependencies: [.init(stringLiteral: name)] + more,
        swiftSettings: strict
    )
}

let package = Package(
    name: "pail",
    platforms: [.macOS(.v26)],
    products: [
        .executable(name: "pail", targets: ["pail"]),
        .library(name: "GalleryClient", targets: ["GalleryClient"]),
        .library(name: "GalleryImaging", targets: ["GalleryImaging"]),
        .executable(name: "gallery", targets: ["gallery"]),
        .library(name: "PailTesting", targets: ["PailTesting", "Instruments", "S3Protocol"]),
    ],
    dependencies: [
        .package(url: "https://github.com/apple/swift-nio", from: "2.101.2"),
        .package(url: "https://github.com/apple/swift-nio-ssl", from: "2.37.0"),
        .package(url: "https://github.com/apple/swift-log", from: "1.16.0"),
        .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.0"),
        .package(url: "https://github.com/swift-server/swift-service-lifecycle", from: "2.13.0"),
        .package(url: "https://github.com/swift-server/async-http-client", from: "1.37.0"),
        .package(url: "https://github.com/swiftlang/swift-subprocess", from: "1.0.2", traits: []),
        .package(url: "https://github.com/apple/swift-system", from: "1.6.0"),
        .package(url: "https://github.com/hummingbird-project/hummingbird", from: "2.28.0"),
        .package(url: "https://github.com/apple/swift-http-types", from: "1.8.0"),
        .package(url: "https://github.com/hummingbird-project/swift-mustache", from: "2.1.0"),
        .package(url: "https://github.com/groue/GRDB.swift", from: "7.10.0"),
    ],
    targets: [
        // System libraries and C
        .systemLibrary(
            name: "CSQLite",
            pkgConfig: "sqlite3",
            providers: [.apt(["libsqlite3-dev"])]
        ),
        .systemLibrary(
            name: "COpenSSL",
            pkgConfig: "libcrypto",
            providers: [.apt(["libssl-dev"])]
        ),
        .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
        .systemLibrary(name: "CLinux"),
        .target(name: "CChecksums"),

        // Foundations
        layer("Digests", uses: ["CChecksums", "COpenSSL"]),
        layer("HTTPMessage", uses: [nioCore, nioHTTP]),
        layer("S3Protocol", uses: [nioCore]),
        layer("Signing", uses: ["S3Protocol", "Digests", nioCore, nioHTTP]),
        layer("Policy", uses: ["S3Protocol"]),

        // The store
        layer("SQLite", uses: ["CSQLite"]),
        layer(
            "ObjectStore",
            uses: ["SQLite", "Digests", "S3Protocol", "CLinux", nioCore, logging]
        ),

        // The service and the sockets
        layer(
            "S3Service",
            uses: [
                "ObjectStore", "S3Protocol", "Signing", "Policy", "Digests", "HTTPMessage",
                nioCore, nioHTTP, logging,
            ]
        ),
        layer(
            "Instruments",
            uses: [
                "S3Service", "ObjectStore", "S3Protocol", "Signing", "Policy", "HTTPMessage",
                nioCore, nioHTTP,
            ]
        ),
        layer(
            "HTTPServer",
            uses: ["HTTPMessage", nioCore, nioPosix, nioHTTP, nioTLS, logging]
        ),

        // The daemon and its command line
        layer(
            "Daemon",
            uses: [
                "Instruments", "S3Service", "ObjectStore", "HTTPServer", "HTTPMessage",
                "S3Protocol", "Signing", "Policy", "Digests", nioCore, nioPosix, nioHTTP, nioTLS,
                logging, signals,
            ]
        ),
        .executableTarget(
            name: "pail",
            dependencies: ["Daemon", argumentParser],
            swiftSettings: strict
        ),

        // The gallery
        layer(
            "S3Client",
            uses: [
                "S3Protocol", "Signing", "Digests", "HTTPMessage", nioCore, nioHTTP, logging,
                .product(name: "Subprocess", package: "swift-subprocess"),
                .product(name: "SystemPackage", package: "swift-system"),
            ]
        ),
        layer(
            "AHCTransport",
            uses: ["S3Client", "HTTPMessage", asyncHTTPClient, nioCore, nioHTTP, nioTLS]
        ),
        layer(
            "GalleryClient",
            uses: [
                "S3Client", "AHCTransport", "S3Protocol", "Signing", "Digests", "HTTPMessage",
                "CLinux", "CZlib", nioCore, nioHTTP, logging,
            ]
        ),
        .systemLibrary(name: "CVips", pkgConfig: "vips", providers: [.apt(["libvips-dev"])]),
        .target(name: "CThumbnails", dependencies: ["CVips"]),
        layer("GalleryImaging", uses: ["GalleryClient", "CThumbnails", nioCore]),
        .target(
            name: "GalleryWeb",
            dependencies: [
                "GalleryClient", "GalleryImaging", "S3Client", "HTTPMessage", "S3Protocol",
                "Digests", "COpenSSL", hummingbird, hummingbirdCore, httpTypes, mustache, grdb,
                nioCore, logging, lifecycle, signals,
            ],
            // The pages' files become part of the program, which so stays one file.
            resources: [.embedInCode("Resources")],
            swiftSettings: strict
        ),
        .executableTarget(
            name: "gallery",
            dependencies: ["GalleryWeb", "GalleryClient", argumentParser, logging],
            swiftSettings: strict
        ),

        // What tests of applications use
        layer(
            "PailTesting",
            uses: [
                "Daemon", "GalleryClient", "Instruments", "ObjectStore", "Signing", "S3Protocol",
            ]
        ),

        // An example, which is built with the tests so that it stays true
        .executableTarget(
            name: "HummingbirdExample",
            dependencies: ["GalleryClient", hummingbird, nioCore],
            swiftSettings: strict
        ),

        // Tests
        .target(name: "CSQLiteFaults", dependencies: ["CSQLite"], path: "Tests/CSQLiteFaults"),
        layer(
            "TestSupport",
            uses: [
                "S3Client", "S3Service", "ObjectStore", "S3Protocol", "Signing", "Digests",
                "HTTPMessage", nioCore, nioHTTP, logging,
            ]
        ),
        .target(
            name: "FuzzParsers",
            dependencies: [
                "HTTPServer", "S3Service", "ObjectStore", "Policy", "Signing", "S3Protocol",
                "HTTPMessage", "Digests", nioCore, nioHTTP,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ],
            path: "Tests/FuzzParsers",
            swiftSettings: strict
        ),
        .executableTarget(
            name: "fuzz",
            dependencies: ["FuzzParsers"],
            path: "Tests/Fuzz",
            exclude: ["run.sh"],
            swiftSettings: strict
        ),
        .testTarget(name: "FuzzTests", dependencies: ["FuzzParsers"], swiftSettings: strict),
        tests(of: "Digests"),
        tests(of: "HTTPMessage", using: ["Digests", nioCore]),
        tests(of: "S3Protocol", using: [nioCore]),
        tests(of: "Signing", using: ["S3Protocol", "Digests", "TestSupport", nioCore, nioHTTP]),
        tests(of: "Policy"),
        tests(of: "SQLite"),
        tests(
            of: "ObjectStore",
            using: [
                "SQLite", "S3Protocol", "Digests", "TestSupport", "CSQLiteFaults", nioCore, logging,
            ]
        ),
        tests(
            of: "S3Service",
            using: [
                "ObjectStore", "S3Protocol", "Signing", "Policy", "HTTPMessage", "Digests",
                "TestSupport", nioCore, nioHTTP, logging,
            ]
        ),
        tests(
            of: "Instruments",
            using: [
                "S3Service", "ObjectStore", "S3Protocol", "Signing", "Policy", "HTTPMessage",
                "Digests", "TestSupport", nioCore, nioHTTP, logging,
            ]
        ),
        tests(
            of: "HTTPServer",
            using: [
                "HTTPMessage", "TestSupport", nioCore, nioPosix, nioHTTP, nioTLS, logging,
                .product(name: "NIOEmbedded", package: "swift-nio"),
            ]
        ),
        tests(
            of: "Daemon",
            using: [
                "ObjectStore", "S3Service", "Instruments", "Policy", "HTTPServer", "S3Protocol",
                "Signing", "HTTPMessage", "TestSupport", nioCore, nioPosix, nioHTTP, logging,
            ]
        ),
        tests(
            of: "S3Client",
            using: [
                "S3Service", "ObjectStore", "S3Protocol", "Signing", "Digests", "HTTPMessage",
                "TestSupport", nioCore, nioHTTP, logging,
            ]
        ),
        tests(
            of: "AHCTransport",
            using: [
                "S3Client", "Daemon", "HTTPServer", "S3Protocol", "Signing", "HTTPMessage",
                "TestSupport", nioCore, nioHTTP, logging,
            ]
        ),
        tests(
            of: "GalleryClient",
            using: [
                "S3Client", "S3Protocol", "Signing", "Digests", "HTTPMessage", "TestSupport",
                "S3Service", "ObjectStore", nioCore, nioHTTP, logging,
            ]
        ),
        tests(of: "GalleryImaging", using: ["GalleryClient", "TestSupport", nioCore]),
        tests(
            of: "GalleryWeb",
            using: [
                "GalleryClient", "S3Client", "S3Protocol", "HTTPMessage", "Digests", "TestSupport",
                hummingbird, hummingbirdTesting, httpTypes, grdb, nioCore, nioHTTP, logging,
            ]
        ),
        tests(
            of: "PailTesting",
            using: [
                "GalleryClient", "AHCTransport", "S3Client", "Instruments", "S3Protocol", "Signing",
                "HTTPMessage", nioCore,
            ]
        ),
        .testTarget(name: "TidyTests", swiftSettings: strict),
    ]
)
