import Foundation
import HTTPServer
import NIOCore
import NIOPosix
import ObjectStore
import Testing

@testable import Daemon

@Suite struct DaemonTests {
    private let folder: TemporaryFolder
    private let log = KeptLines()

    init() throws { folder = try TemporaryFolder() }

    private func configuration(
        in path: String? = nil,
        _ change: (inout DaemonConfiguration) -> Void = { _ in }
    ) -> DaemonConfiguration {
        var configuration = DaemonConfiguration()
        configuration.port = 0
        configuration.eventLoops = 1
        configuration.storage = .folder(path ?? "\(folder.path)/data")
        change(&configuration)
        return configuration
    }

    private func start(_ configuration: DaemonConfiguration) async throws -> Daemon {
        try await Daemon.start(configuration, log: log.output())
    }

    @Test func `a daemon on a free port is healthy, and gone when it is shut down`() async throws {
        let daemon = try await start(configuration())
        let endpoint = try #require(daemon.endpoints.first)

        #expect(daemon.endpoints.count == 1)
        #expect(endpoint.port > 0)
        let answer = try await get("/_pail/health", endpoint)
        #expect(answer.hasPrefix("HTTP/1.1 200 OK"))
        await daemon.shutDown()
        await #expect(throws: (any Error).self) { try await get("/_pail/health", endpoint) }
        #expect(log.lines.contains { $0.contains("url=\(endpoint.url)") })
    }

    @Test func `a daemon in memory leaves nothing on disk`() async throws {
        let daemon = try await start(configuration { $0.storage = .memory })
        #expect(daemon.credentials.origin == .process)
        await daemon.shutDown()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)
    }

    @Test func `the pair that was made is the same after a restart`() async throws {
        let first = try await start(configuration())
        await first.shutDown()
        let second = try await start(configuration())
        await second.shutDown()

        #expect(first.credentials == second.credentials)
        #expect(first.credentials.origin == .dataFolder)
    }

    @Test func `a pair that was given is never written down`() async throws {
        let secret = "a secret that must not be found"
        let given = RootCredentials(accessKey: "AKIAGIVEN", secret: secret)
        let daemon = try await start(configuration { $0.credentials = given })
        await daemon.shutDown()

        let files = try #require(FileManager.default.enumerator(atPath: folder.path))
        for case let name as String in files {
            let content = FileManager.default.contents(atPath: "\(folder.path)/\(name)") ?? Data()
            #expect(content.range(of: Data(secret.utf8)) == nil, "in \(name)")
            #expect(!name.hasSuffix("root-credentials"))
        }
    }

    @Test func `buckets are made where they are missing`() async throws {
        for _ in 1...2 {
            let daemon = try await start(configuration { $0.buckets = ["my-media"] })
            #expect(
                try daemon.store.bucket("my-media").ownerID == daemon.store.directory.rootAccount.id
            )
            await daemon.shutDown()
        }
    }

    @Test func `a port that is taken is refused, and the folder let go`() async throws {
        let daemon = try await start(configuration())
        let port = daemon.endpoints[0].port

        let error = await #expect(throws: Refusal.self) {
            try await start(configuration(in: "\(folder.path)/other") { $0.port = port })
        }
        #expect(error?.description.contains("Port \(port) on 127.0.0.1 is taken") == true)
        let other = try await start(configuration(in: "\(folder.path)/other"))
        await other.shutDown()
        await daemon.shutDown()
    }

    @Test func `a folder in use is refused with the process that uses it`() async throws {
        let daemon = try await start(configuration())

        let error = await #expect(throws: Refusal.self) { try await start(configuration()) }
        #expect(error?.description.contains("process ID \(getpid())") == true)
        #expect(error?.description.contains(daemon.endpoints[0].url) == true)
        await daemon.shutDown()
    }

    @Test func `a folder that cannot be made is refused`() async throws {
        let error = await #expect(throws: Refusal.self) {
            try await start(configuration(in: "/dev/null/data"))
        }
        #expect(error?.description.contains("/dev/null/data") == true)
    }

    @Test func `a certificate that cannot be read is refused by its name`() async throws {
        let files = DaemonConfiguration.TLS(
            files: .init(certificateChain: "/nowhere.pem", privateKey: "/k.pem"),
            port: 0
        )
        let error = await #expect(throws: Refusal.self) {
            try await start(configuration { $0.tls = files })
        }
        #expect(error?.description.contains("/nowhere.pem") == true)
    }

    @Test func `a short key where others can reach the daemon starts only with a loud warning`()
        async throws
    {
        let daemon = try await start(
            configuration {
                $0.host = "0.0.0.0"
                $0.credentials = RootCredentials(accessKey: "a", secret: "short")
                $0.allowsWeakKeys = true
            }
        )
        await daemon.shutDown()
        #expect(log.lines.contains { $0.contains("warning THE SECRET KEY IS SHORT") })
    }

    private func get(_ target: String, _ endpoint: Endpoint) async throws -> String {
        let channel = try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .connect(host: endpoint.host, port: endpoint.port) { channel in
                channel.eventLoop.makeCompletedFuture {
                    try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
                        wrappingChannelSynchronously: channel
                    )
                }
            }
        return try await channel.executeThenClose { pieces, requests in
            let head = "GET \(target) HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
            try await requests.write(ByteBuffer(string: head))
            var response = ""
            for try await piece in pieces { response += String(buffer: piece) }
            return response
        }
    }
}
