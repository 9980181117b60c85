internal import CLinux
internal import Glibc
import Synchronization

/// Files without names on any disk, gone with the process.
final class MemoryFileSystem: FileSystem {
    private let files = Mutex<[Folder: [String: CInt]]>([.staging: [:], .blobs: [:]])

    private let masterKey = Mutex<[UInt8]?>(nil)

    let isPersistent = false

    deinit {
        files.withLock { folders in
            for number in folders.values.flatMap(\.values) { Glibc.close(number) }
        }
    }

    func create(_ name: String) throws(IOError) -> Descriptor {
        let file = Descriptor(
            owning: try IOError.check("memfd_create") { unsafe memfd_create(name, close_on_exec) }
        )
        let number = file.number
        let kept = try IOError.check("dup") { fcntl(number, F_DUPFD_CLOEXEC, 0) }
        files.withLock { $0[.staging]?[name] = kept }
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

    func sync(_ file: borrowing Descriptor) {}

    func publish(_ name: String) throws(IOError) {
        try files.withLock { folders throws(IOError) in
            guard let number = folders[.staging]?.removeValue(forKey: name) else {
                throw IOError(errno: ENOENT, call: "rename")
            }
            folders[.blobs]?[name] = number
        }
    }

    func syncBlobs() {}

    /// Opens the file anew, so that each reader has a position of its own.
    func open(_ name: String) throws(IOError) -> Descriptor {
        try files.withLock { folders throws(IOError) in
            guard let number = folders[.blobs]?[name] else {
                throw IOError(errno: ENOENT, call: "open")
            }
            return try Descriptor("/proc/self/fd/\(number)", O_RDONLY)
        }
    }

    func remove(_ name: String, from folder: Folder) {
        if let number = files.withLock({ $0[folder]?.removeValue(forKey: name) }) {
            Glibc.close(number)
        }
    }

    /// There is nobody who could look at it later.
    func quarantine(_ name: String) { remove(name, from: .blobs) }

    func readMasterKey() -> [UInt8]? { masterKey.withLock { $0 } }

    func writeMasterKey(_ bytes: [UInt8], by name: String) { masterKey.withLock { $0 = bytes } }

    func holdReserve(_ number: Int) {}

    func giveUpReserve(_ number: Int) {}

    func close() {}

    func names(in folder: Folder) -> [String] {
        files.withLock { Array($0[folder, default: [:]].keys) }
    }
}
