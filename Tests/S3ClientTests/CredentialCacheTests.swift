import NIOHTTP1
import S3Protocol
import Signing
import Synchronization
import TestSupport
import Testing

@testable import S3Client

/// Gives keys that are numbered and end after an hour, or fails.
private final class NumberedCredentials: CredentialProvider {
    private let time: ManualTime
    private let state = Mutex((count: 0, fails: false))

    init(_ time: ManualTime) { self.time = time }

    var count: Int { state.withLock { $0.count } }

    func fail() { state.withLock { $0.fails = true } }

    func resolve() async throws -> ResolvedCredentials? {
        let number = try state.withLock { state in
            if state.fails { throw S3ClientError.credentials("gone") }
            state.count += 1
            return state.count
        }
        return ResolvedCredentials(
            Credential(accessKey: "K\(number)", secret: Secret("s"), sessionToken: "t"),
            expires: time.now().advanced(bySeconds: 3600),
            source: "test"
        )
    }
}

@Suite struct CredentialCacheTests {
    private let time = ManualTime(Timestamp(seconds: 1_700_000_000))

    @Test func `credentials are found once, and anew before they end`() async throws {
        let provider = NumberedCredentials(time)
        let cache = CredentialCache(provider, time: time)
        for _ in 1...3 { #expect(try await cache.resolve()?.accessKey == "K1") }
        time.advance(bySeconds: 3600 - CredentialCache.refreshSeconds - 1)
        #expect(try await cache.resolve()?.accessKey == "K1")
        time.advance(bySeconds: 1)
        #expect(try await cache.resolve()?.accessKey == "K2")
    }

    @Test func `requests at the same time wait for one search`() async throws {
        let provider = NumberedCredentials(time)
        let cache = CredentialCache(provider, time: time)
        let keys = try await withThrowingTaskGroup(of: String?.self) { tasks in
            for _ in 1...20 { tasks.addTask { try await cache.resolve()?.accessKey } }
            return try await tasks.reduce(into: Set()) { $0.insert($1) }
        }
        #expect(keys == ["K1"])
        #expect(provider.count == 1)
    }

    @Test func `what has not ended is used where nothing new is to be had`() async throws {
        let provider = NumberedCredentials(time)
        let cache = CredentialCache(provider, time: time)
        _ = try await cache.resolve()
        provider.fail()
        time.advance(bySeconds: 3590)
        #expect(try await cache.resolve()?.accessKey == "K1")
        time.advance(bySeconds: 10)
        await #expect(throws: S3ClientError.self) { try await cache.resolve() }
    }

    @Test func `a URL is signed with what was found last, and with nothing that has ended`()
        async throws
    {
        let cache = CredentialCache(NumberedCredentials(time), time: time)
        let error = #expect(throws: S3ClientError.self) { try cache.resolveNow() }
        #expect(error?.advice.contains("resolveCredentials()") == true)
        _ = try await cache.resolve()
        #expect(try cache.resolveNow()?.accessKey == "K1")
        time.advance(bySeconds: 3600)
        #expect(throws: S3ClientError.self) { try cache.resolveNow() }
    }

    @Test func `no credentials anywhere is an error that says what to do`() async {
        let cache = CredentialCache(CredentialChain([EnvironmentCredentials([:])]), time: time)
        let error = await #expect(throws: S3ClientError.self) { try await cache.resolve() }
        #expect(error?.advice.contains("AWS_ACCESS_KEY_ID") == true)
    }

    @Test func `the chain asks the environment, the profile and then the container`() async throws {
        let transport = FaultyTransport(Unreachable()) { _, _ in
            .answer(.ok, [:], #"{"AccessKeyId": "CONTAINER", "SecretAccessKey": "s"}"#)
        }
        var environment = ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/c"]
        func found(_ profile: String) async throws -> String? {
            try await CredentialChain.standard(
                environment: environment,
                transport: transport,
                readFile: files(["/h/.aws/credentials": profile])
            ).resolve()?.credential.accessKey
        }
        let profile = "[default]\naws_access_key_id = PROFILE\naws_secret_access_key = s"
        #expect(try await found("") == "CONTAINER")
        environment["HOME"] = "/h"
        #expect(try await found(profile) == "PROFILE")
        environment["AWS_ACCESS_KEY_ID"] = "ENVIRONMENT"
        environment["AWS_SECRET_ACCESS_KEY"] = "s"
        #expect(try await found(profile) == "ENVIRONMENT")
    }

    @Test func `an expired token is exchanged once`() async throws {
        let s3 = try await InProcessS3()
        let provider = NumberedCredentials(time)
        let faulty = FaultyTransport(s3.transport) { place, _ in
            place == 0
                ? .answer(.badRequest, [:], "<Error><Code>ExpiredToken</Code></Error>")
                : .answer(.ok, [:], "<ListBucketResult></ListBucketResult>")
        }
        let client = try s3.client(over: faulty, as: provider)
        _ = try await client.listObjects(bucket: "photos")
        #expect(faulty.sent.count == 2)
        #expect(faulty.sent[0].header("Authorization")?.contains("K1/") == true)
        #expect(faulty.sent[1].header("Authorization")?.contains("K2/") == true)
    }

    @Test func `no secret is in a description`() throws {
        let found = ResolvedCredentials(
            Credential(accessKey: "A", secret: Secret("hunter2")),
            source: "test"
        )
        let provider = StaticCredentials(accessKey: "A", secret: "hunter2")
        for text in [
            "\(found)", "\(provider)", String(reflecting: found),
            "\(try provider.resolveNow() as Any)",
        ] {
            #expect(!text.contains("hunter2"))
        }
    }
}
