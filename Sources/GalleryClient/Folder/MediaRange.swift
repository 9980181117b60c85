import Synchronization

/// Ranges of a file's bytes.
enum MediaRange {
    /// The part of a range that a file has.
    ///
    /// As in S3, an end behind the file's is cut, and a start there is `InvalidRange`.
    static func within(_ size: Int64, _ range: Range<Int64>?) throws(StorageError) -> Range<Int64> {
        guard let range else { return 0..<size }
        guard range.lowerBound >= 0, range.isEmpty || range.lowerBound < size else {
            throw invalid(range, size: size)
        }
        return range.clamped(to: 0..<max(size, range.lowerBound))
    }

    /// The error for a range that a file does not have.
    static func invalid(_ range: Range<Int64>, size: Int64) -> StorageError {
        StorageError(
            .refused,
            code: "InvalidRange",
            message:
                "The file has \(size) bytes, and none of \(range.lowerBound)..<\(range.upperBound)."
        )
    }
}

/// How far a range was read.
final class Position: Sendable {
    private let rest: Mutex<Range<Int64>>

    init(_ range: Range<Int64>) { rest = Mutex(range) }

    /// The next run of at most some bytes, or `nil` at the end.
    func next(_ longest: Int) -> (start: Int64, count: Int)? {
        rest.withLock { rest in
            guard !rest.isEmpty else { return nil }
            let start = rest.lowerBound
            let count = min(Int64(longest), rest.upperBound - start)
            rest = (start + count)..<rest.upperBound
            return (start, Int(count))
        }
    }
}
