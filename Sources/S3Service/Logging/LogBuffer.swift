import ObjectStore
import S3Protocol
import Synchronization

/// What a log object is about: the requests to one bucket that go to one place, of one day where days are apart.
struct LogSubject: Sendable, Hashable {
    let source: String
    let sourceRegion: String
    let sourceOwner: Account.ID
    let configuration: LoggingConfiguration
    /// A moment of the day, at its beginning; `nil` where days are not apart.
    let day: Timestamp?

    private static let dayMilliseconds: Int64 = 86_400_000

    init(_ bucket: Bucket, _ configuration: LoggingConfiguration, at time: Timestamp) {
        source = bucket.name
        sourceRegion = bucket.region
        sourceOwner = bucket.ownerID
        self.configuration = configuration
        let millisecond = time.milliseconds % Self.dayMilliseconds
        day =
            configuration.separatesDays
            ? Timestamp(milliseconds: time.milliseconds - millisecond) : nil
    }
}

/// Records that wait for their delivery: in memory, and never more than ``capacity`` bytes of them.
final class LogBuffer: Sendable {
    /// Bytes that wait at most; beyond them a record is dropped, and counted.
    static let capacity = 8 << 20
    /// Bytes from which on a delivery does not wait for its time.
    static let earlyDelivery = capacity / 4

    private struct State {
        var lines: [LogSubject: [UInt8]] = [:]
        var bytes = 0
        var dropped = 0
    }

    private let state = Mutex(State())

    /// Adds a record; answers whether so much waits now that it should be delivered.
    func add(_ line: String, about subject: LogSubject) -> Bool {
        add(Array(line.utf8), about: subject)
    }

    /// The same for records that could not be delivered.
    @discardableResult
    func add(_ lines: [UInt8], about subject: LogSubject) -> Bool {
        state.withLock { state in
            guard state.bytes + lines.count <= Self.capacity else {
                state.dropped += 1
                return true
            }
            let before = state.bytes
            state.bytes += lines.count
            state.lines[subject, default: []] += lines
            return before < Self.earlyDelivery && state.bytes >= Self.earlyDelivery
        }
    }

    /// Takes everything out, and answers how many records were dropped since the last time.
    func takeAll() -> (lines: [(subject: LogSubject, lines: [UInt8])], dropped: Int) {
        let taken = state.withLock { state in
            defer { state = State() }
            return state
        }
        return (taken.lines.map { ($0.key, $0.value) }, taken.dropped)
    }
}
