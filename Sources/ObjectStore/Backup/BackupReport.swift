/// What a backup holds.
public struct BackupReport: Sendable, Hashable {
    /// How many files of blobs it has.
    public var blobs: Int64
    /// How many of them share the disk's blocks with the store: they cost no space, and are no second copy.
    public var linked: Int64
    /// How many bytes the blobs have.
    public var bytes: Int64
    /// Blobs that the index names and that were not there.
    public var missing: [String]

    /// Describes a backup.
    public init(blobs: Int64 = 0, linked: Int64 = 0, bytes: Int64 = 0, missing: [String] = []) {
        self.blobs = blobs
        self.linked = linked
        self.bytes = bytes
        self.missing = missing
    }
}

/// Why a backup is not made.
public enum BackupError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is something in the folder already.
    case notEmpty(String)
    /// The folder lies in the data folder.
    case inside(String)
    /// The store has no folder.
    case inMemory

    /// A sentence for the command line.
    public var description: String {
        switch self {
        case .notEmpty(let path): "the folder \(path) is not empty: a backup needs one of its own"
        case .inside(let path):
            "the folder \(path) lies in the data folder, where no backup belongs"
        case .inMemory: "a store in memory has nothing to copy from"
        }
    }
}
