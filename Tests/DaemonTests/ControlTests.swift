import Instruments
import NIOCore
import NIOHTTP1
import NIOPosix
import Policy
import ObjectStore
import S3Protocol
import Testing

@testable import Daemon

/// The administration API over a socket, as `pail fault`, `pail clock` and `pail calls` speak it.
@Suite(.timeLimit(.minutes(2))) struct ControlTests {
    private static let pair = [
        "AWS_ACCESS_KEY_ID": "AKIAROOT", "AWS_SECRET_ACCESS_KEY": "a-secret-of-the-tests",
    ]

    private func withDaemon(_ test: (Daemon, Control) async throws -> Void) async throws {
        var configuration = DaemonConfiguration()
        configuration.port = 0
        configuration.storage = .memory
        configuration.buckets = ["photos"]
        configuration.credentials = RootCredentials(
            accessKey: "AKIAROOT",
            secret: "a-secret-of-the-tests"
        )
        configuration.eventLoops = 1
        let daemon = try await Daemon.start(configuration, log: KeptLines().output())
        do {
            let url = try #require(daemon.endpoints.first?.url)
            let settings = Settings(environment: Environment(Self.pair))
            try await test(daemon, try await Control(settings, endpoint: url))
        } catch {
            await daemon.shutDown()
            throw error
        }
        await daemon.shutDown()
    }

    @Test func `faults are added, listed and cleared`() async throws {
        try await withDaemon { daemon, control in
            let added = try await control.addFault(
                "error",
                effect: ["code": .text("SlowDown")],
                rule: ["bucket": .text("photos"), "nth": .number("1")],
                client: ["address": .text("127.0.0.1")]
            )
            #expect(added.contains(#""id":"fault-1""#))
            #expect(daemon.instruments.faults.entries.count == 1)
            #expect(try await control.faults() == [added])
            try await control.clearFaults("fault-1", seed: nil)
            #expect(try await control.faults().isEmpty)
            await #expect(throws: Refusal("There is no fault fault-1.")) {
                try await control.clearFaults("fault-1", seed: nil)
            }
            await #expect(throws: Refusal("milliseconds must be a whole number.")) {
                _ = try await control.addFault(
                    "delay",
                    effect: ["milliseconds": .number("soon")],
                    rule: [:],
                    client: [:]
                )
            }
        }
    }

    @Test func `the clock is the store's and the service's, and the API is believed all the same`()
        async throws
    {
        try await withDaemon { daemon, control in
            _ = try await control.setClock("freeze", ["at": .text("2031-05-06T07:08:09Z")])
            let moment = try #require(ISO8601.parse("2031-05-06T07:08:09Z"))
            #expect(daemon.instruments.clock.now() == moment)
            let bucket = try await daemon.store.createBucket(
                "later",
                owner: daemon.store.directory.rootAccount.id,
                region: "us-east-1"
            )
            #expect(bucket.created == moment)
            #expect(try await control.clock().contains(#""mode":"frozen""#))
            #expect(try await control.setClock("real").contains(#""mode":"real""#))
        }
    }

    @Test func `calls are recorded, and those to the API are not`() async throws {
        try await withDaemon { daemon, control in
            #expect(try await control.record(true, limit: "9").contains(#""limit":9"#))
            let endpoint = try #require(daemon.endpoints.first)
            let address = try #require(WebhookAddress(endpoint.url + "/photos/cat.jpg"))
            let request = OneRequest(
                group: .singletonMultiThreadedEventLoopGroup,
                bodyLimit: 1 << 20
            )
            try daemon.instruments.faults.add(
                FaultRule(.error(.slowDown, isCarriedOut: false), operation: "GetObject")
            )
            let answer = try await request.send(.GET, to: address, headers: [:], body: .init())
            #expect(answer.status == 503)
            #expect(String(buffer: answer.body).contains("<Code>SlowDown</Code>"))
            let calls = try await control.waitForCalls(["operation": "GetObject"])
            #expect(calls.count == 1 && calls[0].contains(#""faults":["error"]"#))
            #expect(try await control.calls([:]) == calls)
            #expect(try await control.har([:]).hasPrefix(#"{"log":{"version":"1.2""#))
            await #expect(throws: Refusal("Not enough calls came: 1.")) {
                _ = try await control.waitForCalls(["count": "2", "timeoutMilliseconds": "1"])
            }
            try await control.clearCalls()
            #expect(try await control.calls([:]).isEmpty)
        }
    }

    @Test func `whoever has not the root key is told so`() async throws {
        try await withDaemon { daemon, _ in
            let url = try #require(daemon.endpoints.first?.url)
            let wrong = Self.pair.merging(["AWS_SECRET_ACCESS_KEY": "another-secret-key"]) { $1 }
            let settings = Settings(environment: Environment(wrong))
            let control = try await Control(settings, endpoint: url)
            await #expect(throws: Refusal.self) { _ = try await control.clock() }
        }
    }
}
