import Foundation
import HTTPMessage
import Instruments
import Logging
import NIOCore
import NIOHTTP1
import NIOPosix
import Policy
import S3Protocol
import S3Service
import Testing

@testable import Daemon

/// The administration API as the root key reaches it, without a signature or a socket.
struct TestAPI {
    let machine = ManualTime(Timestamp(seconds: 1_700_000_000))
    let instruments: Instruments
    let tenants: Tenants

    init() throws {
        instruments = Instruments(clock: TestClock(machine: machine))
        var configuration = DaemonConfiguration()
        configuration.seedFolder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures")
            .path()
        let blueprint = WorldBlueprint(
            configuration: configuration,
            log: LogOutput(.text) { _ in },
            refusals: RecentRefusals(),
            metrics: Metrics(scrub: ScrubCounter()),
            scripts: try InitScripts(folder: nil, isNamed: false),
            group: .singletonMultiThreadedEventLoopGroup,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        tenants = Tenants(
            blueprint,
            store: try blueprint.store(
                from: nil,
                canonicalID: nil,
                workers: nil,
                time: instruments.clock
            ),
            credentials: RootCredentials(accessKey: "AKIAROOT", secret: "0123456789abcdef"),
            instruments: instruments
        )
    }

    /// The status and the document of an answer; a path that nobody has is 404 without one.
    func ask(
        _ method: HTTPMethod,
        _ path: String,
        _ body: String = "",
        query: [(name: String, value: String)] = []
    ) async throws -> (status: Int, json: JSON) {
        let call = AdministrationCall(
            method: method,
            path: path,
            query: query,
            body: ByteBuffer(string: body)
        )
        guard let response = await tenants.answer(call, to: Tenant.standardName) else {
            return (404, .null)
        }
        guard case .bytes(let bytes) = response.body else {
            return (Int(response.status.code), .null)
        }
        let json = try JSON(parsing: String(buffer: bytes), limit: 1 << 20)
        return (Int(response.status.code), json)
    }
}

@Suite(.timeLimit(.minutes(1))) struct AdministrationAPITests {
    private let api: TestAPI

    init() throws { api = try TestAPI() }

    @Test(arguments: [
        #"{"kind":"error","code":"SlowDown","status":503,"message":"Please reduce your request rate.","carriedOut":false}"#,
        #"{"kind":"error","code":"Mine","status":418,"message":"short and stout","carriedOut":true}"#,
        #"{"kind":"error-in-200","code":"InternalError","message":"We encountered an internal error. Please try again."}"#,
        #"{"kind":"throttle","perSecond":2.5,"burst":3}"#, #"{"kind":"delay","milliseconds":20}"#,
        #"{"kind":"bandwidth","bytesPerSecond":1000}"#, #"{"kind":"truncate","afterBytes":10}"#,
        #"{"kind":"flip","atByte":3}"#, #"{"kind":"flip"}"#, #"{"kind":"reset","afterBytes":0}"#,
        #"{"kind":"reset"}"#, #"{"kind":"silence","milliseconds":5}"#,
        #"{"kind":"stale-continue"}"#,
        #"{"kind":"skew","seconds":-5}"#,
    ])
    func `an effect comes back as it was sent`(effect: String) async throws {
        let added = try await api.ask(.POST, "faults", "{\"effect\":\(effect)}")
        #expect(added.status == 201 && added.json["effect"]?.text == effect)
        #expect(try await api.ask(.GET, "faults/fault-1").json == added.json)
    }

    @Test(arguments: [
        ("{}", "effect is missing."), ("[]", "An object is wanted."),
        ("{", "The body is not JSON"),
        (#"{"effect":{"kind":"x"}}"#, "effect must be an object with a kind"),
        (#"{"effect":{"kind":"delay"}}"#, "milliseconds is missing."),
        (
            #"{"effect":{"kind":"delay","milliseconds":1.5}}"#,
            "milliseconds must be a whole number."
        ),
        (#"{"effect":{"kind":"delay","milliseconds":-1}}"#, "a wait must be from 0 to 3600000"),
        (#"{"effect":{"kind":"flip","milliseconds":1}}"#, "There is no member milliseconds"),
        (#"{"effect":{"kind":"flip"},"bukket":"x"}"#, "There is no member bukket"),
        (#"{"effect":{"kind":"flip"},"client":{"ip":"x"}}"#, "There is no member ip"),
        (#"{"effect":{"kind":"flip"},"from":"noon"}"#, "from must be a moment"),
        (#"{"effect":{"kind":"flip"},"seed":-1}"#, "seed must be 0 at least."),
        (#"{"effect":{"kind":"flip"},"probability":2}"#, "probability must be from 0 to 1"),
        (#"{"effect":{"kind":"error","code":"Mine"}}"#, "it needs a status"),
        (#"{"effect":{"kind":"error","code":"SlowDown","status":9}}"#, "a status from 200 to 599"),
    ])
    func `a fault that cannot be read is refused with what is wrong`(
        body: String,
        message: String
    ) async throws {
        let answer = try await api.ask(.POST, "faults", body)
        #expect(answer.status == 400)
        #expect(answer.json["error"]?["message"]?.string?.contains(message) == true, "\(answer)")
        #expect(api.instruments.faults.isEmpty)
    }

    @Test func `the clock is set and told`() async throws {
        let frozen = try await api.ask(.POST, "clock/freeze", #"{"at":"2026-01-31T12:00:00Z"}"#)
        #expect(frozen.json["now"] == .string("2026-01-31T12:00:00.000Z"))
        #expect(frozen.json["mode"] == .string("frozen"))
        let moved = try await api.ask(.POST, "clock/move", #"{"days":1,"hours":-1,"seconds":5}"#)
        #expect(moved.json["now"] == .string("2026-02-01T11:00:05.000Z"))
        let fast = try await api.ask(.POST, "clock/speed", #"{"factor":60}"#)
        #expect(fast.json["mode"] == .string("running") && fast.json["factor"] == .number("60.0"))
        api.machine.advance(bySeconds: 1)
        #expect(
            try await api.ask(.GET, "clock").json["now"] == .string("2026-02-01T11:01:05.000Z")
        )
        let real = try await api.ask(.POST, "clock/real")
        #expect(real.json["mode"] == .string("real"))
        #expect(real.json["offsetMilliseconds"] == .number("0"))
    }

    @Test(arguments: [
        ("clock/freeze", #"{"at":"noon"}"#), ("clock/freeze", #"{"on":1}"#),
        ("clock/move", "{}"), ("clock/move", #"{"days":9223372036854775807}"#),
        ("clock/move", #"{"days":-100000}"#), ("clock/speed", #"{"factor":0}"#),
        ("clock/speed", "{}"), ("clock/real", #"{"x":1}"#),
    ])
    func `a clock that cannot be set so stays`(path: String, body: String) async throws {
        #expect(try await api.ask(.POST, path, body).status == 400)
        #expect(api.instruments.clock.isReal)
    }

    @Test func `another method than the path has is refused, another path is not answered`()
        async throws
    {
        #expect(try await api.ask(.PUT, "faults").status == 405)
        #expect(try await api.ask(.GET, "clock/freeze").status == 405)
        #expect(try await api.ask(.GET, "faults/fault-1/x").json == .null)
        #expect(try await api.ask(.GET, "faults/").json == .null)
        #expect(try await api.ask(.GET, "faults/fault-1").status == 404)
        #expect(try await api.ask(.DELETE, "faults/fault-1").status == 404)
    }

    @Test func `the recorder's bounds are kept`() async throws {
        #expect(try await api.ask(.PUT, "recorder", #"{"on":true,"limit":0}"#).status == 400)
        #expect(try await api.ask(.PUT, "recorder", #"{"limit":5}"#).status == 400)
        let on = try await api.ask(.PUT, "recorder", #"{"on":true,"limit":5}"#)
        #expect(on.json.text == #"{"on":true,"limit":5,"count":0}"#)
        #expect(try await api.ask(.PUT, "recorder", #"{"on":false}"#).json["on"] == .bool(false))
        for (name, value) in [("status", "x"), ("after", "-1"), ("bukket", "x")] {
            let answer = try await api.ask(.GET, "calls", query: [(name, value)])
            #expect(answer.status == 400)
        }
        let waited = try await api.ask(.GET, "calls/wait", query: [("timeoutMilliseconds", "1")])
        #expect(waited.json["met"] == .bool(false))
        let tooLong = [(name: "timeoutMilliseconds", value: "60001")]
        #expect(try await api.ask(.GET, "calls/wait", query: tooLong).status == 400)
    }

    @Test func `a seed is set with a clearing`() async throws {
        #expect(try await api.ask(.DELETE, "faults", query: [("seed", "7")]).status == 204)
        #expect(try await api.ask(.DELETE, "faults", query: [("seed", "x")]).status == 400)
    }
}
