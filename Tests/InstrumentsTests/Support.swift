import Digests
import HTTPMessage
import Logging
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing
import Synchronization
import TestSupport

@testable import Instruments

/// A service in memory behind instruments whose machine's clock stands still and who note how long they would sleep.
struct TestBench: Sendable {
    static let root = Credential(accessKey: "AKIAROOT", secret: Secret("root-secret-of-the-tests"))
    /// 2023-11-14T22:13:20Z.
    static let start = Timestamp(seconds: 1_700_000_000)

    /// The machine's clock.
    let machine = ManualTime(Self.start)
    let store: Store
    let instruments: Instruments
    let service: InstrumentedService
    private let slept = Slept()

    init(seed: UInt64 = 0) async throws {
        let slept = slept
        instruments = Instruments(clock: TestClock(machine: machine), seed: seed) { slept.add($0) }
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        store = try Store.open(
            StoreConfiguration(
                folder: nil,
                time: instruments.clock,
                random: SeededRandom(seed: 1),
                logger: logger
            )
        )
        service = InstrumentedService(
            S3Service(
                configuration: ServiceConfiguration(),
                store: store,
                root: Self.root,
                time: instruments.clock,
                random: SeededRandom(seed: 2),
                logger: logger
            ),
            instruments
        )
        _ = try await store.createBucket(
            "photos",
            owner: store.directory.rootAccount.id,
            region: "us-east-1"
        )
    }

    /// How long was slept, in milliseconds.
    var sleeps: [Int64] { slept.all }

    /// Signs a request at the machine's time and answers it.
    func send(
        _ method: HTTPMethod,
        _ target: String,
        _ body: String = "",
        headers: HTTPHeaders = [:],
        peer: String = "127.0.0.1"
    ) async -> Reply {
        await raw(
            .signed(
                method,
                target,
                Array(body.utf8),
                headers: headers,
                by: Self.root,
                at: machine.now(),
                peer: peer
            )
        )
    }

    func raw(_ request: HTTPRequest) async -> Reply {
        let response = await service.respond(to: request)
        var reply = Reply(response)
        switch response.body {
        case .empty: break
        case .bytes(let bytes): reply.body = Array(bytes.readableBytesView)
        case .pieces(_, let next):
            do {
                while let piece = try await next() {
                    guard case .bytes(let bytes) = piece else { continue }
                    reply.body += Array(bytes.readableBytesView)
                    reply.pieces.append(bytes.readableBytes)
                }
            } catch {
                reply.isCut = true
            }
        }
        response.onSent?(.init(bodyBytes: reply.body.count, isComplete: !reply.isCut))
        return reply
    }
}

/// A response, read to its end.
struct Reply {
    let status: Int
    let headers: HTTPHeaders
    let mishap: Mishap?
    let announced: Int?
    var body: [UInt8] = []
    var pieces: [Int] = []
    var isCut = false

    var text: String { String(decoding: body, as: UTF8.self) }

    init(_ response: HTTPResponse) {
        status = Int(response.status.code)
        headers = response.headers
        mishap = response.mishap
        announced =
            switch response.body {
            case .empty: 0
            case .bytes(let bytes): bytes.readableBytes
            case .pieces(let length, _): length
            }
    }
}

private final class Slept: Sendable {
    private let milliseconds = Mutex<[Int64]>([])
    var all: [Int64] { milliseconds.withLock { $0 } }
    func add(_ one: Int64) { milliseconds.withLock { $0.append(one) } }
}
