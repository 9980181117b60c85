internal import CLinux
internal import Glibc

/// The data folder on a disk, locked for as long as this lives.
final class DiskFileSystem: FileSystem {
    private let root: Descriptor
    private let lock: Descriptor
    private let staging: Descriptor
    private let blobs: Descriptor
    private let syncs: Bool

    let isPersistent = true

    /// Opens the folder, making what is missing of it, and locks it.
    ///
    /// - Parameters:
    ///   - path: The folder.
    ///   - syncs: Whether a sync waits for the disk, or leaves it to the kernel.
    /// - Throws: ``StoreError/folderInUse(_:)`` or ``StoreError/notWritable(_:errno:)``.
    init(_ path: String, syncs: Bool) throws(StoreError) {
        self.syncs = syncs
        do throws(IOError) {
            try Self.makeFolders(to: path)
            root = try Descriptor(path, O_RDONLY | O_DIRECTORY)
            // Not ours to change where another user owns it; the files below are closed to others anyhow.
            fchmod(root.number, 0o700)
            lock = try Descriptor("lock", in: root.number, O_RDWR | O_CREAT | O_NOFOLLOW)
            let file = lock.number
            try IOError.check("flock") { flock(file, LOCK_EX | LOCK_NB) }
            staging = try Self.folder(Folder.staging.rawValue, in: root.number)
            blobs = try Self.folder(Folder.blobs.rawValue, in: root.number)
            _ = try Descriptor("index.db", in: root.number, O_RDWR | O_CREAT | O_NOFOLLOW)
            let folder = root.number
            try IOError.check("fsync") { fsync(folder) }
        } catch {
            throw error.errno == EWOULDBLOCK
                ? .folderInUse(path) : .notWritable(path, errno: error.errno)
        }
    }

    func create(_ name: String) throws(IOError) -> Descriptor {
        try Descriptor(name, in: staging.number, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW)
    }

    func write(
        _ bytes: UnsafeRawBufferPointer,
        to file: borrowing Descriptor
    ) throws(IOError) -> Int {
        let number = file.number
        return try IOError.check("write") {
            unsafe Glibc.write(number, bytes.baseAddress, bytes.count)
        }
    }

    /// What goes wrong here is told by the sync, which asks for the same bytes.
    func beginWriteOut(of range: Range<Int64>, of file: borrowing Descriptor) {
        guard syncs else { return }
        sync_file_range(file.number, Int(range.lowerBound), range.count, begin_write_out)
    }

    func sync(_ file: borrowing Descriptor) throws(IOError) {
        guard syncs else { return }
        let number = file.number
        try IOError.check("fdatasync") { fdatasync(number) }
    }

    func publish(_ name: String) throws(IOError) {
        try IOError.check("rename") {
            unsafe renameat2(
                staging.number,
                name,
                blobs.number,
                name,
                rename_without_replacing
            )
        }
    }

    func syncBlobs() throws(IOError) {
        guard syncs else { return }
        try IOError.check("fsync") { fsync(blobs.number) }
    }

    func syncAll() throws(IOError) {
        guard !syncs else { return }
        try IOError.check("syncfs") { syncfs(root.number) }
    }

    func open(_ name: String) throws(IOError) -> Descriptor {
        try Descriptor(name, in: blobs.number, O_RDONLY | O_NOFOLLOW)
    }

    func remove(_ name: String, from folder: Folder) throws(IOError) {
        do {
            try IOError.check("unlink") { unsafe unlinkat(number(of: folder), name, 0) }
        } catch  where error.errno == ENOENT {
            return
        }
    }

    func quarantine(_ name: String) throws(IOError) {
        let quarantine = try Self.folder("quarantine", in: root.number)
        let (target, folder) = (quarantine.number, root.number)
        // One of the name may lie there: it was put back from it, and is bad again.
        for attempt in 0... {
            let free = attempt == 0 ? name : "\(name).\(attempt)"
            do throws(IOError) {
                try IOError.check("rename") {
                    unsafe renameat2(blobs.number, name, target, free, rename_without_replacing)
                }
                break
            } catch {
                guard error.errno == EEXIST, attempt < 1000 else { throw error }
            }
        }
        for number in [target, blobs.number, folder] {
            try IOError.check("fsync") { fsync(number) }
        }
    }

