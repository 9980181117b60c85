import Foundation
import FuzzParsers
import Testing

/// What fuzzers have found worth keeping, fed to the parsers again: what once made one trap must not do so twice.
@Suite struct CorpusTests {
    private static let folder = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
        .appending(path: "Fixtures/fuzz")

    @Test(arguments: Parser.all.map(\.name))
    func `a parser survives its corpus, cut short and altered too`(name: String) throws {
        let parser = try #require(Parser.named(name))
        let files = try FileManager.default.contentsOfDirectory(
            at: Self.folder.appending(path: name),
            includingPropertiesForKeys: nil
        )
        #expect(!files.isEmpty)
        for file in files {
            let bytes = try [UInt8](Data(contentsOf: file))
            parser.feed(bytes)
            for end in stride(from: 0, to: bytes.count, by: max(1, bytes.count / 50)) {
                parser.feed(Array(bytes[..<end]))
                var altered = bytes
                altered[end] ^= 0x80
                parser.feed(altered)
                altered[end] = UInt8(ascii: "<")
                parser.feed(altered)
            }
        }
    }

    @Test func `each folder of the corpus belongs to a parser`() throws {
        let folders = try FileManager.default.contentsOfDirectory(atPath: Self.folder.path())
        #expect(Set(folders) == Set(Parser.all.map(\.name)))
    }
}
