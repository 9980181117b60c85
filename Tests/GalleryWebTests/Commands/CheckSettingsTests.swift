import GalleryClient
import GalleryWeb
import HTTPMessage
import NIOHTTP1
import S3Client
import S3Protocol
import TestSupport
import Testing

@Suite struct CheckSettingsTests {
    /// A network of one host.
    struct Network: CheckNetwork {
        var resolves = true
        var listens = true

        func addresses(of host: String) async throws -> [String] {
            guard resolves else {
                throw StorageError(.unavailable, message: "\(host) has no address.")
            }
            return ["127.0.0.1"]
        }

        func connect(to host: String, port: Int) async throws {
            guard listens else {
                throw StorageError(.unavailable, message: "Nobody listens at \(host).")
            }
        }
    }

    let s3: InProcessS3
    let written = Written()
    let settings = [
        "AWS_STORAGE_BUCKET_NAME": "photos", "AWS_S3_ENDPOINT_URL": "http://127.0.0.1:9000",
        "AWS_ACCESS_KEY_ID": "AKIAROOT", "AWS_SECRET_ACCESS_KEY": "root-secret-of-the-tests",
    ]

    init() async throws { s3 = try await InProcessS3() }

    private func check(
        _ changes: [String: String] = [:],
        network: Network = Network(),
        clock: (any TimeSource)? = nil,
        script: @escaping FaultyTransport.Script = { _, _ in nil }
    ) async -> Int32 {
        let wire = FaultyTransport(s3.transport, script)
        let time = clock ?? s3.time
        let check = CheckSettings(
            environment: settings.merging(changes) { $1 },
            network: network,
            output: written.output()
        ) { bucket in
            try GalleryStorage(
                bucket,
                transport: wire,
                time: time,
                logger: InProcessS3.silence
            )
        }
        return await check.run()
    }

    @Test func `good settings are told, tried, and leave nothing`() async throws {
        #expect(await check() == 0)
        for line in [
            "Storage: the bucket photos", "Endpoint: http://127.0.0.1:9000", "in the path",
            "Region: us-east-1", "signed, good for 3600 seconds",
            "ok    Credentials: access key AKIAROOT",
            "ok    Name resolution: 127.0.0.1", "ok    Connection: port 9000", "ok    Bucket",
            "ok    Write: gallery-check.txt", "ok    Read", "ok    Signed URL: opens",
            "ok    Delete",
            "All is well.",
        ] {
            #expect(written.text.contains(line), "\(line) is not in:\n\(written.text)")
        }
        #expect(!written.text.contains("root-secret"))
        let page = try await s3.client().listObjects(bucket: "photos")
        #expect(page.objects.isEmpty)
    }

    @Test(arguments: [
        (["AWS_STORAGE_BUCKET_NAME": "nowhere"], "NoSuchBucket", "aws s3 mb s3://nowhere"),
        (["AWS_SECRET_ACCESS_KEY": "wrong"], "SignatureDoesNotMatch", "AWS_SECRET_ACCESS_KEY"),
        (["AWS_ACCESS_KEY_ID": "AKIANOBODY"], "InvalidAccessKeyId", "AWS_ACCESS_KEY_ID"),
        (["AWS_QUERYSTRING_EXPIRE": "soon"], "AWS_QUERYSTRING_EXPIRE", "whole number"),
        (
            ["AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": ""], "Credentials",
            "AWS_ACCESS_KEY_ID"
        ),
    ])
    func `what is wrong is named, with what to do`(
        changes: [String: String],
        name: String,
        advice: String
    ) async {
        #expect(await check(changes) == 1)
        #expect(written.text.contains("FAIL"))
        #expect(written.text.contains(name), "\(written.text)")
        #expect(written.text.contains(advice), "\(written.text)")
        #expect(written.text.hasSuffix("Something is wrong: see above.\n"))
    }

    @Test func `a name that does not resolve is explained, most of all under localhost`() async {
        let changes = [
            "AWS_S3_ENDPOINT_URL": "http://s3.localhost:9000", "AWS_S3_ADDRESSING_STYLE": "virtual",
        ]
        #expect(await check(changes, network: Network(resolves: false)) == 1)
        #expect(written.text.contains("FAIL  Name resolution: photos.s3.localhost has no address"))
        #expect(written.text.contains("AWS_S3_ADDRESSING_STYLE=path"))
        #expect(written.text.contains("/etc/hosts"))
    }

    @Test func `a server that does not run is told`() async {
        #expect(await check(network: Network(listens: false)) == 1)
        #expect(written.text.contains("FAIL  Connection"))
        #expect(written.text.contains("pail serve"))
    }

    @Test func `a key that may only read fails where it writes`() async {
        let result = await check(script: { _, request in
            request.method == .PUT
                ? .answer(.forbidden, [:], "<Error><Code>AccessDenied</Code></Error>") : nil
        })
        #expect(result == 1)
        #expect(written.text.contains("ok    Bucket"))
        #expect(written.text.contains("FAIL  Write"))
    }

    @Test func `a clock that is off is told`() async {
        let clock = ManualTime(s3.time.now().advanced(bySeconds: -600))
        #expect(await check(clock: clock) == 0)
        #expect(written.text.contains("this machine is 600 seconds behind the server"))
    }

    @Test func `a local folder is tried too`() async throws {
        let tree = try MediaTree(["a.jpg": "x"])
        let changes = ["AWS_STORAGE_BUCKET_NAME": "", "MEDIA_ROOT": tree.path]
        #expect(await check(changes) == 0)
        #expect(written.text.contains("the local folder \(tree.path)"))
        let storage = FolderStorage(FolderConfiguration(path: tree.path))
        #expect(try await storage.list("", after: nil).files.map(\.name) == ["a.jpg"])
        let blocked = ["AWS_STORAGE_BUCKET_NAME": "", "MEDIA_ROOT": tree.path + "/a.jpg"]
        #expect(await check(blocked) == 1)
    }

    @Test func `the machine's own network finds itself and nobody else`() async throws {
        let network = SystemNetwork()
        #expect(try await network.addresses(of: "127.0.0.1") == ["127.0.0.1"])
        await #expect(throws: StorageError.self) {
            try await network.addresses(of: "no-such-host.invalid")
        }
        // Port 1 is nobody's on a machine of our time.
        await #expect(throws: StorageError.self) {
            try await network.connect(to: "127.0.0.1", port: 1)
        }
    }
}
