import S3Service
import Synchronization

/// What a daemon has done since it was started, as counters that Prometheus reads.
///
/// [Exposition format](https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format)
final class Metrics: Sendable {
    /// How many pairs of operation and status are told apart; what goes beyond is counted under `other`.
    ///
    /// A method that no operation has is named as the client names it, and must not fill the memory.
    static let limit = 1000

    private struct Kind: Hashable, Comparable {
        let operation: String
        let status: Int

        static func < (left: Kind, right: Kind) -> Bool {
            (left.operation, left.status) < (right.operation, right.status)
        }
    }

    private struct Sums {
        var requests: Int64 = 0
        var bytes: Int64 = 0
        var microseconds: Int64 = 0
    }

    private let sums = Mutex<[Kind: Sums]>([:])
    private let scrub: ScrubCounter

    /// Counts from zero, beside what scrubbing counts.
    init(scrub: ScrubCounter) { self.scrub = scrub }

    /// Counts a request whose response is sent.
    func add(_ entry: AccessLogEntry) {
        let kind = Kind(operation: entry.operation, status: entry.status)
        sums.withLock { sums in
            let isKnown = sums[kind] != nil || sums.count < Self.limit
            let kind = isKnown ? kind : Kind(operation: "other", status: entry.status)
            sums[kind, default: Sums()].requests &+= 1
            sums[kind, default: Sums()].bytes &+= Int64(entry.bytesSent)
            sums[kind, default: Sums()].microseconds &+= entry.microseconds
        }
    }

    /// All counters, with whether the store can be written to.
    func text(isWritable: Bool) -> String {
        let sums = sums.withLock { $0 }.sorted { $0.key < $1.key }
        var text = ""
        for (name, help, value) in Self.ofRequests {
            text += "# HELP \(name) \(help)\n# TYPE \(name) counter\n"
            for (kind, sums) in sums {
                let operation = Self.escaped(kind.operation)
                text +=
                    "\(name){operation=\"\(operation)\",status=\"\(kind.status)\"} \(value(sums))\n"
            }
        }
        let scrub = scrub.counts
        for (name, help, value) in [
            ("scrub_passes", "Times that all blobs were read.", scrub.passes),
            ("scrub_blobs_verified", "Blobs found to be what was written.", scrub.verified),
            ("scrub_bytes", "Bytes read by scrubbing.", scrub.bytes),
            ("scrub_blobs_bad", "Times that a blob was found to be bad.", scrub.bad),
            ("scrub_blobs_locked", "Times that a blob's key was not there.", scrub.locked),
        ] {
            text += "# HELP pail_\(name)_total \(help)\n# TYPE pail_\(name)_total counter\n"
            text += "pail_\(name)_total \(value)\n"
        }
        return text + """
            # HELP pail_writable Whether the store can be written to.
            # TYPE pail_writable gauge
            pail_writable \(isWritable ? 1 : 0)

            """
    }

    private static let ofRequests: [(String, String, @Sendable (Sums) -> String)] = [
        ("pail_requests_total", "Requests answered.", { String($0.requests) }),
        ("pail_response_bytes_total", "Bytes of bodies sent.", { String($0.bytes) }),
        (
            "pail_request_seconds_total", "Time from heads to last bytes.",
            { "\($0.microseconds / 1_000_000)." + padded($0.microseconds % 1_000_000) }
        ),
    ]

    private static func padded(_ microseconds: Int64) -> String {
        let digits = String(microseconds)
        return String(repeating: "0", count: max(0, 6 - digits.count)) + digits
    }

    private static func escaped(_ label: String) -> String {
        label.reduce(into: "") { text, character in
            switch character {
            case "\\": text += "\\\\"
            case "\"": text += "\\\""
            case "\n": text += "\\n"
            default: text.append(character)
            }
        }
    }
}
