import Foundation
import Synchronization

@testable import ObjectStore

/// A file system whose Nth call fails.
final class FaultyFileSystem: FileSystem {
    private struct Plan {
        var callsLeft: Int?
        var errno: CInt = EIO
        var hasFailed = false
        var takesHalf = false
    }

    private let base: any FileSystem
    private let plan = Mutex(Plan())
    /// The most bytes that one write takes: a disk may take fewer than it is given.
    let writeLimit: Int
    /// Whether there is no room for a reserve.
    let isFull = Atomic(false)
    /// A sync that says that it is done, and has done nothing.
    enum Skipped { case bodies, folder }
    /// Which parts of files the disk was told to begin with.
    let writtenOut = Mutex<[Range<Int64>]>([])
    /// Which blobs were removed, each as often as it was asked for.
    let removed = Mutex<[String]>([])
    private let skipped: Skipped?
    private let durable: DurableBlobs?

    init(
        _ base: any FileSystem,
        writeLimit: Int = .max,
        durable: DurableBlobs? = nil,
        skipping skipped: Skipped? = nil
    ) {
        self.base = base
        self.writeLimit = writeLimit
        self.durable = durable
        self.skipped = skipped
    }

    /// Lets the Nth call from now on fail, and only that; a write that fails may have taken half of its bytes.
    func failCall(_ number: Int, with errno: CInt, takingHalf: Bool = false) {
        plan.withLock { $0 = Plan(callsLeft: number, errno: errno, takesHalf: takingHalf) }
    }

    /// Lets nothing fail any more, and answers whether anything did.
    func heal() -> Bool {
        plan.withLock { plan in
            defer { plan = Plan() }
            return plan.hasFailed
        }
    }

    private func count(_ call: String) throws(IOError) {
        let errno = plan.withLock { plan -> CInt? in
            guard let left = plan.callsLeft else { return nil }
            plan.callsLeft = left - 1
            guard left == 1 else { return nil }
            plan.hasFailed = true
            return plan.errno
        }
        if let errno { throw IOError(errno: errno, call: call) }
    }

    var isPersistent: Bool { base.isPersistent }

    func create(_ name: String) throws(IOError) -> Descriptor {
        try count("create")
        return try base.create(name)
    }

    func write(
        _ bytes: UnsafeRawBufferPointer,
        to file: borrowing Descriptor
    ) throws(IOError) -> Int {
        do throws(IOError) { try count("write") } catch {
            if plan.withLock({ $0.takesHalf }) {
                let half = unsafe UnsafeRawBufferPointer(rebasing: bytes.prefix(bytes.count / 2))
                _ = try unsafe base.write(half, to: file)
            }
            throw error
        }
        return try unsafe base.write(
            UnsafeRawBufferPointer(rebasing: bytes.prefix(writeLimit)),
            to: file
        )
    }

    func beginWriteOut(of range: Range<Int64>, of file: borrowing Descriptor) {
        writtenOut.withLock { $0.append(range) }
        base.beginWriteOut(of: range, of: file)
    }

    func sync(_ file: borrowing Descriptor) throws(IOError) {
        try count("sync")
        guard skipped != .bodies else { return }
        try base.sync(file)
        durable?.sync(file.number)
    }

    func publish(_ name: String) throws(IOError) {
        try count("publish")
        try base.publish(name)
        durable?.publish(name)
    }

    func syncBlobs() throws(IOError) {
        try count("syncBlobs")
        guard skipped != .folder else { return }
        try base.syncBlobs()
        durable?.syncFolder()
    }

    func syncAll() throws(IOError) {
        try count("syncAll")
        try base.syncAll()
    }

    func open(_ name: String) throws(IOError) -> Descriptor {
        try count("open")
        return try base.open(name)
    }

    func remove(_ name: String, from folder: Folder) throws(IOError) {
        try count("remove")
        if folder == .blobs {
            removed.withLock { $0.append(name) }
            durable?.remove(name)
        }
        try base.remove(name, from: folder)
    }

    func quarantine(_ name: String) throws(IOError) {
        try count("quarantine")
        try base.quarantine(name)
    }

    func names(in folder: Folder) throws(IOError) -> [String] {
        try count("names")
        return try base.names(in: folder)
    }

    func readMasterKey() throws(IOError) -> [UInt8]? {
        try count("readMasterKey")
        return try base.readMasterKey()
    }

    func writeMasterKey(_ bytes: [UInt8], by name: String) throws(IOError) {
        try count("writeMasterKey")
        try base.writeMasterKey(bytes, by: name)
    }

    func holdReserve(_ number: Int) throws(IOError) {
        try count("holdReserve")
        if isFull.load(ordering: .relaxed) { throw IOError(errno: ENOSPC, call: "fallocate") }
        try base.holdReserve(number)
    }

    func giveUpReserve(_ number: Int) { base.giveUpReserve(number) }

    func close() { base.close() }
}
