import Digests
import Glibc
import HTTPMessage
import NIOCore
import ObjectStore
import S3Protocol

extension ObjectContent {
    /// The content as a response's body: bytes that are in memory at once, files by the kernel.
    var responseBody: HTTPResponse.Body {
        .pieces(length: Int(size)) { [self] in
            switch try next() {
            case nil: return nil
            case .bytes(let bytes): return .bytes(bytes)
            case .file(let blob, let offset, let count):
                guard let descriptor = blob.takeDescriptor() else { throw ContentGone() }
                return .file(
                    FileSlice(file: OpenFile(owning: descriptor), offset: offset, count: count)
                )
            }
        }
    }
}

extension Store {
    /// Reads a range of an object into a new body, as UploadPartCopy and some copies need it.
    ///
    /// - Parameters:
    ///   - object: the object to read.
    ///   - range: the bytes of it that are meant.
    ///   - algorithm: the checksum to compute on the way.
    ///   - customerKey: the client's key, where the object is encrypted under one.
    ///   - sealing: the keys for the new body, where it is to be encrypted.
    /// - Returns: the new body, staged.
    /// - Throws: ``ContentGone`` where the object is replaced meanwhile, and what reading throws.
    func restage(
        _ object: StoredObject,
        range: Range<Int64>,
        checksum algorithm: ChecksumAlgorithm,
        customerKey: CustomerKey? = nil,
        sealing: Sealing? = nil
    ) async throws -> StagedBody.Finished {
        try await withTaskExecutorPreference(workers) {
            let staged = stage(
                sizeHint: Int64(range.count),
                checksums: [algorithm],
                sealing: sealing
            )
            let content = try content(of: object, range: range, customerKey: customerKey)
            while let piece = try content.next() {
                switch piece {
                case .bytes(let bytes): try staged.append(bytes)
                case .file(let blob, let offset, let count):
                    guard let descriptor = blob.takeDescriptor() else { throw ContentGone() }
                    let file = OpenFile(owning: descriptor)
                    try FileSlice(file: file, offset: offset, count: count).read(into: staged)
                }
            }
            return try staged.finish()
        }
    }
}

extension FileSlice {
    /// How much is read at once: large enough to make system calls cheap, small enough for a cache.
    private static let readBytes = 256 << 10

    fileprivate func read(into staged: StagedBody) throws {
        var position = offset
        var left = count
        var buffer = ByteBuffer()
        while left > 0 {
            buffer.clear()
            let wanted = min(left, Self.readBytes)
            let got = try file.handle.withUnsafeFileDescriptor { descriptor in
                unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: wanted) { space in
                    max(0, unsafe pread(descriptor, space.baseAddress, wanted, off_t(position)))
                }
            }
            // A blob never shrinks: fewer bytes than the index knows of is damage.
            guard got > 0 else { throw S3Error(.internalError, logged: "a blob is too short") }
            try staged.append(buffer)
            position += Int64(got)
            left -= got
        }
    }
}

extension BodyDigests {
    /// A checksum of the whole body, as it travels.
    func checksum(_ algorithm: ChecksumAlgorithm) -> Checksum {
        Checksum(algorithm, .fullObject, Base64.encode(self[algorithm] ?? []))
    }
}
