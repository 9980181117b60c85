import Testing

/// The scanners that the rules stand on: each must find what it looks for, or a rule cannot fail.
@Suite struct ScannerTests {
    @Test func `a function reaches from its declaration to its own closing brace`() {
        let file = SourceFile(
            """
            struct Example {
                var size: Int { 4 }
                let stored = 1

                public static func first<T>(
                    of many: [T]
                ) throws -> T
                where T: Sendable {
                    if many.isEmpty {
                        throw Empty()
                    }
                    return many[0]
                }

                init() {
                    body()
                }
            }
            """
        )

        #expect(file.functions.map(\.line) == [2, 5, 15])
        #expect(file.functions.map(\.length) == [1, 9, 3])
    }

    @Test func `a requirement of a protocol has no body`() {
        let file = SourceFile(
            """
            protocol Example {
                static var route: Route { get }
                func run() async throws
                func other(
                    with something: Int
                ) -> Int
                init(_ request: Request)
            }
            func real() {
            }
            """
        )

        #expect(file.functions.filter { $0.length > 1 }.map(\.line) == [9])
    }

    @Test(arguments: [
        ("import Foundation", "Foundation"),
        ("public import Foundation", "Foundation"),
        ("@preconcurrency import Foundation  // why", "Foundation"),
        ("import struct Foundation.Date", "Foundation"),
        ("@testable import S3Service", "S3Service"),
        ("import FoundationEssentials", "FoundationEssentials"),
    ])
    func `an import is found in all its forms`(line: String, module: String) {
        #expect(SourceFile(line).imports.map(\.module) == [module])
    }

    @Test(arguments: ["// import Foundation", "let import = 1", "/// Words that import nothing."])
    func `what only looks like an import is none`(line: String) {
        #expect(SourceFile(line).imports.isEmpty)
    }

    @Test(arguments: [
        ("    let a = 1  // comment", "let a = 1"),
        (#"let link = "https://example.com"  // so"#, #"let link = "https://example.com""#),
        (#"let quote = "\"//\""// so"#, #"let quote = "\"//\"""#),
        ("/// only a comment", ""),
    ])
    func `code ends where its comment begins`(line: String, code: String) {
        #expect(line.code == code)
    }

    @Test func `a word in a comment is not code`() {
        let file = SourceFile(path: "a.swift", "let a = b as! C\n// as! is refused")

        #expect(file.places(ofCode: ["as!"]) == ["a.swift:1: let a = b as! C"])
    }

    @Test func `an unchecked conformance needs a comment beside or above`() {
        let file = SourceFile(
            """
            final class Bare: @unchecked Sendable {}
            /// Guarded by its own lock.
            final class Explained: @unchecked Sendable {}
            nonisolated(unsafe) var beside = 1  // only the loop touches it

            // Only the loop touches it.
            @usableFromInline
            nonisolated(unsafe) var attributed = 1
            """
        )

        #expect(file.unexplainedUncheckedPlaces.count == 1)
        #expect(file.unexplainedUncheckedPlaces.first?.contains("Bare") == true)
    }

    @Test func `marks of unfinished work are found as whole words`() {
        #expect(("// TO" + "DO: later").isLeftForLater)
        #expect(("// XX" + "X").isLeftForLater)
        #expect(!("mktemp pail.XX" + "XXXX").isLeftForLater)
        #expect(!"todo lists are fine".isLeftForLater)
    }

    @Test(arguments: ["try await Task.", "u", "time.", "Thread.", "await asyncio."])
    func `calls that sleep are found`(prefix: String) {
        #expect("\(prefix)sleep\("(")1)".sleeps)
    }

    @Test func `operations are read from the list and from file names`() {
        let list = SourceFile(
            """
            let operations: [any Operation.Type] = [
                PutObject.self, GetObject.self,
                // HeadObject.self,
                CopyObject.self,
            ]
            """
        )

        #expect(list.listedTypes == ["PutObject", "GetObject", "CopyObject"])
        #expect(SourceFile(path: "a/CopyObject+source.swift", "").operationName == "CopyObject")
    }

    @Test func `the repository itself is found`() {
        #expect(Repository.sources.contains { $0.name == "S3Error.swift" })
        #expect(Repository.tests.contains { $0.name == "ScannerTests.swift" })
        #expect(Repository.sources.flatMap(\.functions).count > 10)
    }

    @Test func `a median is the lower middle`() {
        #expect(median([]) == 0)
        #expect(median([9, 1, 4]) == 4)
        #expect(median([9, 1, 4, 2]) == 2)
    }
}
