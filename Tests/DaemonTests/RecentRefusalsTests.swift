import S3Protocol
import Testing

@testable import Daemon
@testable import S3Service

@Suite struct RecentRefusalsTests {
    private func entry(_ id: String, _ error: S3Error?) -> AccessLogEntry {
        AccessLogEntry(
            time: Timestamp(seconds: 1_700_000_000),
            requestID: id,
            peer: "127.0.0.1",
            accessKey: "AKIA",
            operation: "GetObject",
            bucket: "photos",
            key: "cat.jpg",
            status: error?.code.status ?? 200,
            error: error,
            bytesSent: 0,
            isComplete: true,
            microseconds: 1
        )
    }

    @Test func `a refusal is told with its reason, its statements and what was signed`() {
        let refusals = RecentRefusals()
        var error = S3Error(
            .accessDenied,
            details: [.init("Region", "us-east-1"), .init("StringToSign", "AWS4\nscope")],
            logged: "no policy allows it"
        )
        error.explanation = ["statement S: does not name the action"]
        refusals.add(entry("A", error))

        #expect(
            refusals.explanation(of: "A") == [
                "GetObject photos/cat.jpg", "at 2023-11-14T22:13:20.000Z from 127.0.0.1, key AKIA",
                "answered 403 AccessDenied: Access Denied", "because no policy allows it",
                "  statement S: does not name the action", "Region: us-east-1", "StringToSign:",
                "  AWS4", "  scope",
            ]
        )
    }

    @Test func `what was answered is not remembered, nor what came long before`() {
        let refusals = RecentRefusals()
        refusals.add(entry("good", nil))
        refusals.add(entry("first", S3Error(.noSuchKey)))
        for number in 1..<RecentRefusals.limit {
            refusals.add(entry("\(number)", S3Error(.noSuchKey)))
        }
        #expect(refusals.explanation(of: "good") == nil)
        #expect(refusals.explanation(of: "first") != nil)
        refusals.add(entry("last", S3Error(.noSuchKey)))
        #expect(refusals.explanation(of: "first") == nil)
        #expect(refusals.explanation(of: "1") != nil)
        #expect(refusals.explanation(of: "last") != nil)
    }

    @Test func `an explanation has its limit`() {
        let refusals = RecentRefusals()
        let line = String(repeating: "x", count: 1000)
        var error = S3Error(.accessDenied)
        error.explanation = Array(repeating: line, count: 10)
        refusals.add(entry("A", error))
        let size = refusals.explanation(of: "A")?.reduce(0) { $0 + $1.utf8.count } ?? 0
        #expect(size > 3000 && size <= RecentRefusals.maximumSize)
    }
}
