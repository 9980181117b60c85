import ObjectStore
import S3Protocol
import Testing

@testable import S3Service

struct LogBufferTests {
    private let subject: LogSubject

    init() async throws {
        let s3 = try await TestS3()
        let document = """
            <BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix/>\
            </LoggingEnabled></BucketLoggingStatus>
            """
        let configuration = try #require(
            try LoggingConfiguration(document: document.utf8, s3.store.directory)
        )
        subject = LogSubject(try s3.store.bucket("photos"), configuration, at: TestS3.start)
    }

    @Test func `records wait in their order until they are taken`() {
        let buffer = LogBuffer()
        #expect(!buffer.add("one\n", about: subject))
        #expect(!buffer.add("two\n", about: subject))
        let taken = buffer.takeAll()
        #expect(taken.map { String(decoding: $0.lines, as: UTF8.self) } == ["one\ntwo\n"])
        #expect(buffer.takeDropped() == 0 && buffer.takeAll().isEmpty)
    }

    @Test func `much of it asks to be delivered, once`() {
        let buffer = LogBuffer()
        let line = String(repeating: " ", count: LogBuffer.earlyDelivery - 1)
        #expect(!buffer.add(line, about: subject))
        #expect(buffer.add("x", about: subject))
        #expect(!buffer.add("x", about: subject))
    }

    @Test func `beyond its capacity records are dropped and counted`() {
        let buffer = LogBuffer()
        buffer.putBack([UInt8](repeating: 0x20, count: LogBuffer.capacity), about: subject)
        for _ in 0..<3 { #expect(!buffer.add("x\n", about: subject)) }
        #expect(buffer.takeAll().map(\.lines.count) == [LogBuffer.capacity])
        #expect(buffer.takeDropped() == 3)
        #expect(buffer.takeDropped() == 0)
    }

    @Test
    func
        `of records that come back the oldest go, no more than must, and the rest stay before the newer`()
    {
        let line = String(repeating: "x", count: 1023) + "\n"
        let old = (0..<LogBuffer.capacity / 1024).map { "\($0)" + line.dropFirst("\($0)".count) }
        let buffer = LogBuffer()
        for _ in 0..<3 { _ = buffer.add(line, about: subject) }
        buffer.putBack(Array(old.joined().utf8), about: subject)
        #expect(buffer.takeDropped() == 3)
        let kept = buffer.takeAll().first?.lines ?? []
        #expect(kept.count == LogBuffer.capacity)
        #expect(kept.starts(with: "3x".utf8) && kept.suffix(1024).elementsEqual(line.utf8))

        _ = buffer.add("y\n", about: subject)
        buffer.putBack(Array(old.joined().utf8), about: subject)
        #expect(buffer.takeDropped() == 1)
        let rest = buffer.takeAll().first?.lines ?? []
        #expect(rest.count == LogBuffer.capacity - 1024 + 2 && rest.starts(with: "1x".utf8))
    }
}
