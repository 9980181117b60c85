import CLinux
import Digests
import Glibc
import NIOCore

/// A file that is being written under a name of its own, and gets its real name when it is complete.
final class UnfinishedFile: Sendable {
    let folder: Descriptor
    let file: Descriptor
    private let name: String

    /// Makes the file, in the folder where it will stay: a name can only be changed within a file system.
    init(in folder: Descriptor, random: any RandomSource) throws(StorageError) {
        self.folder = folder
        // 16 random bytes are nobody else's.
        name = MediaFolder.unfinishedPrefix + Hex.encode(random.bytes(16))
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let descriptor = unsafe openat(folder.number, name, flags, 0o666)
        guard descriptor >= 0 else {
            throw .disk(errno, "A file cannot be made in the media folder")
        }
        file = Descriptor(owning: descriptor)
    }

    /// Removes what was not finished; after ``replace(_:)`` and ``claim(_:)`` there is nothing of this name.
    func discard() { unsafe unlinkat(folder.number, name, 0) }

    /// Brings the bytes to the disk, before anybody can see them.
    func finish() throws(StorageError) -> FileStatus {
        try file.sync()
        return try file.status()
    }

    /// Gives the file its name, over what has it.
    func replace(_ base: String) throws(StorageError) {
        guard unsafe renameat(folder.number, name, folder.number, base) == 0 else {
            throw Self.failure(errno, base)
        }
        try folder.sync()
    }

    /// Gives the file its name, if that is free.
    ///
    /// - Returns: Whether it was; of many who claim a name at once, one gets it.
    func claim(_ base: String) throws(StorageError) -> Bool {
        guard unsafe linkat(folder.number, name, folder.number, base, 0) == 0 else {
            let code = errno
            if code == EEXIST { return false }
            // File systems without hard links, such as those of memory cards.
            if [EPERM, EOPNOTSUPP, ENOSYS].contains(code) { return try move(base) }
            throw Self.failure(code, base)
        }
        discard()
        try folder.sync()
        return true
    }

    private func move(_ base: String) throws(StorageError) -> Bool {
        let result = unsafe renameat2(
            folder.number,
            name,
            folder.number,
            base,
            rename_without_replacing
        )
        guard result == 0 else {
            let code = errno
            if code == EEXIST { return false }
            throw Self.failure(code, base)
        }
        try folder.sync()
        return true
    }

    private static func failure(_ code: CInt, _ base: String) -> StorageError {
        if code == EISDIR {
            return StorageError(
                .alreadyExists,
                message: "\(MediaName.quoted(base)) is a folder.",
                advice: "Save the file under another name."
            )
        }
        return .disk(code, "\(MediaName.quoted(base)) cannot be given its name")
    }
}
