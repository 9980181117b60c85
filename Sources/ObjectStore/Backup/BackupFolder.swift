internal import CLinux
internal import Glibc

/// The folder that a backup is written into: as a data folder, and useless as one until it is finished.
///
/// The index gets its name last. A folder with blobs and without an index is refused by whoever opens it.
struct BackupFolder: ~Copyable {
    /// Files of the data folder that are copied where they are there, whatever wrote them.
    static let companions = ["master.key", "root-credentials"]
    /// What says that the backup was finished.
    static let marker = "backup-complete"
    private static let unfinishedIndex = "index.db.unfinished"
    private static let step: Int64 = 1 << 20

    private let path: String
    private let root: Descriptor
    private let blobs: Descriptor

    /// Makes the folder, or takes an empty one.
    ///
    /// - Throws: ``BackupError/notEmpty(_:)``, ``IOError``.
    init(_ path: String) throws {
        try DiskFileSystem.makeFolders(to: path)
        let root = try Descriptor(path, O_RDONLY | O_DIRECTORY)
        guard try DiskFileSystem.names(in: root.number).isEmpty else {
            throw BackupError.notEmpty(path)
        }
        fchmod(root.number, 0o700)
        let blobs = try DiskFileSystem.folder(Folder.blobs.rawValue, in: root.number)
        self.path = path
        self.root = root
        self.blobs = blobs
    }

    /// Where the index is to be written.
    ///
    /// - Throws: ``IOError``.
    func makeIndex() throws(IOError) -> String {
        _ = try Descriptor(Self.unfinishedIndex, in: root.number, O_RDWR | O_CREAT | O_EXCL)
        return "\(path)/\(Self.unfinishedIndex)"
    }

    /// Takes a blob: by another name for the same file where that can be, else by copying it.
    ///
    /// - Returns: Whether it is the same file.
    /// - Throws: ``IOError``.
    func add(_ file: OpenBlob, as name: String, copying: Bool) throws(IOError) -> Bool {
        // A store of relaxed durability has left this to the kernel.
        try file.sync()
        if !copying, try link(file, as: name) { return true }
        try copy(file, as: name, in: blobs.number)
        return false
    }

    /// Takes a file of the data folder, where it is there.
    ///
    /// - Throws: ``IOError``.
    func addCompanion(_ name: String, from source: String) throws(IOError) {
        let found: OpenBlob
        do throws(IOError) {
            found = OpenBlob(try Descriptor("\(source)/\(name)", O_RDONLY | O_NOFOLLOW))
        } catch {
            guard error.errno == ENOENT else { throw error }
            return
        }
        try copy(found, as: name, in: root.number)
    }

    /// Gives the index its name, and says that all is there.
    ///
    /// - Throws: ``IOError``.
    func finish(saying text: String) throws(IOError) {
        let (root, blobs) = (root.number, blobs.number)
        try IOError.check("fsync") { fsync(blobs) }
        try IOError.check("fsync") { fsync(root) }
        try IOError.check("rename") {
            unsafe renameat2(root, Self.unfinishedIndex, root, "index.db", rename_without_replacing)
        }
        try IOError.check("fsync") { fsync(root) }
        try write(Array(text.utf8), as: Self.marker)
        try IOError.check("fsync") { fsync(root) }
    }

    private func write(_ bytes: [UInt8], as name: String) throws(IOError) {
        let file = try Descriptor(name, in: root.number, O_WRONLY | O_CREAT | O_EXCL)
        try Self.append(bytes, to: file)
        let number = file.number
        try IOError.check("fsync") { fsync(number) }
    }

    /// A file system without such names, or a limit on them, is no error: then it is copied.
    private func link(_ file: OpenBlob, as name: String) throws(IOError) -> Bool {
        let source = "/proc/self/fd/\(file.descriptor)"
        if unsafe linkat(AT_FDCWD, source, blobs.number, name, AT_SYMLINK_FOLLOW) == 0 {
            return true
        }
        let reason = errno
        guard [EXDEV, EPERM, EACCES, EMLINK, EOPNOTSUPP, ENOENT].contains(reason) else {
            throw IOError(errno: reason, call: "link")
        }
        return false
    }

    private func copy(_ file: OpenBlob, as name: String, in folder: CInt) throws(IOError) {
        let target = try Descriptor(name, in: folder, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
        let size = try file.size()
        var start: Int64 = 0
        while start < size {
            let end = min(size, start + Self.step)
            try Self.append(try file.read(start..<end), to: target)
            start = end
        }
        let number = target.number
        try IOError.check("fdatasync") { fdatasync(number) }
    }

    private static func append(_ bytes: [UInt8], to file: borrowing Descriptor) throws(IOError) {
        let number = file.number
        var rest = bytes[...]
        while !rest.isEmpty {
            let slice = rest
            let written = try IOError.check("write") {
                unsafe slice.withUnsafeBytes { bytes in
                    unsafe Glibc.write(number, bytes.baseAddress, bytes.count)
                }
            }
            rest = rest.dropFirst(written)
        }
    }
}
