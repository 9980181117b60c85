internal import Glibc
public import NIOCore
import Synchronization

/// The bytes of an object, or of a range of it, as pieces in order.
///
/// What it will read stays readable for as long as it lives, whatever becomes of the object.
public final class ObjectContent: Sendable {
    /// A run of bytes.
    public enum Piece: Sendable {
        /// Bytes in memory, found to be those that were written.
        case bytes(ByteBuffer)
        /// Bytes of an open file, which the kernel can send without showing them to us.
        case file(OpenBlob, offset: Int64, count: Int)
    }

    /// Where a piece will come from.
    enum Source: Sendable {
        case bytes(ByteBuffer)
        case open(OpenBlob, offset: Int64, count: Int)
        case named(String, offset: Int64, count: Int)
        case sealed(SealedRun)
    }

    /// How many bytes all pieces have together.
    public let size: Int64

    private let sources: Mutex<ArraySlice<Source>>
    private let files: any FileSystem
    private let pinned: PinnedBlobs?

    init(_ sources: [Source], size: Int64, files: any FileSystem, pinned: PinnedBlobs? = nil) {
        self.sources = Mutex(sources[...])
        self.size = size
        self.files = files
        self.pinned = pinned
    }

    /// The next piece, or `nil` after the last.
    ///
    /// - Throws: ``IOError`` where a file cannot be opened or read; ``DamagedBlob`` where encrypted bytes were altered.
    public func next() throws -> Piece? {
        try sources.withLock { sources in
            if case .sealed(var run)? = sources.first {
                let bytes = try run.next(in: files)
                if run.isDone {
                    sources.removeFirst()
                } else {
                    sources[sources.startIndex] = .sealed(run)
                }
                return .bytes(bytes)
            }
            switch sources.popFirst() {
            case nil, .sealed: return nil
            case .bytes(let bytes): return .bytes(bytes)
            case .open(let blob, let offset, let count):
                return .file(blob, offset: offset, count: count)
            case .named(let name, let offset, let count):
                return .file(OpenBlob(try files.open(name)), offset: offset, count: count)
            }
        }
    }
}

/// A blob's file, open for reading.
///
/// It is closed with its last reference, unless it was given away.
public final class OpenBlob: Sendable {
    private let number: Atomic<CInt>

    init(_ descriptor: consuming Descriptor) { number = Atomic(descriptor.release()) }

    /// Gives the descriptor away, for the caller to close.
    ///
    /// - Returns: The descriptor, or `nil` where it was given away before.
    public func takeDescriptor() -> CInt? {
        let taken = number.exchange(-1, ordering: .acquiringAndReleasing)
        return taken < 0 ? nil : taken
    }

    /// Reads a range of the file, all of it.
    ///
    /// - Throws: ``IOError``, also where the file is too short.
    func read(_ range: Range<Int64>) throws(IOError) -> [UInt8] {
        let descriptor = number.load(ordering: .acquiring)
        var bytes = [UInt8](repeating: 0, count: Int(range.count))
        var done = 0
        while done < bytes.count {
            let (start, wanted) = (done, bytes.count - done)
            let got = try IOError.check("pread") {
                unsafe bytes.withUnsafeMutableBytes { space in
                    unsafe pread(
                        descriptor,
                        space.baseAddress.map { unsafe $0 + start },
                        wanted,
                        off_t(range.lowerBound) + off_t(start)
                    )
                }
            }
            guard got > 0 else { throw IOError(errno: EIO, call: "pread") }
            done += got
        }
        return bytes
    }

    /// The file's length in bytes.
    ///
    /// - Throws: ``IOError``.
    func size() throws(IOError) -> Int64 {
        let descriptor = number.load(ordering: .acquiring)
        var status = stat()
        try IOError.check("fstat") { unsafe fstat(descriptor, &status) }
        return Int64(status.st_size)
    }

    /// Lets what is read next come from the disk, not from the kernel's memory, where the kernel will.
    func forget() {
        posix_fadvise(number.load(ordering: .acquiring), 0, 0, POSIX_FADV_DONTNEED)
    }

    /// Waits until the file's bytes are on the disk.
    ///
    /// - Throws: ``IOError``.
    func sync() throws(IOError) {
        let descriptor = number.load(ordering: .acquiring)
        try IOError.check("fdatasync") { fdatasync(descriptor) }
    }

    /// The descriptor, for as long as this lives and nobody took it.
    var descriptor: CInt { number.load(ordering: .acquiring) }

    deinit {
        if let taken = takeDescriptor() { _ = Descriptor(owning: taken) }
    }
}
