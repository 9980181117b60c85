import Foundation
import Testing

@testable import S3Protocol

@Suite struct ErrorNameTests {
    @Test func `every code of the table is found by its name`() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
            .appending(path: "Sources/S3Protocol/S3Error+codes.swift")
        let table = try String(contentsOf: file, encoding: .utf8)
        let rows = table.split(separator: "\n").filter { $0.contains("public static let ") }
        #expect(rows.count == S3Error.Code.all.count)
        #expect(Set(S3Error.Code.all.map(\.name)).count == S3Error.Code.all.count)
        for code in S3Error.Code.all { #expect(S3Error.Code.named(code.name) == code) }
        #expect(S3Error.Code.named("slowdown") == nil)
    }
}
