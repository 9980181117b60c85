import NIOHTTP1
import Policy
import S3Protocol
import Testing

@testable import Instruments

/// [HAR 1.2](http://www.softwareishard.com/blog/har-12-spec/): every member that it says is not optional, and its type.
@Suite struct HARTests {
    private indirect enum Shape: Sendable {
        case text, number
        case object([String: Shape])
        case list(Shape)
    }

    private static let pair = Shape.object(["name": .text, "value": .text])

    private static let file = Shape.object([
        "log": .object([
            "version": .text,
            "creator": .object(["name": .text, "version": .text]),
            "entries": .list(
                .object([
                    "startedDateTime": .text, "time": .number,
                    "request": .object([
                        "method": .text, "url": .text, "httpVersion": .text,
                        "cookies": .list(pair), "headers": .list(pair), "queryString": .list(pair),
                        "headersSize": .number, "bodySize": .number,
                    ]),
                    "response": .object([
                        "status": .number, "statusText": .text, "httpVersion": .text,
                        "cookies": .list(pair), "headers": .list(pair),
                        "content": .object(["size": .number, "mimeType": .text]),
                        "redirectURL": .text, "headersSize": .number, "bodySize": .number,
                    ]),
                    "cache": .object([:]),
                    "timings": .object(["send": .number, "wait": .number, "receive": .number]),
                ])
            ),
        ])
    ])

    /// Where a value is not what it should be.
    private func faults(_ json: JSON?, _ shape: Shape, at path: String = "") -> [String] {
        switch (shape, json) {
        case (.text, .string?): return []
        case (.number, .number(let digits)?): return Double(digits) == nil ? [path] : []
        case (.list(let element), .array(let elements)?):
            return elements.flatMap { faults($0, element, at: path + "[]") }
        case (.object(let members), .object(let found)?):
            // What the format does not know begins with a line, or is a comment.
            let unknown = found.map(\.name).filter {
                members[$0] == nil && !$0.hasPrefix("_") && $0 != "comment"
            }
            return unknown.map { "\(path).\($0) is unknown" }
                + members.sorted { $0.key < $1.key }.flatMap { name, shape in
                    faults(json?[name], shape, at: "\(path).\(name)")
                }
        default: return [path]
        }
    }

    @Test func `the file has all that the format asks for, and nothing else`() async throws {
        let bench = try await TestBench()
        bench.instruments.recorder.turnOn()
        _ = await bench.send(.PUT, "/photos/a%20b.jpg", "meow")
        _ = await bench.send(.GET, "/photos/a%20b.jpg?response-content-type=image%2Fpng")
        try bench.instruments.faults.add(FaultRule(.error(.slowDown, isCarriedOut: false)))
        _ = await bench.send(.GET, "/photos/a%20b.jpg")
        let har = HAR.log(bench.instruments.recorder.calls(), version: "1.2.3")
        // What is written is what is read.
        let json = try JSON(parsing: har.text, limit: 1 << 20)
        #expect(faults(json, Self.file) == [])
        let entries = try #require(json["log"]?["entries"]?.array)
        #expect(json["log"]?["version"] == .string("1.2") && entries.count == 3)
        let get = entries[1]
        #expect(get["startedDateTime"] == .string("2023-11-14T22:13:20.000Z"))
        #expect(
            get["request"]?["url"]
                == .string(
                    "http://127.0.0.1:9000/photos/a%20b.jpg?response-content-type=image%2Fpng"
                )
        )
        #expect(
            get["request"]?["queryString"]?.array == [
                .object(["name": .string("response-content-type"), "value": .string("image/png")])
            ]
        )
        #expect(get["response"]?["content"]?["mimeType"] == .string("image/png"))
        #expect(entries[2]["response"]?["status"] == .number("503"))
        #expect(entries[2]["comment"] == .string("faults: error"))
    }
}
