internal import Digests
internal import NIOCore
internal import SQLite

extension Store {
    /// The bytes of a range of an object.
    ///
    /// The object may be replaced or deleted at any time after this returned: its bytes stay readable.
    ///
    /// - Parameters:
    ///   - object: The object.
    ///   - range: The bytes asked for; what lies outside of the object is left out.
    /// - Returns: The bytes, to be read once.
    /// - Throws: ``ContentGone`` where the object was replaced or deleted since it was looked up; ``IOError``,
    ///   ``DamagedBlob``.
    public func content(of object: StoredObject, range: Range<Int64>) throws -> ObjectContent {
        let range = range.clamped(to: 0..<object.size)
        guard object.partCount == nil else { return try contentOfParts(object, range) }
        guard let id = object.blobID, let blob = try index.read({ try $0.blob(id) }) else {
            throw ContentGone()
        }
        let source: ObjectContent.Source
        switch blob.place {
        case .inline(let bytes): source = .bytes(try blob.verified(bytes, range))
        case .file(let name):
            source = .open(
                OpenBlob(try open(name, of: object)),
                offset: range.lowerBound,
                count: Int(range.count)
            )
        }
        return ObjectContent(range.isEmpty ? [] : [source], size: Int64(range.count), files: files)
    }

    /// Looks an object up and opens a range of it, again where the object was replaced in between.
    ///
    /// - Parameters:
    ///   - key: The object's key.
    ///   - version: Which of its versions.
    ///   - bucket: Its bucket.
    ///   - choose: Sees the object, which may be a delete marker, and answers the range to read, or throws
    ///     where it is not to be read.
    /// - Returns: The object and its bytes, or `nil` where there is none.
    /// - Throws: What `choose` throws, else as ``content(of:range:)``.
    public func open(
        _ key: String,
        version: ObjectVersion = .latest,
        in bucket: Bucket,
        choose: (StoredObject) throws -> Range<Int64>
    ) throws -> (object: StoredObject, content: ObjectContent)? {
        for _ in 0..<8 {
            guard let object = try self.version(version, of: key, in: bucket) else { return nil }
            do {
                return (object, try content(of: object, range: try choose(object)))
            } catch is ContentGone {
                continue
            }
        }
        throw ContentGone()
    }

    /// Opens a blob's file.
    ///
    /// One that is missing is a loss, unless the object went with it.
    private func open(_ name: String, of object: StoredObject) throws -> Descriptor {
        do {
            return try files.open(name)
        } catch {
            guard try index.read({ try $0.exists(object) }) else { throw ContentGone() }
            throw error
        }
    }

    /// The files of the parts are opened one after the other, and pinned until the last is.
    private func contentOfParts(
        _ object: StoredObject,
        _ range: Range<Int64>
    ) throws -> ObjectContent {
        let segments = try index.read { try $0.segments(of: object, in: range) }
        let pinned = PinnedBlobs(segments.compactMap(\.fileName), sweeper)
        // Only what is named after it was pinned is sure to be there.
        guard try index.read({ try $0.exists(object) }) else { throw ContentGone() }
        let sources = try segments.map { segment -> ObjectContent.Source in
            switch segment.blob.place {
            case .inline(let bytes): .bytes(try segment.blob.verified(bytes, segment.range))
            case .file(let name):
                .named(
                    name,
                    offset: segment.range.lowerBound,
                    count: Int(segment.range.count)
                )
            }
        }
        return ObjectContent(sources, size: Int64(range.count), files: files, pinned: pinned)
    }
}

/// The stored bytes are not those that were written.
public struct DamagedBlob: Error, Hashable, Sendable {
    /// The blob's row in the index.
    public let id: Int64
}

extension Blob {
    /// A range of the blob's bytes, once all of them are found to be those that were written.
    func verified(_ bytes: [UInt8], _ range: Range<Int64>) throws -> ByteBuffer {
        var crc = CRC64NVME()
        crc.update(bytes)
        guard crc.bytes == crc64, let lower = Int(exactly: range.lowerBound),
            let upper = Int(exactly: range.upperBound), upper <= bytes.count
        else { throw DamagedBlob(id: id) }
        return ByteBuffer(bytes: bytes[lower..<upper])
    }
}

/// The bytes that one part gives to a range of an object.
struct Segment: Sendable {
    let blob: Blob
    /// Counted from the part's first byte.
    let range: Range<Int64>

    var fileName: String? { if case .file(let name) = blob.place { name } else { nil } }
}

extension Connection {
    /// The parts of an object that a range touches, in order.
    func segments(of object: StoredObject, in range: Range<Int64>) throws -> [Segment] {
        var offset: Int64 = 0
        var segments: [Segment] = []
        try scan(
            """
            SELECT \(Blob.columns)
            FROM segments JOIN blobs ON blobs.id = segments.blob
            WHERE sequence = ?1 ORDER BY number
            """,
            .integer(object.sequence)
        ) { row in
            let size = row.integer(1)
            let part = range.clamped(to: offset..<offset + size)
            if !part.isEmpty {
                segments.append(
                    Segment(
                        blob: Blob(row),
                        range: part.lowerBound - offset..<part.upperBound - offset
                    )
                )
            }
            offset += size
            return offset < range.upperBound
        }
        return segments
    }
}
