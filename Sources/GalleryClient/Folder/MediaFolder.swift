import Glibc

/// A folder on the disk, and the way to the files in it that no symbolic link leads out of.
///
/// Every part of a name is opened relative to the part before it, and never through a link: what is checked is what
/// is used, also where somebody changes the folder meanwhile.
struct MediaFolder: Sendable {
    /// How names of files begin that are still being written.
    static let unfinishedPrefix = ".pail-upload-"

    let path: String

    /// A file's folder, open, and the last part of its name.
    struct Place: Sendable {
        let folder: Descriptor
        let base: String
    }

    /// Finds a file's folder.
    ///
    /// - Parameters:
    ///   - name: A valid name.
    ///   - making: Whether folders that are missing are made.
    /// - Returns: `nil` where there is none.
    /// - Throws: What the disk said.
    func place(of name: String, making: Bool) throws(StorageError) -> Place? {
        var parts = MediaName.parts(name).compactMap { String(Substring($0)) }
        guard let base = parts.popLast() else { return nil }
        guard let folder = try open(parts, making: making) else { return nil }
        return Place(folder: folder, base: base)
    }

    /// Opens a folder by its parts; `nil` where there is none.
    func open(_ parts: [String], making: Bool) throws(StorageError) -> Descriptor? {
        guard var folder = try openRoot(making: making) else { return nil }
        for part in parts {
            if making, unsafe mkdirat(folder.number, part, 0o777) == 0 { try folder.sync() }
            let flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC
            let next = unsafe openat(folder.number, part, flags)
            guard next >= 0 else { return try nothing(errno, part, making) }
            folder = Descriptor(owning: next)
        }
        return folder
    }

    private func openRoot(making: Bool) throws(StorageError) -> Descriptor? {
        if making { try makeRoot() }
        let root = unsafe Glibc.open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard root >= 0 else { return try nothing(errno, path, making) }
        return Descriptor(owning: root)
    }

    /// Makes the folder and those above it.
    private func makeRoot() throws(StorageError) {
        var made = path.utf8.first == UInt8(ascii: "/") ? "/" : ""
        for part in path.split(separator: "/") {
            made += part
            if unsafe mkdir(made, 0o777) != 0, errno != EEXIST {
                throw .disk(errno, "The folder \(MediaName.quoted(made)) cannot be made")
            }
            made += "/"
        }
    }

    /// To a reader, a folder that is not there holds nothing; to a writer it is an error.
    private func nothing(
        _ code: CInt,
        _ part: String,
        _ making: Bool
    ) throws(StorageError) -> Descriptor? {
        if !making, [ENOENT, ENOTDIR, ELOOP, ENAMETOOLONG].contains(code) { return nil }
        throw .disk(code, "The folder \(MediaName.quoted(part)) cannot be opened")
    }
}

extension MediaFolder.Place {
    /// Opens the file for reading; `nil` where there is none, or no regular one.
    func openFile() throws(StorageError) -> (file: Descriptor, status: FileStatus)? {
        // Without O_NONBLOCK, a pipe would be waited for.
        let flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC
        let descriptor = unsafe openat(folder.number, base, flags)
        guard descriptor >= 0 else {
            let code = errno
            if [ENOENT, ENOTDIR, ELOOP, ENXIO, ENAMETOOLONG].contains(code) { return nil }
            throw .disk(code, "\(MediaName.quoted(base)) cannot be opened")
        }
        let file = Descriptor(owning: descriptor)
        let status = try file.status()
        return status.isFile ? (file, status) : nil
    }

    /// What the disk knows of the file; `nil` where there is none, or no regular one.
    func status() throws(StorageError) -> FileStatus? {
        var status = stat()
        guard unsafe fstatat(folder.number, base, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            let code = errno
            if [ENOENT, ENOTDIR, ENAMETOOLONG].contains(code) { return nil }
            throw .disk(code, "\(MediaName.quoted(base)) cannot be looked at")
        }
        let known = FileStatus(status)
        return known.isFile ? known : nil
    }

    /// Removes the file; one that is not there, or is a folder, is no error.
    func remove() throws(StorageError) {
        guard unsafe unlinkat(folder.number, base, 0) != 0 else { return try folder.sync() }
        let code = errno
        // Unlinking a folder says EISDIR on Linux and EPERM elsewhere.
        var status = stat()
        let isThere = unsafe fstatat(folder.number, base, &status, AT_SYMLINK_NOFOLLOW) == 0
        if !isThere || status.st_mode & S_IFMT == S_IFDIR { return }
        throw .disk(code, "\(MediaName.quoted(base)) cannot be removed")
    }
}
