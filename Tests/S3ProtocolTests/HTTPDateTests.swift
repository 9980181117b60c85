import S3Protocol
import Testing

@Suite struct HTTPDateTests {
    private let moment = Timestamp(seconds: 784_111_777)

    @Test func `writes RFC 1123 and ISO 8601`() {
        #expect(HTTPDate.format(moment) == "Sun, 06 Nov 1994 08:49:37 GMT")
        #expect(ISO8601.format(moment) == "1994-11-06T08:49:37.000Z")
        #expect(ISO8601.formatBasic(moment) == "19941106T084937Z")
    }

    @Test(arguments: [
        "Sun, 06 Nov 1994 08:49:37 GMT", "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994", "Sun, 06 Nov 1994 08:49:37 +0000", "19941106T084937Z",
        "1994-11-06T08:49:37Z", "1994-11-06T08:49:37.000Z",
    ])
    func `reads every form of the same moment`(text: String) {
        #expect(HTTPDate.parse(text) == moment)
    }

    @Test(arguments: [
        "", "yesterday", "Sun, 31 Feb 1994 08:49:37 GMT", "Sun, 06 Nov 1994 25:49:37 GMT",
        "19941306T084937Z", "1994110", "19941106T084937", "Sun, 06 Nov 1994 08:49 GMT",
        "Sun, 06 Nov 1994 08:49:37 EST", "19941106T0849", "-----", "1994-11-06T08:49:37.Z",
    ])
    func `refuses what is no moment`(text: String) {
        #expect(HTTPDate.parse(text) == nil)
    }

    @Test(
        arguments: [
            0, 951_782_400, 951_868_800, 4_107_542_400, -1, -62_135_596_800, 253_402_300_799,
        ] as [Int64]
    )
    func `comes back from every form, leap days and ends of centuries too`(seconds: Int64) {
        let moment = Timestamp(seconds: seconds)

        #expect(HTTPDate.parse(HTTPDate.format(moment)) == moment)
        #expect(ISO8601.parse(ISO8601.format(moment)) == moment)
        #expect(ISO8601.parse(ISO8601.formatBasic(moment)) == moment)
    }

    @Test func `keeps milliseconds`() {
        #expect(ISO8601.parse("1970-01-01T00:00:01.25Z")?.milliseconds == 1250)
        #expect(ISO8601.format(Timestamp(milliseconds: 1250)) == "1970-01-01T00:00:01.250Z")
    }
}
