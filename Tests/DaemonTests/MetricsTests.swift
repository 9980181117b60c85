import ObjectStore
import S3Protocol
import Testing

@testable import Daemon
@testable import S3Service

/// What Prometheus reads.
@Suite struct MetricsTests {
    private func entry(
        _ operation: String,
        _ status: Int,
        bytes: Int = 0,
        microseconds: Int64 = 0
    ) -> AccessLogEntry {
        AccessLogEntry(
            time: Timestamp(seconds: 0),
            requestID: "",
            peer: "",
            operation: operation,
            bucket: "",
            key: "",
            status: status,
            bytesSent: bytes,
            isComplete: true,
            microseconds: microseconds
        )
    }

    @Test func `requests are counted by operation and status, with their bytes and seconds`() {
        let metrics = Metrics(scrub: ScrubCounter())
        metrics.add(entry("GetObject", 200, bytes: 5, microseconds: 1_000_001))
        metrics.add(entry("GetObject", 200, bytes: 6, microseconds: 1_000_000))
        metrics.add(entry("GetObject", 404))
        let lines = metrics.text(isWritable: true).split(separator: "\n")
        #expect(lines.contains(#"pail_requests_total{operation="GetObject",status="200"} 2"#))
        #expect(lines.contains(#"pail_requests_total{operation="GetObject",status="404"} 1"#))
        #expect(
            lines.contains(#"pail_response_bytes_total{operation="GetObject",status="200"} 11"#)
        )
        #expect(
            lines.contains(
                #"pail_request_seconds_total{operation="GetObject",status="200"} 2.000001"#
            )
        )
        #expect(lines.contains("pail_scrub_blobs_verified_total 0"))
        #expect(lines.last == "pail_writable 1")
        #expect(metrics.text(isWritable: false).hasSuffix("pail_writable 0\n"))
    }

    @Test func `what scrubbing finds is counted, the bad apart from the sound`() {
        let counter = ScrubCounter()
        let damage = Finding(.damaged, blob: "b", detail: "a byte was changed")
        for event: ScrubEvent in [.read(bytes: 7), .read(bytes: 5), .verified, .verified, .locked] {
            counter.add(event)
        }
        for _ in 0..<3 { counter.add(.bad(damage)) }
        counter.finishPass()
        let lines = Metrics(scrub: counter).text(isWritable: true).split(separator: "\n")
        for (name, value) in [
            ("passes", 1), ("blobs_verified", 2), ("bytes", 12), ("blobs_bad", 3),
            ("blobs_locked", 1),
        ] {
            #expect(lines.contains("pail_scrub_\(name)_total \(value)"))
        }
    }

    @Test func `methods that nobody knows do not fill the memory, nor break a line`() {
        let metrics = Metrics(scrub: ScrubCounter())
        metrics.add(entry("A\"B\\C\nD", 405))
        #expect(
            metrics.text(isWritable: true).contains(#"{operation="A\"B\\C\nD",status="405"} 1"#)
        )
        for number in 0..<(2 * Metrics.limit) { metrics.add(entry("M\(number)", 405)) }
        let lines = metrics.text(isWritable: true).split(separator: "\n")
            .filter { $0.hasPrefix("pail_requests_total{") }
        #expect(lines.count == Metrics.limit + 1)
        #expect(lines.contains(#"pail_requests_total{operation="other",status="405"} 1001"#))
    }
}