    func names(in folder: Folder) throws(IOError) -> [String] {
        try Self.names(in: number(of: folder))
    }

    /// The names in an open folder, but for its own and its parent's.
    static func names(in folder: CInt) throws(IOError) -> [String] {
        let copy = try Descriptor(".", in: folder, O_RDONLY | O_DIRECTORY)
        guard let stream = unsafe fdopendir(copy.number) else {
            throw IOError(errno: errno, call: "opendir")
        }
        // The stream owns the descriptor from here on.
        _ = copy.release()
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != "." && name != ".." { names.append(name) }
        }
        return names
    }

    func readMasterKey() throws(IOError) -> [UInt8]? {
        let file: Descriptor
        do {
            file = try Descriptor(Self.masterKey, in: root.number, O_RDONLY | O_NOFOLLOW)
        } catch  where error.errno == ENOENT {
            return nil
        }
        let number = file.number
        var bytes = [UInt8](repeating: 0, count: 1024)
        let count = try IOError.check("read") {
            unsafe bytes.withUnsafeMutableBytes { unsafe read(number, $0.baseAddress, $0.count) }
        }
        return Array(bytes.prefix(count))
    }

    /// Synced whatever the durability: without this file, nothing that it wraps can be read.
    func writeMasterKey(_ bytes: [UInt8], by name: String) throws(IOError) {
        let file = try create(name)
        do throws(IOError) {
            try unsafe bytes.span.bytes.withUnsafeBytes { (bytes) throws(IOError) in
                try unsafe writeAll(bytes, to: file)
            }
            let (number, folder) = (file.number, root.number)
            try IOError.check("fsync") { fsync(number) }
            try IOError.check("rename") {
                unsafe renameat2(
                    staging.number,
                    name,
                    folder,
                    Self.masterKey,
                    rename_without_replacing
                )
            }
            try IOError.check("fsync") { fsync(folder) }
        } catch {
            try? remove(name, from: .staging)
            throw error
        }
    }

    func holdReserve(_ number: Int) throws(IOError) {
        let file = try Descriptor(
            "reserve-\(number)",
            in: root.number,
            O_WRONLY | O_CREAT | O_NOFOLLOW
        )
        do throws(IOError) {
            try Allocation.fill(file.number, to: Reserve.fileSize)
        } catch {
            giveUpReserve(number)
            throw error
        }
    }

    func giveUpReserve(_ number: Int) { unsafe unlinkat(root.number, "reserve-\(number)", 0) }

    private static let masterKey = "master.key"

    func close() { flock(lock.number, LOCK_UN) }

    private func number(of folder: Folder) -> CInt {
        switch folder {
        case .staging: staging.number
        case .blobs: blobs.number
        }
    }

    /// Opens a folder in another, making it where it is missing.
    static func folder(_ name: String, in parent: CInt) throws(IOError) -> Descriptor {
        if unsafe mkdirat(parent, name, 0o700) != 0 && errno != EEXIST {
            throw IOError(errno: errno, call: "mkdir")
        }
        return try Descriptor(name, in: parent, O_RDONLY | O_DIRECTORY | O_NOFOLLOW)
    }

    /// Makes a folder and those above it, and makes their names durable.
    static func makeFolders(to path: String) throws(IOError) {
        let parent = parent(of: path)
        if unsafe mkdir(path, 0o700) != 0 {
            switch errno {
            case EEXIST: return
            case ENOENT where parent != path: try makeFolders(to: parent)
            case let reason: throw IOError(errno: reason, call: "mkdir")
            }
            if unsafe mkdir(path, 0o700) != 0 && errno != EEXIST {
                throw IOError(errno: errno, call: "mkdir")
            }
        }
        let folder = try Descriptor(parent, O_RDONLY | O_DIRECTORY)
        let number = folder.number
        try IOError.check("fsync") { fsync(number) }
    }

    private static func parent(of path: String) -> String {
        let trimmed = path.utf8.count > 1 && path.hasSuffix("/") ? path.dropLast() : path[...]
        guard let slash = trimmed.lastIndex(of: "/") else { return "." }
        return slash == trimmed.startIndex ? "/" : String(trimmed[..<slash])
    }
}
