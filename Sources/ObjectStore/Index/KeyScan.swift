/// The rules of a listing over raw key bytes: what a key becomes, and where to look next.
///
/// Keys come in byte order. Those that share a common prefix lie together, so that one look past the
/// last possible of them skips them all, however many there are.
struct KeyScan {
    /// What to do about a key.
    enum Step: Equatable {
        /// It lies beyond the prefix: there is nothing more.
        case end
        /// Show it.
        case key
        /// Show this much of it, once, for all keys that begin so.
        case commonPrefix([UInt8])
    }

    let prefix: [UInt8]
    let delimiter: [UInt8]

    init(prefix: String, delimiter: String?) {
        self.prefix = Array(prefix.utf8)
        self.delimiter = Array((delimiter ?? "").utf8)
    }

    /// The first bytes that can follow the start, with the prefix in mind.
    func firstBytes(after start: ListQuery.Start) -> [UInt8]? {
        switch start {
        case .beginning: prefix
        case .afterKey(let key): larger(Array(key.utf8) + [0], prefix)
        case .afterPrefix(let passed):
            Self.bytes(after: Array(passed.utf8)).map { larger($0, prefix) }
        }
    }

    func step(for key: UnsafeRawBufferPointer) -> Step {
        guard unsafe key.starts(with: prefix) else { return .end }
        guard !delimiter.isEmpty, let end = unsafe endOfDelimiter(in: key) else { return .key }
        return unsafe .commonPrefix(Array(key[..<end]))
    }

    /// The smallest bytes larger than everything that begins with a prefix; `nil` where there are none.
    static func bytes(after prefix: [UInt8]) -> [UInt8]? {
        var bytes = prefix
        while let last = bytes.popLast() {
            guard last == .max else { return bytes + CollectionOfOne(last + 1) }
        }
        return nil
    }

    private func endOfDelimiter(in key: UnsafeRawBufferPointer) -> Int? {
        var start = prefix.count
        while start + delimiter.count <= key.count {
            if unsafe key[start...].starts(with: delimiter) { return start + delimiter.count }
            start += 1
        }
        return nil
    }

    private func larger(_ first: [UInt8], _ second: [UInt8]) -> [UInt8] {
        first.lexicographicallyPrecedes(second) ? second : first
    }
}
