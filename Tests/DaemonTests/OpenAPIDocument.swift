import Foundation
import Policy
import Testing

/// `docs/openapi.json`, and whether an answer is as it says.
struct OpenAPIDocument {
    /// One operation of the document.
    struct Operation {
        let method: String
        let path: String
        let content: JSON

        var name: String { content["operationId"]?.string ?? "" }

        /// What the document's examples ask: the path after `/_pail/` and the query.
        func example() throws -> (path: String, query: [(name: String, value: String)]) {
            var path = String(path.dropFirst("/_pail/".count))
            var query: [(name: String, value: String)] = []
            for parameter in content["parameters"]?.array ?? [] {
                let name = try #require(parameter["name"]?.string)
                let example = try #require(parameter["example"], "\(self.name): \(name)")
                let value = example.string ?? example.text
                if parameter["in"] == .string("path") {
                    path = path.replacing("{\(name)}", with: value)
                } else {
                    query.append((name, value))
                }
            }
            return (path, query)
        }

        /// What it answers with a status, by the media type; `nil` where it does not say that it answers so.
        func answer(_ status: Int) -> [JSON.Member]? {
            content["responses"]?[String(status)].map { $0["content"]?.members ?? [] }
        }
    }

    /// Every operation, in the document's order.
    let operations: [Operation]
    private let content: JSON

    init() throws {
        let here = URL(filePath: #filePath)
        let file = here.deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appending(path: "docs/openapi.json")
        let text = try String(contentsOf: file, encoding: .utf8)
        let content = try JSON(parsing: text, limit: 1 << 20, depth: 64)
        self.content = content
        operations = (content["paths"]?.members ?? []).flatMap { path in
            (path.value.members ?? []).map {
                Operation(method: $0.name.uppercased(), path: path.name, content: $0.value)
            }
        }
    }

    /// Where a value is not what a schema says; of JSON Schema, what the document uses.
    func faults(_ json: JSON, _ schema: JSON, at path: String = "$") -> [String] {
        if let name = schema["$ref"]?.string?.split(separator: "/").last {
            guard let found = content["components"]?["schemas"]?[String(name)] else {
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
