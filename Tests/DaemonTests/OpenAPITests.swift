import Foundation
import NIOHTTP1
import Policy
import Testing

@testable import Daemon

/// `docs/openapi.json` describes the administration API as it is: the same operations, and examples that work.
@Suite(.timeLimit(.minutes(1))) struct OpenAPITests {
    private let document: JSON

    init() throws {
        let here = URL(filePath: #filePath)
        let file = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/openapi.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        document = try JSON(parsing: text, limit: 1 << 20, depth: 64)
    }

    /// One operation of the document.
    private struct Described {
        let method: String
        let path: String
        let operation: JSON

        var name: String { operation["operationId"]?.string ?? "" }
    }

    private var described: [Described] {
        (document["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).map {
                Described(method: $0.name.uppercased(), path: path.name, operation: $0.value)
            }
        }
    }

    @Test func `the document and the table have the same operations`() {
        let table = AdministrationRouter.routes.map {
            "\($0.method.rawValue) /_pail/\($0.path) \($0.name)"
        }
        let documented = described.map { "\($0.method) \($0.path) \($0.name)" }
        #expect(Set(table) == Set(documented))
        #expect(Set(table).count == table.count && Set(documented).count == documented.count)
    }

    @Test func `each operation's example is answered as the document says`() async throws {
        for one in described {
            let api = try TestAPI()
            // What an example names must be there.
            try await Self.prepare(api)
            var path = String(one.path.dropFirst("/_pail/".count))
            var query: [(name: String, value: String)] = []
            for parameter in one.operation["parameters"]?.array ?? [] {
                let name = try #require(parameter["name"]?.string)
                let example = try #require(parameter["example"], "\(one.name): \(name)")
                let value = example.string ?? example.text
                if parameter["in"] == .string("path") {
                    path = path.replacing("{\(name)}", with: value)
                } else {
                    query.append((name, value))
                }
            }
            var body = ""
            if let content = one.operation["requestBody"]?["content"]?["application/json"] {
                let example = try #require(content["example"], "\(one.name)")
                let schema = try #require(content["schema"], "\(one.name)")
                #expect(faults(example, schema) == [], "\(one.name)")
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
        for one in described where one.operation["responses"]?["400"] != nil {
            let path = String(one.path.dropFirst("/_pail/".count))
            let hasBody = one.operation["requestBody"] != nil
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

    private static func prepare(_ api: TestAPI) async throws {
        _ = try await api.ask(.POST, "faults", #"{"effect":{"kind":"flip"}}"#)
        _ = try await api.ask(.PUT, "recorder", #"{"on":true}"#)
        _ = try await api.ask(.POST, "snapshots", #"{"name":"full"}"#)
        _ = try await api.ask(.POST, "tenants", #"{"name":"mine"}"#)
    }

    /// Whether an answer is one of those that an operation says it has.
    private func check(_ answer: (status: Int, json: JSON), of one: Described) throws {
        let said = try #require(
            one.operation["responses"]?[String(answer.status)],
            "\(one.name) does not say that it answers \(answer.status)"
        )
        guard let schema = said["content"]?["application/json"]?["schema"] else {
            #expect(answer.json == .null, "\(one.name) says nothing of a document")
            return
        }
        #expect(faults(answer.json, schema) == [], "\(one.name)")
    }

    /// Where a value is not what a schema says; of JSON Schema, what the document uses.
    private func faults(_ json: JSON, _ schema: JSON, at path: String = "$") -> [String] {
        if let name = schema["$ref"]?.string?.split(separator: "/").last {
            guard let found = document["components"]?["schemas"]?[String(name)] else {
                return ["\(path): no schema \(name)"]
            }
            return faults(json, found, at: path)
        }
        if let choices = schema["oneOf"]?.array {
            let fitting = choices.count { faults(json, $0, at: path).isEmpty }
            return fitting == 1 ? [] : ["\(path): fits \(fitting) of the choices"]
        }
        if let values = schema["enum"]?.array, !values.contains(json) {
            return ["\(path): \(json)"]
        }
        switch (schema["type"]?.string, json) {
        case ("string", .string), ("boolean", .bool), ("number", .number): return []
        case ("integer", .number(let digits)): return Int64(digits) == nil ? [path] : []
        case ("array", .array(let elements)):
            return elements.flatMap { faults($0, schema["items"] ?? .null, at: path + "[]") }
        case ("object", .object(let members)): return objectFaults(members, schema, at: path)
        default: return ["\(path): \(json.text.prefix(80))"]
        }
    }

    private func objectFaults(
        _ members: [JSON.Member],
        _ schema: JSON,
        at path: String
    ) -> [String] {
        let names = Set(members.map(\.name))
        let required = (schema["required"]?.array ?? []).compactMap(\.string)
        let missing = required.filter { !names.contains($0) }.map { "\(path).\($0) is missing" }
        return missing
            + members.flatMap { member -> [String] in
                if let known = schema["properties"]?[member.name] {
                    return faults(member.value, known, at: "\(path).\(member.name)")
                }
                let isOpen = schema["additionalProperties"] != .bool(false)
                return isOpen ? [] : ["\(path).\(member.name) is unknown"]
            }
    }
}

extension JSON {
    fileprivate var members: [Member]? {
        guard case .object(let members) = self else { return nil }
        return members
    }
}
