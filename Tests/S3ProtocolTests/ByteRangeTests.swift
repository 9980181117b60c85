import S3Protocol
import Testing

@Suite struct ByteRangeTests {
    @Test(
        arguments: [
            ("bytes=0-4", 0..<5), ("bytes=4-", 4..<10), ("bytes=-3", 7..<10),
            ("bytes=0-99", 0..<10),
            ("bytes=-99", 0..<10), ("bytes=9-9", 9..<10), ("bytes = 0-4", 0..<5),
            ("BYTES=0-4", 0..<5),
            ("bytes=0-99999999999999999999", 0..<10),
        ] as [(String, Range<Int64>)]
    )
    func `names bytes of an object of ten`(header: String, expected: Range<Int64>) throws {
        #expect(try ByteRange.parse(header)?.resolve(size: 10) == expected)
    }

    @Test(arguments: [
        "", "bytes", "bytes=", "bytes=-", "bytes=a-b", "bytes=4-2", "lines=0-4", "bytes=0-1,3-4",
        "bytes=--1", "bytes=0--1", "bytes=+1-2",
    ])
    func `is ignored where HTTP ignores it or there are several`(header: String) {
        #expect(ByteRange.parse(header) == nil)
    }

    @Test(
        arguments: [
            ("bytes=10-", 10), ("bytes=10-11", 10), ("bytes=-0", 10), ("bytes=0-", 0),
            ("bytes=-1", 0),
        ] as [(String, Int64)]
    )
    func `cannot be satisfied beyond the end`(header: String, size: Int64) throws {
        let range = try #require(ByteRange.parse(header))

        let error = #expect(throws: S3Error.self) { try range.resolve(size: size) }
        #expect(error?.code == .invalidRange)
        #expect(error?.details.last == .init("ActualObjectSize", String(size)))
    }
}
