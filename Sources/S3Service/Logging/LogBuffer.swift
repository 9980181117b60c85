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
    /// Bytes that wait at most; beyond them records are dropped, and counted.
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
        let line = line.utf8
        return state.withLock { state in
            guard state.bytes + line.count <= Self.capacity else {
                state.dropped += 1
                return false
            }
            let before = state.bytes
            state.bytes += line.count
            state.lines[subject, default: []] += line
            return before < Self.earlyDelivery && state.bytes >= Self.earlyDelivery
        }
    }

    /// Puts back records that could not be delivered, before those that came meanwhile: of these old ones as many as
    /// there is room for, the newest.
    func putBack(_ lines: [UInt8], about subject: LogSubject) {
        state.withLock { state in
            let kept = Self.newest(lines, atMost: Self.capacity - state.bytes)
            state.dropped += Self.count(lines[..<kept.startIndex])
            state.bytes += kept.count
            state.lines[subject] = kept + (state.lines[subject] ?? [])
        }
    }

    /// Takes all records out.
    func takeAll() -> [(subject: LogSubject, lines: [UInt8])] {
        let taken = state.withLock { state in
            defer {
                state.lines = [:]
                state.bytes = 0
            }
            return state.lines
        }
        return taken.map { ($0.key, $0.value) }
    }

    /// Takes out how many records were dropped since the last time.
    func takeDropped() -> Int {
        state.withLock { state in
            defer { state.dropped = 0 }
            return state.dropped
        }
    }

    /// How many records there are in lines.
    static func count(_ lines: some Sequence<UInt8>) -> Int { lines.count { $0 == newline } }

    private static let newline = UInt8(ascii: "\n")

    /// Whole lines from the end.
    private static func newest(_ lines: [UInt8], atMost room: Int) -> ArraySlice<UInt8> {
        guard lines.count > room else { return lines[...] }
        // A line that begins just where the room does is whole.
        let end = lines[(lines.count - room - 1)...].firstIndex(of: newline)
        return end.map { lines[($0 + 1)...] } ?? lines[lines.endIndex...]
    }
}
