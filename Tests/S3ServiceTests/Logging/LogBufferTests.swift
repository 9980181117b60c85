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
        #expect(taken.lines.map { String(decoding: $0.lines, as: UTF8.self) } == ["one\ntwo\n"])
        #expect(taken.dropped == 0 && buffer.takeAll().lines.isEmpty)
    }

    @Test func `much of it asks to be delivered, once`() {
        let buffer = LogBuffer()
        let line = [UInt8](repeating: 0x20, count: LogBuffer.earlyDelivery - 1)
        #expect(!buffer.add(line, about: subject))
        #expect(buffer.add("x", about: subject))
        #expect(!buffer.add("x", about: subject))
    }

    @Test func `beyond its capacity records are dropped and counted`() {
        let buffer = LogBuffer()
        buffer.add([UInt8](repeating: 0x20, count: LogBuffer.capacity), about: subject)
        for _ in 0..<3 { _ = buffer.add("x", about: subject) }
        let taken = buffer.takeAll()
        #expect(taken.dropped == 3)
        #expect(taken.lines.map(\.lines.count) == [LogBuffer.capacity])
        #expect(buffer.takeAll().dropped == 0)
    }
}
