import Signing
import Testing

@testable import Daemon

/// What is said in the words of other servers.
@Suite struct CompatibilityTests {
    private func configuration(
        _ variables: [String: String],
        flags: [Setting: [String]] = [:]
    ) throws -> DaemonConfiguration {
        try DaemonConfiguration(Settings(flags: flags, environment: Environment(variables)))
    }

    private let minio = [
        "PAIL_COMPAT": "minio", "MINIO_ROOT_USER": "someone",
        "MINIO_ROOT_PASSWORD": "a-password-of-some-length",
    ]

    @Test("MinIO's names for the key pair, region, domain, folder and address are understood")
    func minioNames() throws {
        let found = try configuration(
            minio.merging([
                "MINIO_REGION": "eu-west-3", "MINIO_DOMAIN": "s3.example.test",
                "MINIO_VOLUMES": "/srv/objects", "MINIO_ADDRESS": ":9100",
            ]) { first, _ in first }
        )
        #expect(found.credentials?.accessKey == "someone")
        #expect(found.credentials?.secret.revealed() == "a-password-of-some-length")
        #expect(found.region == "eu-west-3")
        #expect(found.domains == ["s3.example.test"])
        #expect(found.storage == .folder("/srv/objects"))
        #expect(found.host == "0.0.0.0")
        #expect(found.port == 9100)
    }

    @Test("Without --compat they mean nothing")
    func notAskedFor() throws {
        var variables = minio
        variables["PAIL_COMPAT"] = nil
        let found = try configuration(variables)
        #expect(found.credentials == nil)
        #expect(found.compatibility == nil)
    }

    @Test(
        "MinIO's pair wins over AWS's, whose session token is of the other; Pail's other names win"
    )
    func precedence() throws {
        let found = try configuration(
            minio.merging([
                "AWS_ACCESS_KEY_ID": "AKIAOFANAPPLICATION", "AWS_SECRET_ACCESS_KEY": "x",
                "AWS_SESSION_TOKEN": "token", "MINIO_REGION": "eu-west-3",
                "PAIL_REGION": "us-west-2",
            ]) { first, _ in first },
            flags: [.data: ["/here"]]
        )
        #expect(found.credentials?.accessKey == "someone")
        #expect(found.credentials?.credential.sessionToken == nil)
        #expect(found.region == "us-west-2")
        #expect(found.storage == .folder("/here"))
    }

    @Test("The older names of the pair do, and half a pair does not")
    func halves() throws {
        let found = try configuration([
            "PAIL_COMPAT": "minio", "MINIO_ACCESS_KEY": "older",
            "MINIO_SECRET_KEY": "a-password-of-some-length",
        ])
        #expect(found.credentials?.accessKey == "older")
        #expect(throws: Refusal.self) {
            try configuration(["PAIL_COMPAT": "minio", "MINIO_ROOT_USER": "alone"])
        }
    }

    @Test("A key may be in a file, as containers are given secrets")
    func files() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/password"
        try FileText.createPrivate(path, "from-a-file-and-long-enough\n")
        let found = try configuration([
            "PAIL_COMPAT": "minio", "MINIO_ROOT_USER": "someone", "MINIO_ROOT_PASSWORD_FILE": path,
        ])
        #expect(found.credentials?.secret.revealed() == "from-a-file-and-long-enough")
        #expect(throws: Refusal.self) {
            try configuration([
                "PAIL_COMPAT": "minio", "MINIO_ROOT_USER": "someone",
                "MINIO_ROOT_PASSWORD_FILE": path + ".missing",
            ])
        }
    }

    @Test("Several folders are refused", arguments: ["/disk{1...4}", "/one /two", "http://a/one"])
    func severalFolders(volumes: String) {
        #expect(throws: Refusal.self) {
            try configuration(minio.merging(["MINIO_VOLUMES": volumes]) { first, _ in first })
        }
    }

    @Test("LocalStack's port is 4566, unless a port is named in either's words")
    func localStackPort() throws {
        #expect(try configuration(["PAIL_COMPAT": "localstack"]).port == 4566)
        #expect(try configuration(["PAIL_COMPAT": "localstack", "PAIL_PORT": "9"]).port == 9)
        let found = try configuration([
            "PAIL_COMPAT": "localstack", "GATEWAY_LISTEN": "127.0.0.2:4510,127.0.0.3:4511",
        ])
        #expect(found.host == "127.0.0.2")
        #expect(found.port == 4510)
        #expect(throws: Refusal.self) {
            try configuration(["PAIL_COMPAT": "localstack", "GATEWAY_LISTEN": "nowhere"])
        }
    }

    @Test("Another server's name is refused with those that there are")
    func unknown() {
        #expect {
            try configuration(["PAIL_COMPAT": "ceph"])
        } throws: { error in
            (error as? Refusal).map { "\($0)".contains("minio or localstack") } ?? false
        }
    }

    @Test("A short key of MinIO's is refused by its own name where others can reach the daemon")
    func shortKeys() {
        let variables = minio.merging(["MINIO_ROOT_PASSWORD": "minioadmin", "PAIL_HOST": "0.0.0.0"])
        {
            $1
        }
        #expect {
            try configuration(variables)
        } throws: { error in
            (error as? Refusal).map { "\($0)".contains("MINIO_ROOT_PASSWORD") } ?? false
        }
    }

    @Test(
        "HOST:PORT is taken apart",
        arguments: [
            ("localhost:1", "localhost", "1"), (":9001", "0.0.0.0", "9001"),
            ("[::1]:80", "::1", "80"),
        ]
    )
    func addresses(text: String, host: String, port: String) {
        let address = ListenAddress(text)
        #expect(address?.host == host)
        #expect(address?.port == port)
    }

    @Test(
        "What has no port that could be one is none",
        arguments: ["", "host", "host:", "host:x", "h:70000"]
    )
    func noAddresses(text: String) { #expect(ListenAddress(text) == nil) }
}
