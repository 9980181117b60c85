import Digests
import NIOCore
import Testing

@testable import HTTPMessage

@Suite struct MultipartFormPatternTests {
    @Test func `finds what a plain search finds, wherever it stands`() {
        // Few letters, so that windows overlap in every way.
        let random = SeededRandom(seed: 7)
        for round in 0..<2000 {
            let wanted = random.bytes(1 + round % 7).map { $0 % 3 }
            let bytes = random.bytes(round % 50).map { $0 % 3 }
            let places = bytes.indices.filter { bytes[$0...].starts(with: wanted) }

            let found = MultipartFormPattern(wanted).firstOffset(in: ByteBuffer(bytes: bytes))

            #expect(found == places.first, "\(wanted) in \(bytes)")
        }
    }

    @Test func `counts from the first readable byte`() {
        var buffer = ByteBuffer(string: "--X--X")
        buffer.moveReaderIndex(forwardBy: 1)

        #expect(MultipartFormPattern(Array("--X".utf8)).firstOffset(in: buffer) == 2)
        #expect(MultipartFormPattern(Array("--Y".utf8)).firstOffset(in: buffer) == nil)
        #expect(MultipartFormPattern(Array("--Y".utf8)).firstOffset(in: ByteBuffer()) == nil)
    }
}
