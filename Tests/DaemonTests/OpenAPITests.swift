import NIOHTTP1
import Policy
import S3Protocol
import Testing

@testable import Daemon

/// `docs/openapi.json` describes the administration API as it is: the same operations, and examples that work.
@Suite(.timeLimit(.minutes(1))) struct OpenAPITests {
    /// What the service answers itself, whoever runs it.
    private static let ofService = [
        "GET /_pail/health checkHealth", "GET /_pail/metrics readMetrics",
        "GET /_pail/fidelity readFidelity", "POST /_pail/logs/deliver deliverLogs",
        "GET /_pail/queues/{queue}/messages readMessages",
        "DELETE /_pail/queues/{queue}/messages acknowledgeMessage",
    ]

    private let document: OpenAPIDocument
    private let routed: [OpenAPIDocument.Operation]
    private let others: [OpenAPIDocument.Operation]

    init() throws {
        document = try OpenAPIDocument()
        let names = Set(AdministrationRouter.routes.map(\.name))
        routed = document.operations.filter { names.contains($0.name) }
        others = document.operations.filter { !names.contains($0.name) }
    }

    @Test func `the document has the operations that there are`() {
        let table = AdministrationRouter.routes.map {
            "\($0.method.rawValue) /_pail/\($0.path) \($0.name)"
        }
        let all = table + Self.ofService
        let documented = document.operations.map { "\($0.method) \($0.path) \($0.name)" }
        #expect(Set(all) == Set(documented))
        #expect(Set(all).count == all.count && Set(documented).count == documented.count)
    }

    @Test func `each operation's example is answered as the document says`() async throws {
        for one in routed {
            let api = try TestAPI()
            // What an example names must be there.
            try await Self.prepare(api)
            let (path, query) = try one.example()
            var body = ""
            if let content = one.content["requestBody"]?["content"]?["application/json"] {
                let example = try #require(content["example"], "\(one.name)")
                let schema = try #require(content["schema"], "\(one.name)")
                #expect(document.faults(example, schema) == [], "\(one.name)")
                body = example.text
            }
            let method = HTTPMethod(rawValue: one.method)
            let answer = try await api.ask(method, path, body, query: query)
            #expect((200..<300).contains(answer.status), "\(one.name): \(answer)")
            try check(answer, of: one)
        }
    }

    @Test func `each operation that takes anything refuses what it does not know`() async throws {
        let api = try TestAPI()
        for one in routed where one.answer(400) != nil {
            let path = String(one.path.dropFirst("/_pail/".count))
            let hasBody = one.content["requestBody"] != nil
            let answer = try await api.ask(
                HTTPMethod(rawValue: one.method),
                path,
                hasBody || one.method == "POST" ? #"{"nonsense":1}"# : "",
                query: hasBody || one.method == "POST" ? [] : [("nonsense", "1")]
            )
            #expect(answer.status == 400, "\(one.name)")
            try check(answer, of: one)
        }
    }

    @Test func `the service's own paths answer as the document says`() async throws {
        let world = try await TenantWorld.start { $0.buckets = ["photos"] }
        try await Self.tellQueue(of: world)
        for one in others {
            let method = HTTPMethod(rawValue: one.method)
            let example = try one.example()
            let query = example.query.map { "\($0.name)=\(PercentCoding.encode($0.value))" }
                .joined(separator: "&")
            let path = example.path + (query.isEmpty ? "" : "?\(query)")
            try check(try await world.ask(method, path), of: one, isFine: true)

            let open = one.content["security"]?.array?.isEmpty == true
            let unsigned = try await world.send(method, "/_pail/\(path)")
            #expect(unsigned.status == (open ? 200 : 403), "\(one.name)")
            try check(unsigned, of: one)

            for (status, wrong) in Self.wrongTurns(of: one) {
                let answer = try await world.ask(method, wrong)
                #expect(answer.status == status, "\(one.name): \(wrong)")
                try check(answer, of: one)
            }
        }
        await world.daemon.shutDown()
    }

    // MARK: What is there to be asked for

    private static func prepare(_ api: TestAPI) async throws {
        _ = try await api.ask(.POST, "faults", #"{"effect":{"kind":"flip"}}"#)
        _ = try await api.ask(.PUT, "recorder", #"{"on":true}"#)
        _ = try await api.ask(.POST, "snapshots", #"{"name":"full"}"#)
        _ = try await api.ask(.POST, "tenants", #"{"name":"mine"}"#)
    }

    /// Lets the queue of the examples have messages: that which tests it, and one of an object.
    private static func tellQueue(of world: TenantWorld) async throws {
        let rule = """
            <NotificationConfiguration><QueueConfiguration><Id>r</Id>\
            <Queue>arn:aws:sqs:us-east-1:000000000000:jobs</Queue>\
            <Event>s3:ObjectCreated:*</Event></QueueConfiguration></NotificationConfiguration>
            """
        let key = world.daemon.credentials
        #expect(try await world.send(.PUT, "/photos?notification", rule, by: key).status == 200)
        #expect(try await world.send(.PUT, "/photos/cat", "meow", by: key).status == 200)
    }

    /// What is asked wrongly for each status of a refusal that an operation says it has, 403 aside.
    private static func wrongTurns(
        of one: OpenAPIDocument.Operation
    ) -> [(status: Int, path: String)] {
        switch one.name {
        case "readMessages":
            [(400, "queues/jobs/messages?max=11"), (404, "queues/jobs.fifo/messages")]
        case "acknowledgeMessage":
            // The example has acknowledged the first message.
            [(400, "queues/jobs/messages?receipt=1"), (404, "queues/jobs/messages?receipt=1-1")]
        default: []
        }
    }

    // MARK: Whether it is as the document says

    private func check(
        _ answer: (status: Int, json: JSON),
        of one: OpenAPIDocument.Operation
    ) throws {
        let said = try #require(
            one.answer(answer.status),
            "\(one.name) does not say that it answers \(answer.status)"
        )
        guard let content = said.first(where: { $0.name == "application/json" }) else {
            #expect(answer.json == .null, "\(one.name) says nothing of a document")
            return
        }
        let schema = content.value["schema"] ?? .null
        #expect(document.faults(answer.json, schema) == [], "\(one.name)")
    }

    private func check(
        _ answer: TenantWorld.Answer,
        of one: OpenAPIDocument.Operation,
        isFine: Bool = false
    ) throws {
        if isFine { #expect((200..<300).contains(answer.status), "\(one.name): \(answer)") }
        let said = try #require(
            one.answer(answer.status),
            "\(one.name) does not say that it answers \(answer.status)"
        )
        guard let content = said.first else {
            #expect(answer.text.isEmpty, "\(one.name) says nothing of a document")
            return
        }
        let type = answer.headers.first(name: "Content-Type")
        #expect(type?.hasPrefix(content.name) == true, "\(one.name): \(type ?? "no type")")
        let json = content.name == "application/json" ? answer.json : .string(answer.text)
        let faults = document.faults(json ?? .null, content.value["schema"] ?? .null)
        #expect(faults == [], "\(one.name)")
    }
}
