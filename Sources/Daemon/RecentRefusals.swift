import S3Protocol
import S3Service
import Synchronization

/// The last requests that were refused, for `pail explain`.
///
/// What a client is told of a refusal is what AWS tells; the rest is here, for whoever has the data folder.
final class RecentRefusals: Sendable {
    /// How many are remembered: hours of a developer's mistakes.
    static let limit = 1000
    /// The longest explanation, in bytes: with it, a flood of refusals fills 4 MiB and no more.
    static let maximumSize = 4096

    private struct Remembered {
        var explanations: [String: [String]] = [:]
        /// The requests' names in a ring: where the next one goes, the oldest is.
        var names: [String] = []
        var next = 0
    }

    private let remembered = Mutex(Remembered())

    /// Remembers a request, if it was refused.
    func add(_ entry: AccessLogEntry) {
        guard entry.error != nil else { return }
        var room = Self.maximumSize
        let lines = entry.explanation.prefix { line in
            room -= line.utf8.count
            return room >= 0
        }
        remembered.withLock { remembered in
            if remembered.names.count < Self.limit {
                remembered.names.append(entry.requestID)
            } else {
                let oldest = remembered.names[remembered.next]
                remembered.explanations[oldest] = nil
                remembered.names[remembered.next] = entry.requestID
                remembered.next = (remembered.next + 1) % Self.limit
            }
            remembered.explanations[entry.requestID] = Array(lines)
        }
    }

    /// Why a request was refused, line by line; `nil` for one that is not remembered.
    func explanation(of requestID: String) -> [String]? {
        remembered.withLock { $0.explanations[requestID] }
    }
}

extension AccessLogEntry {
    /// What there is to know of a refusal.
    fileprivate var explanation: [String] {
        guard let error else { return [] }
        let names = [operation, [bucket, key].filter { !$0.isEmpty }.joined(separator: "/")]
        var lines = [names.filter { !$0.isEmpty }.joined(separator: " ")]
        lines.append("at \(ISO8601.format(time)) from \(peer), \(signer)")
        lines.append("answered \(status) \(error.code.name): \(error.message)")
        if let logged = error.logged { lines.append("because \(logged)") }
        lines += error.explanation.map { "  \($0)" }
        lines += error.details.flatMap { detail in
            // What was signed is several lines.
            let text = detail.value.split(separator: "\n", omittingEmptySubsequences: false)
            return text.count == 1
                ? ["\(detail.name): \(detail.value)"]
                : ["\(detail.name):"] + text.map { "  \($0)" }
        }
        return lines
    }

    private var signer: String { accessKey.map { "key \($0)" } ?? "without a key" }
}
