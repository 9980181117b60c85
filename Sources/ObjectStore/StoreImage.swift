internal import SQLite

/// What a store in memory held at one moment.
///
/// Of the index it is a copy; files never change and are shared with it, until nobody has them any more.
public struct StoreImage: Sendable {
    /// A database that is only ever copied.
    let index: LockedConnection
    let files: MemoryFileSystem.Contents
}

extension Store {
    /// What the store holds now: everything that was acknowledged, and nothing that is half done.
    ///
    /// - Throws: ``StoreError/notInMemory`` for a store on disk, or what reading the index throws.
    public func image() throws -> StoreImage {
        guard let files = files as? MemoryFileSystem else { throw StoreError.notInMemory }
        // Who has the writing connection is between two commits. A file is there before a commit names it and goes after
        // one that does not, so that none is missing; one too many is a left-over, which every start removes.
        return try index.writer.use { connection in
            StoreImage(
                index: try LockedConnection(copying: connection),
                files: files.contents
            )
        }
    }
}
