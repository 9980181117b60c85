import Synchronization

/// What was looked up since the last commit, so that it need not be looked up again; never stale, as each commit empties it.
///
/// It is empty, and stays so, while a commit is under way: whoever saw what it writes cannot be shown afterwards what was
/// there before. What is read in a while that a commit ended is not kept either.
final class RecentReads: Sendable {
    /// The most bytes of inline bodies: 2 MiB, which is 256 of the largest on a disk and 32 of those in memory.
    static let byteLimit = 2 << 20
    /// The most objects, and the most blobs: with keys and fields of 1 KB about 2 MiB, with the longest three times that.
    static let countLimit = 2048

    fileprivate struct ObjectName: Hashable {
        let bucket: Int64
        let key: String

        /// By bytes, as S3 tells keys apart: two spellings of an accented letter are equal texts, but other keys.
        static func == (one: Self, other: Self) -> Bool {
            one.bucket == other.bucket && one.key.utf8.elementsEqual(other.key.utf8)
        }
    }

    fileprivate struct Contents {
        var objects: [ObjectName: StoredObject] = [:]
        var blobs: [Int64: Blob] = [:]
        /// Of the inline bodies in `blobs`.
        var byteCount = 0
        /// Grows as a commit begins and as it ends: what was read across either is not kept.
        var moment: UInt64 = 0
        var isCommitting = false

        mutating func empty() {
            objects.removeAll(keepingCapacity: true)
            blobs.removeAll(keepingCapacity: true)
            byteCount = 0
        }
    }

    private let contents = Mutex(Contents())

    /// Forgets everything, and keeps nothing until the commit that begins now has ended.
    func commitBegins() {
        contents.withLock { contents in
            contents.empty()
            contents.moment += 1
            contents.isCommitting = true
        }
    }

    /// Keeps again what is read from now on.
    func commitEnded() {
        contents.withLock { contents in
            contents.moment += 1
            contents.isCommitting = false
        }
    }

    /// The latest version at a key, from what is kept or else as `read` finds it.
    func latest(
        _ key: String,
        in bucket: Int64,
        read: () throws -> StoredObject?
    ) rethrows -> StoredObject? {
        let name = ObjectName(bucket: bucket, key: key)
        let (kept, moment) = contents.withLock { ($0.objects[name], $0.moment) }
        if let kept { return kept }
        guard let object = try read() else { return nil }
        keep(since: moment) { $0.objects[name] = object }
        return object
    }

    /// A blob, from what is kept or else as `read` finds it.
    func blob(_ id: Int64, read: () throws -> Blob?) rethrows -> Blob? {
        let (kept, moment) = contents.withLock { ($0.blobs[id], $0.moment) }
        if let kept { return kept }
        guard let blob = try read() else { return nil }
        keep(since: moment) { contents in
            contents.byteCount += blob.inlineCount
            contents.blobs[id] = blob
        }
        return blob
    }

    private func keep(since moment: UInt64, _ add: (inout Contents) -> Void) {
        contents.withLock { contents in
            guard !contents.isCommitting, contents.moment == moment else { return }
            if contents.isFull { contents.empty() }
            add(&contents)
        }
    }
}

extension RecentReads.Contents {
    /// Whether what is kept makes room for the next, all at once: what is asked for often soon is there again.
    fileprivate var isFull: Bool {
        byteCount >= RecentReads.byteLimit || objects.count >= RecentReads.countLimit
            || blobs.count >= RecentReads.countLimit
    }
}

extension Blob {
    /// How many bytes of it are in the index itself.
    fileprivate var inlineCount: Int {
        if case .inline(let bytes) = place { bytes.count } else { 0 }
    }
}
