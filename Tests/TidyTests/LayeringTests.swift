import Testing

/// The arrows of the picture in the README point down only.
@Suite struct LayeringTests {
    @Test func `each target imports only the layers below it`() {
        let offenders = Repository.sources.filter(\.isSwift).flatMap { file in
            file.imports
                .filter { ownModules.contains($0.module) }
                .filter { layers[file.target]?.contains($0.module) != true }
                .map { file.place($0.line - 1) }
        }
        expectNone(offenders, "Move the code to the layer that may use it; see `layers` here.")
    }

    @Test func `every target has its place among the layers`() {
        let unknown = Set(Repository.sources.map(\.target)).subtracting(layers.keys)
        expectNone(unknown.sorted(), "Give these targets a row in `layers`.")
    }

    @Test func `the layers have no circle`() {
        // A row may name only rows above it, so the order of the table is the proof.
        var above: Set<String> = []
        for (target, uses) in layers {
            #expect(uses.isSubset(of: above), "\(target) uses a layer that is not above its row")
            above.insert(target)
        }
    }

    @Test func `only the server and the daemon open sockets`() {
        let offenders = Repository.sources.filter(\.isSwift)
            .filter { !["HTTPServer", "Daemon"].contains($0.target) }
            .flatMap { file in
                file.imports.filter { $0.module == "NIOPosix" }.map { file.place($0.line - 1) }
            }
        expectNone(offenders, "NIOPosix belongs into HTTPServer or Daemon.")
    }

    @Test(arguments: [
        ("HTTPServer", "S3"), ("HTTPMessage", "S3"), ("ObjectStore", "HTTP"),
    ])
    func `a layer does not know what it is used for`(target: String, word: String) {
        let offenders = Repository.sources
            .filter { $0.target == target }
            .flatMap { file in file.places { $0.contains(word) } }
        expectNone(offenders, "\(target) must not say “\(word)”, not even in a comment.")
    }
}

/// What each target may import of our own modules: a row names only rows above it.
private let layers: KeyValuePairs<String, Set<String>> = [
    "CSQLite": [],
    "COpenSSL": [],
    "CLinux": [],
    "CChecksums": [],
    "Digests": ["CChecksums", "COpenSSL"],
    "HTTPMessage": [],
    "S3Protocol": [],
    "Signing": ["S3Protocol", "Digests"],
    "Policy": ["S3Protocol"],
    "SQLite": ["CSQLite"],
    "ObjectStore": ["SQLite", "Digests", "S3Protocol", "CLinux"],
    "S3Service": ["ObjectStore", "S3Protocol", "Signing", "Policy", "Digests", "HTTPMessage"],
    "Instruments": [
        "S3Service", "ObjectStore", "S3Protocol", "Signing", "Policy", "HTTPMessage",
    ],
    "HTTPServer": ["HTTPMessage"],
    "Daemon": [
        "Instruments", "S3Service", "ObjectStore", "HTTPServer", "HTTPMessage", "S3Protocol",
        "Signing", "Policy", "Digests",
    ],
    "pail": ["Daemon"],
    "S3Client": ["S3Protocol", "Signing", "Digests", "HTTPMessage"],
    "AHCTransport": ["S3Client", "HTTPMessage"],
    "CZlib": [],
    "GalleryClient": [
        "S3Client", "AHCTransport", "S3Protocol", "Signing", "Digests", "HTTPMessage", "CLinux",
        "CZlib",
    ],
    "CVips": [],
    "CThumbnails": ["CVips"],
    "GalleryImaging": ["GalleryClient", "CThumbnails"],
    "GalleryWeb": [
        "GalleryClient", "GalleryImaging", "S3Client", "HTTPMessage", "S3Protocol", "Digests",
        "COpenSSL",
    ],
    "gallery": ["GalleryWeb", "GalleryClient"],
    "PailTesting": [
        "Daemon", "GalleryClient", "Instruments", "ObjectStore", "Signing", "S3Protocol",
    ],
    "HummingbirdExample": ["GalleryClient"],
    "TestSupport": [
        "S3Client", "S3Service", "ObjectStore", "S3Protocol", "Signing", "Digests", "HTTPMessage",
    ],
]

private let ownModules = Set(layers.keys)

extension KeyValuePairs where Key == String {
    fileprivate var keys: [String] { map(\.key) }
    fileprivate subscript(name: String) -> Value? { first { $0.key == name }?.value }
}
