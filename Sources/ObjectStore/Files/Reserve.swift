import Synchronization

/// Room that is held back on the disk, so that what frees room succeeds on a disk that is full.
///
/// A deletion is a commit, and a commit is appended to the log: without this, a full disk could never
/// be emptied. It is given up where such a commit finds no room; until the disk has room for it again,
/// only what frees room is written.
final class Reserve: Sendable {
    /// In files, because a file system that runs out of names for files is as full as one without bytes.
    static let fileCount = 8
    /// Of one file, in bytes; together they are as much as the log grows to between two checkpoints.
    static let fileSize: Int64 = 512 * 1024

    private let files: any FileSystem
    private let isHeld = Mutex(false)

    init(files: any FileSystem) { self.files = files }

    /// Holds all of the room, where that is not done yet.
    ///
    /// - Throws: ``IOError`` where the disk has not that much; what it has is held all the same.
    func hold() throws(IOError) {
        try isHeld.withLock { isHeld throws(IOError) in
            guard !isHeld else { return }
            for number in 0..<Self.fileCount { try files.holdReserve(number) }
            isHeld = true
        }
    }

    /// Gives the room up, whether or not it is held: it may have been by an earlier start.
    func giveUp() {
        isHeld.withLock { isHeld in
            for number in 0..<Self.fileCount { files.giveUpReserve(number) }
            isHeld = false
        }
    }
}

/// What a write to the index is for.
enum WritePurpose: Sendable {
    /// To keep something: refused on a full disk, even while there would be room for it among what is reserved.
    case adding
    /// To remove something and to add nothing, which must succeed on a full disk.
    case freeing
}
