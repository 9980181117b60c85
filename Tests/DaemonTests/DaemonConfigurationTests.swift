import HTTPServer
import ObjectStore
import Signing
import Testing

@testable import Daemon

@Suite struct DaemonConfigurationTests {
    @Test func `nothing set is the contract's defaults`() throws {
        let configuration = try DaemonConfiguration(Settings())

        #expect(configuration.host == "127.0.0.1")
        #expect(configuration.port == 9000)
        #expect(configuration.tls == nil)
        #expect(configuration.storage == .folder("./pail-data"))
        #expect(configuration.durability == .full)
        #expect(configuration.region == "us-east-1")
        #expect(configuration.accountID == "000000000000")
        #expect(configuration.credentials == nil)
        #expect(configuration.logFormat == .text)
        #expect(configuration.eventLoops == nil)
        #expect(!configuration.isStrict && !configuration.sigV4Only)
    }

    @Test(arguments: [
        (nil, nil, nil, "us-east-1"),
        (nil, nil, "file", "file"),
        (nil, "environment", "file", "environment"),
        ("flag", "environment", "file", "flag"),
        ("flag", nil, "file", "flag"),
        (nil, "", "file", "file"),
    ])
    func `a flag wins over the environment, the environment over a file`(
        flag: String?,
        variable: String?,
        file: String?,
        region: String
    ) throws {
        let settings = Settings(
            flags: flag.map { [.region: [$0]] } ?? [:],
            environment: Environment(variable.map { ["PAIL_REGION": $0] } ?? [:]),
            file: Environment(file.map { ["PAIL_REGION": $0] } ?? [:])
        )

        #expect(try DaemonConfiguration(settings).region == region)
    }

    @Test(arguments: ["0", "257", "many", "-1"])
    func `a number of event loops that is none is refused`(text: String) {
        #expect(throws: Refusal.self) { try configured(["PAIL_EVENT_LOOPS": text]) }
    }

    @Test func `every setting has a variable`() throws {
        let configuration = try configured([
            "PAIL_HOST": "::1", "PAIL_PORT": "none", "PAIL_DATA": "/d", "PAIL_REGION": "eu-west-1",
            "PAIL_DOMAIN": "a.test,b.test", "PAIL_BUCKET": "one-bucket two-bucket",
            "PAIL_ALIAS": "s3:9000, localhost:9000", "PAIL_ACCOUNT_ID": "123456789012",
            "PAIL_TLS_CERT": "c.pem", "PAIL_TLS_KEY": "k.pem", "PAIL_TLS_PORT": "0",
            "PAIL_DURABILITY": "relaxed", "PAIL_STRICT": "1", "PAIL_SIGV4_ONLY": "true",
            "PAIL_LOG_FORMAT": "json", "PAIL_ALLOW_WEAK_KEYS": "on",
            "PAIL_EVENT_LOOPS": "3",
        ])

        #expect(configuration.host == "::1")
        #expect(configuration.port == nil)
        #expect(configuration.storage == .folder("/d"))
        #expect(configuration.region == "eu-west-1")
        #expect(configuration.domains == ["a.test", "b.test"])
        #expect(configuration.buckets == ["one-bucket", "two-bucket"])
        #expect(configuration.aliases == ["s3:9000", "localhost:9000"])
        #expect(configuration.accountID == "123456789012")
        #expect(configuration.tls?.files.privateKey == "k.pem")
        #expect(configuration.tls?.port == 0)
        #expect(configuration.durability == .relaxed)
        #expect(configuration.isStrict && configuration.sigV4Only)
        #expect(configuration.logFormat == .json)
        #expect(configuration.eventLoops == 3)
        #expect(configuration.allowsWeakKeys)
    }

    @Test func `the application's own bucket and keys are taken from wherever they are set`() throws
    {
        let settings = Settings(
            flags: [.bucket: ["first"]],
            environment: Environment(["AWS_ACCESS_KEY_ID": "AKIA1", "AWS_SESSION_TOKEN": "t"]),
            file: Environment([
                "AWS_ACCESS_KEY_ID": "AKIA2", "AWS_SECRET_ACCESS_KEY": "from the file",
                "AWS_STORAGE_BUCKET_NAME": "my-media",
            ])
        )
        let configuration = try DaemonConfiguration(settings)

        #expect(configuration.buckets == ["first", "my-media"])
        #expect(configuration.credentials?.accessKey == "AKIA1")
        #expect(configuration.credentials?.credential.secret.revealed() == "from the file")
        #expect(configuration.credentials?.credential.sessionToken == "t")
    }

