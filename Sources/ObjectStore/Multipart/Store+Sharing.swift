internal import Digests
public import S3Protocol
internal import SQLite

// What is copied without its bytes being read, because the index knows enough of them.

extension Store {
    /// The checksum of an object's bytes, where it is known without reading them.
    ///
    /// - Returns: `nil` where it is not, and for an object of parts, whose entity tag is not known either.
    public func knownChecksum(
        _ algorithm: ChecksumAlgorithm,
        of object: StoredObject
    ) throws -> Checksum? {
        guard object.partCount == nil, let id = object.blobID else { return nil }
        if let checksum = object.checksum, checksum.algorithm == algorithm { return checksum }
        return try index.read { try $0.blob(id) }?.checksum(algorithm)
    }

    /// Makes bytes that are stored already a part of an upload, without copying them.
    ///
    /// - Parameters:
    ///   - number: From 1 to 10,000.
    ///   - upload: The upload.
    ///   - source: The object that has the bytes.
    ///   - range: Which of its bytes.
    ///   - algorithm: The algorithm of the part's checksum.
    /// - Returns: The part, or `nil` where the bytes must be read: they are not exactly what one file holds, or
    ///   their checksum is not known.
    /// - Throws: `NoSuchUpload` where the upload ended meanwhile; ``ContentGone`` where the source has been replaced
    ///   or deleted.
    public func linkPart(
        _ number: Int,
        of upload: Upload,
        contentOf source: StoredObject,
        range: Range<Int64>,
        checksum algorithm: ChecksumAlgorithm
    ) async throws -> UploadedPart? {
        let modified = configuration.time.now()
        let found = try index.readTogether { try $0.wholeBlob(range, of: source) }
        // Never inline: an object of parts could not be rebuilt from its blobs with one of them missing.
        guard let found, case .file(let name) = found.blob.place, let md5 = found.blob.md5,
            let checksum = found.checksum(algorithm)
        else { return nil }
        let part = UploadedPart(
            number: number,
            size: found.blob.size,
            etag: Hex.encode(md5),
            modified: modified,
            checksum: checksum,
            crc64: found.blob.crc64,
            blobID: found.blob.id,
            blobName: name
        )
        return try await index.write { connection in
            try connection.requireOpen(upload)
            guard try connection.exists(source), try connection.retain(part.blobID) else {
                throw ContentGone()
            }
            try connection.replace(part, of: upload)
            return part
        }
    }
}

/// A blob, and the checksum that goes with the object or the part whose bytes it holds.
private struct WholeBlob: Sendable {
    let blob: Blob
    let stored: Checksum?

    func checksum(_ algorithm: ChecksumAlgorithm) -> Checksum? {
        stored?.algorithm == algorithm ? stored : blob.checksum(algorithm)
    }
}

extension Connection {
    /// The blob that holds exactly these bytes of an object, if one does.
    fileprivate func wholeBlob(
        _ range: Range<Int64>,
        of object: StoredObject
    ) throws -> WholeBlob? {
        guard object.partCount != nil else {
            guard range == 0..<object.size, let id = object.blobID, let blob = try blob(id) else {
                return nil
            }
            return WholeBlob(blob: blob, stored: object.checksum)
        }
        let part = try parts(of: object).first {
            $0.offset == range.lowerBound && $0.size == Int64(range.count)
        }
        guard let part, let blob = try blob(part.blobID) else { return nil }
        let stored = object.checksum.flatMap { whole in
            part.checksum.map { Checksum(whole.algorithm, .fullObject, $0) }
        }
        return WholeBlob(blob: blob, stored: stored)
    }
}
