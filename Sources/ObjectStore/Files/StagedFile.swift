import Synchronization

/// A file that becomes a blob, or vanishes with its last reference.
///
/// No error path needs to remember to remove it: only ``keep()`` makes it stay.
final class StagedFile: Sendable {
    /// How far a file has come.
    private enum Phase: Int, AtomicRepresentable {
        case staged
        case published
        case kept
    }

    /// After how many bytes the disk begins with them, while more arrive: the sync at the end has less to wait for.
    static let writeOutSize: Int64 = 8 * 1024 * 1024

    let name: String
    private let files: any FileSystem
    private let descriptor: Descriptor
    private let phase = Atomic(Phase.staged)
    private let size = Atomic(Int64(0))

    /// Makes an empty file.
    init(_ name: String, in files: any FileSystem) throws(IOError) {
        self.name = name
        self.files = files
        descriptor = try files.create(name)
    }

    /// Appends bytes.
    func append(_ bytes: UnsafeRawBufferPointer) throws(IOError) {
        try unsafe files.writeAll(bytes, to: descriptor)
        let (before, after) = size.wrappingAdd(Int64(bytes.count), ordering: .relaxed)
        let start = before - before % Self.writeOutSize
        let end = after - after % Self.writeOutSize
        if start < end { files.beginWriteOut(of: start..<end, of: descriptor) }
    }

    /// Makes the file durable under its name among the blobs; it still vanishes unless it is kept.
    ///
    /// - Throws: ``SyncFailed`` where nobody can say what is on the disk now, else ``IOError``.
    func publish() throws {
        do throws(IOError) { try files.sync(descriptor) } catch { throw SyncFailed(reason: error) }
        try files.publish(name)
        phase.store(.published, ordering: .releasing)
        do throws(IOError) { try files.syncBlobs() } catch { throw SyncFailed(reason: error) }
    }

    /// Lets it stay: the index names it, or may name it.
    func keep() { phase.store(.kept, ordering: .releasing) }

    deinit { discard() }

    /// Removes it at once.
    ///
    /// What cannot be removed now is found and removed at the next start.
    func discard() {
        switch phase.exchange(.kept, ordering: .acquiringAndReleasing) {
        case .staged: try? files.remove(name, from: .staging)
        case .published: try? files.remove(name, from: .blobs)
        case .kept: break
        }
    }
}

/// A sync failed, and is never tried again: the kernel may have dropped the pages.
struct SyncFailed: Error, CustomStringConvertible {
    let reason: IOError

    var description: String { "\(reason)" }
}
