internal import CLinux
internal import Glibc
import Synchronization

/// Files without names on any disk, gone with the last who shares them.
final class MemoryFileSystem: FileSystem {
    /// What is in it; a copy shares the files.
    struct Contents: Sendable {
        fileprivate var files: [Folder: [String: MemoryFile]] = [.staging: [:], .blobs: [:]]
        fileprivate var masterKey: [UInt8]?
    }

    private let state: Mutex<Contents>

    let isPersistent = false

    /// Begins empty, or with the blobs of another.
    init(_ contents: Contents = Contents()) {
        var contents = contents
        contents.files[.staging] = [:]
        state = Mutex(contents)
    }

    /// What is in it now.
    var contents: Contents { state.withLock { $0 } }

    func create(_ name: String) throws(IOError) -> Descriptor {
        let file = Descriptor(
            owning: try IOError.check("memfd_create") { unsafe memfd_create(name, close_on_exec) }
        )
        let number = file.number
        let kept = try IOError.check("dup") { fcntl(number, F_DUPFD_CLOEXEC, 0) }
        state.withLock { $0.files[.staging]?[name] = MemoryFile(owning: kept) }
        return file
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

    func beginWriteOut(of range: Range<Int64>, of file: borrowing Descriptor) {}

    func sync(_ file: borrowing Descriptor) {}

    func publish(_ name: String) throws(IOError) {
        try state.withLock { state throws(IOError) in
            guard let file = state.files[.staging]?.removeValue(forKey: name) else {
                throw IOError(errno: ENOENT, call: "rename")
            }
            state.files[.blobs]?[name] = file
        }
    }

    func syncBlobs() {}

    func syncAll() {}

    /// Opens the file anew, so that each reader has a position of its own.
    func open(_ name: String) throws(IOError) -> Descriptor {
        guard let file = state.withLock({ $0.files[.blobs]?[name] }) else {
            throw IOError(errno: ENOENT, call: "open")
        }
        return try file.reopened()
    }

    func remove(_ name: String, from folder: Folder) {
        _ = state.withLock { $0.files[folder]?.removeValue(forKey: name) }
    }

    /// There is nobody who could look at it later.
    func quarantine(_ name: String) { remove(name, from: .blobs) }

    func readMasterKey() -> [UInt8]? { state.withLock { $0.masterKey } }

    func writeMasterKey(_ bytes: [UInt8], by name: String) {
        state.withLock { $0.masterKey = bytes }
    }

    func holdReserve(_ number: Int) {}

    func giveUpReserve(_ number: Int) {}

    func close() {}

    func names(in folder: Folder) -> [String] {
        state.withLock { Array($0.files[folder, default: [:]].keys) }
    }
}

/// A file in memory, gone with its last reference.
final class MemoryFile: Sendable {
    private let descriptor: Descriptor

    init(owning number: CInt) { descriptor = Descriptor(owning: number) }

    /// The same bytes under a descriptor of its own.
    func reopened() throws(IOError) -> Descriptor {
        try Descriptor("/proc/self/fd/\(descriptor.number)", O_RDONLY)
    }
}
