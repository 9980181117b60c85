/// Why a store cannot be opened.
public enum StoreError: Error, Hashable, Sendable, CustomStringConvertible {
    /// Another process has the folder open.
    case folderInUse(String)
    /// The folder cannot be made, read or written; `errno` says why.
    case notWritable(String, errno: CInt)
    /// There are blobs in the folder, and no index that names them.
    case indexLost(String)
    /// The index cannot be opened, because it is damaged.
    case indexDamaged(String, reason: String)
    /// What was asked of the store only one in memory can do.
    case notInMemory
    /// The index was written by a newer version, whose schema this one does not know.
    case newerSchema(found: Int64, known: Int64)

    /// A sentence for the command line.
    public var description: String {
        switch self {
        case .folderInUse(let path):
            "the data folder \(path) is in use by another daemon"
        case .notWritable(let path, let errno):
            "the data folder \(path) cannot be used: \(IOError.words(for: errno))"
        case .indexLost(let path):
            "the data folder \(path) has blobs and no index: put index.db back, or run "
                + "pail check --rebuild-index --data \(path)"
        case .indexDamaged(let path, let reason):
            "the index of \(path) is damaged (\(reason)): put a copy back, or run "
                + "pail check --rebuild-index --data \(path)"
        case .notInMemory:
            "what is on disk is not reset, and not put back to what it was"
        case .newerSchema(let found, let known):
            "the index has schema \(found), and this version knows only \(known): use a newer version"
        }
    }
}

/// The object's bytes are no longer there: it was replaced or deleted after it was looked up.
///
/// Look it up again; what is found then is the object as it is now.
public struct ContentGone: Error, Hashable, Sendable {
    /// Says so.
    public init() {}
}
