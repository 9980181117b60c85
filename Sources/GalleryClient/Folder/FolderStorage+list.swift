import Glibc

extension FolderStorage {
    /// How many names a page has: as many as S3's.
    static let pageLength = 1000

    /// One page of what is directly in a folder; a folder that is not there has nothing in it.
    ///
    /// The order is S3's, by the bytes of the names. Symbolic links and what is neither file nor folder are left out.
    public func list(_ folder: String, after cursor: String?) async throws -> MediaListing {
        let prefix = try MediaName.folderPrefix(folder)
        return try await Self.threads.run {
            var parts = MediaName.parts(prefix).compactMap { String(Substring($0)) }
            // After the last slash there is no name.
            parts.removeLast()
            guard let open = try self.folder.open(parts, making: false) else {
                return MediaListing(folders: [], files: [], next: nil)
            }
            let entries = try FolderEntries.read(open).filter { $0.isAfter(cursor) }
            return Self.page(entries, prefix, open)
        }
    }

    private static func page(
        _ entries: [FolderEntry],
        _ prefix: String,
        _ folder: Descriptor
    ) -> MediaListing {
        var page = MediaListing(folders: [], files: [], next: nil)
        let shown = entries.prefix(pageLength)
        for entry in shown {
            if entry.isFolder {
                page.folders.append(entry.name)
            } else if let status = FolderEntries.status(entry.name, in: folder) {
                page.files.append(describe(prefix + entry.name, status))
            }
        }
        if shown.count < entries.count { page.next = shown.last?.key }
        return page
    }
}

/// A name in a folder.
struct FolderEntry: Sendable {
    let name: String
    let isFolder: Bool

    /// What it is ordered by: a folder is what its files' names begin with.
    var key: String { isFolder ? name + "/" : name }

    func isAfter(_ cursor: String?) -> Bool {
        guard let cursor else { return true }
        return cursor.utf8.lexicographicallyPrecedes(key.utf8)
    }
}

/// Reads folders.
enum FolderEntries {
    /// The files and folders in a folder, in S3's order.
    static func read(_ folder: Descriptor) throws(StorageError) -> [FolderEntry] {
        // A stream takes its descriptor over, so it gets one of its own.
        let descriptor = unsafe openat(folder.number, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .disk(errno, "The media folder cannot be read") }
        guard let stream = unsafe fdopendir(descriptor) else {
            close(descriptor)
            throw .disk(errno, "The media folder cannot be read")
        }
        defer { unsafe closedir(stream) }
        var entries: [FolderEntry] = []
        while let entry = unsafe readdir(stream) {
            let type = unsafe Int(entry.pointee.d_type)
            guard let name = unsafe name(entry), isShown(name) else { continue }
            guard let isFolder = isFolder(type, name, folder) else { continue }
            entries.append(FolderEntry(name: name, isFolder: isFolder))
        }
        return entries.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    }

    /// What the disk knows of a regular file; `nil` where it is gone.
    static func status(_ name: String, in folder: Descriptor) -> FileStatus? {
        var status = stat()
        guard unsafe fstatat(folder.number, name, &status, AT_SYMLINK_NOFOLLOW) == 0 else {
            return nil
        }
        return FileStatus(status)
    }

    private static func isShown(_ name: String) -> Bool {
        name != "." && name != ".." && !name.hasPrefix(MediaFolder.unfinishedPrefix)
    }

    /// Whether it is a folder; `nil` where it is neither a folder nor a file.
    private static func isFolder(_ type: Int, _ name: String, _ folder: Descriptor) -> Bool? {
        switch type {
        case Int(DT_DIR): return true
        case Int(DT_REG): return false
        case Int(DT_UNKNOWN):
            guard let status = status(name, in: folder) else { return nil }
            return status.isFolder ? true : status.isFile ? false : nil
        default: return nil
        }
    }

    /// The name, where it is UTF-8: others cannot be asked for.
    @unsafe private static func name(_ entry: UnsafeMutablePointer<dirent>) -> String? {
        unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
            unsafe pointer.withMemoryRebound(to: CChar.self, capacity: 256) {
                unsafe String(validatingCString: $0)
            }
        }
    }
}
