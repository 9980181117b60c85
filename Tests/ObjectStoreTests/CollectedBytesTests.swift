import NIOCore
import Testing

@testable import ObjectStore

@Suite struct CollectedBytesTests {
    private let collected = CollectedBytes(budget: 300_000)
    private let files = MemoryFileSystem()

    private func body(_ name: String, inlineLimit: Int = 100) -> StagedBody {
        let files = files
        return StagedBody(
            inlineLimit: inlineLimit,
            checksums: [],
            sealing: nil,
            collected: collected,
            judge: { $0 },
            makeFile: { try StagedFile(name, in: files) }
        )
    }

    @Test func `many bodies that stop coming hold the budget, and little each beyond it`() throws {
        let bodies = (0..<20).map { body("body-\($0)") }
        for _ in 0..<20 {
            for body in bodies { try body.append(ByteBuffer(repeating: 65, count: 10_000)) }
        }
        #expect(collected.isExhausted)
        #expect(collected.count <= 300_000 + 20 * CollectedBytes.floor)
        for body in bodies { #expect(try body.finish().size == 200_000) }
        #expect(collected.count == 0)
    }

    @Test func `a body that is dropped gives back what it held`() throws {
        do {
            let dropped = body("dropped")
            try dropped.append(ByteBuffer(repeating: 65, count: 50))
            #expect(collected.count == 50)
        }
        #expect(collected.count == 0)
    }

    @Test func `a small body gives back what it held when it is finished`() throws {
        let small = body("small")
        try small.append(ByteBuffer(string: "hello"))
        #expect(try small.finish().bytes == Array("hello".utf8))
        #expect(collected.count == 0)
    }
}