    @Test func `with certificates there is https on 9443 beside http`() throws {
        let configuration = try configured(["PAIL_TLS_CERT": "c", "PAIL_TLS_KEY": "k"])

        #expect(configuration.port == 9000)
        #expect(configuration.tls?.port == 9443)
    }

    @Test(arguments: [
        (["PAIL_PORT": "70000"], "PAIL_PORT must be a port"),
        (["PAIL_PORT": "-1"], "PAIL_PORT must be a port"),
        (["PAIL_PORT": "none"], "nothing to listen on"),
        (["PAIL_TLS_CERT": "c"], "must come together"),
        (["PAIL_TLS_KEY": "k"], "must come together"),
        (["PAIL_TLS_PORT": "1"], "PAIL_TLS_PORT needs"),
        (
            ["PAIL_TLS_CERT": "c", "PAIL_TLS_KEY": "k", "PAIL_TLS_PORT": "9000"],
            "both be on port 9000"
        ),
        (["PAIL_MEMORY": "1", "PAIL_DATA": "/d"], "choose one"),
        (["PAIL_MEMORY": "maybe"], "PAIL_MEMORY must be true or false"),
        (["PAIL_DURABILITY": "none"], "PAIL_DURABILITY must be full or relaxed"),
        (["PAIL_LOG_FORMAT": "xml"], "PAIL_LOG_FORMAT must be text or json"),
        (["PAIL_ACCOUNT_ID": "12345678901"], "12 digits"),
        (["PAIL_ACCOUNT_ID": "12345678901x"], "12 digits"),
        (["PAIL_BUCKET": "Photos"], "\"Photos\" cannot be the name of a bucket"),
        (["AWS_ACCESS_KEY_ID": "a"], "must both be set"),
        (["AWS_SECRET_ACCESS_KEY": "s"], "must both be set"),
        (["AWS_ACCESS_KEY_ID": "a/b", "AWS_SECRET_ACCESS_KEY": "s"], "letters, digits"),
    ])
    func `what cannot be is refused by its name`(variables: [String: String], words: String) {
        let error = #expect(throws: Refusal.self) { try configured(variables) }
        #expect(error?.description.contains(words) == true, "\(error?.description ?? "accepted")")
    }

    @Test(arguments: [
        ("127.0.0.1", "short", false, true),
        ("127.8.0.1", "short", false, true),
        ("localhost", "short", false, true),
        ("::1", "short", false, true),
        ("0.0.0.0", "short", false, false),
        ("::", "short", false, false),
        ("127.0.0.1.example.com", "short", false, false),
        ("192.168.1.2", "fifteen--------", false, false),
        ("192.168.1.2", "sixteen---------", false, true),
        ("0.0.0.0", "short", true, true),
    ])
    func `a short secret is refused where others can reach the daemon`(
        host: String,
        secret: String,
        allowed: Bool,
        starts: Bool
    ) {
        let variables = [
            "PAIL_HOST": host, "AWS_ACCESS_KEY_ID": "a", "AWS_SECRET_ACCESS_KEY": secret,
            "PAIL_ALLOW_WEAK_KEYS": "\(allowed)",
        ]
        guard !starts else {
            #expect(throws: Never.self) { try configured(variables) }
            return
        }
        let error = #expect(throws: Refusal.self) { try configured(variables) }
        #expect(error?.description.contains("--allow-weak-keys") == true)
        #expect(error?.description.contains(secret) == false)
    }

    @Test func `a flag for one kind of storage wins over a variable for the other`() throws {
        let memory = Settings(
            flags: [.memory: ["true"]],
            environment: Environment(["PAIL_DATA": "/variable"])
        )
        let folder = Settings(
            flags: [.data: ["/flag"]],
            environment: Environment(["PAIL_MEMORY": "1"])
        )

        #expect(try DaemonConfiguration(memory).storage == .memory)
        #expect(try DaemonConfiguration(folder).storage == .folder("/flag"))
    }

    private func configured(_ variables: [String: String]) throws -> DaemonConfiguration {
        try DaemonConfiguration(Settings(environment: Environment(variables)))
    }
}
