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
    ///   - customerKey: The client's key, where the object is encrypted under one.
    /// - Returns: The bytes, to be read once.
    /// - Throws: ``ContentGone`` where the object was replaced or deleted since it was looked up; ``IOError``,
    ///   ``DamagedBlob``, ``MasterKeyMissing``, ``CustomerKeyMissing``.
    public func content(
        of object: StoredObject,
        range: Range<Int64>,
        customerKey: CustomerKey? = nil
    ) throws -> ObjectContent {
        let range = range.clamped(to: 0..<object.size)
        let opener = object.encryption.map {
            BlobOpener(keys: keys, encryption: $0, customerKey: customerKey)
        }
        guard object.partCount == nil else { return try contentOfParts(object, range, opener) }
        guard let id = object.blobID, let blob = try index.blob(id) else {
            throw ContentGone()
        }
        try blob.require(opener)
        let source: ObjectContent.Source
        switch (blob.place, blob.envelope) {
        case (.inline(let bytes), nil): source = .bytes(try blob.verified(bytes, range))
        case (.inline(let bytes), let envelope?):
            source = try blob.sealed(envelope, at: .bytes(bytes), range, opener, unlocking: true)
        case (.file(let name), let envelope):
            let file = OpenBlob(try open(name, of: object))
            source =
                if let envelope {
                    try blob.sealed(envelope, at: .open(file), range, opener, unlocking: true)
                } else {
                    .open(file, offset: range.lowerBound, count: Int(range.count))
                }
        }
        return ObjectContent(range.isEmpty ? [] : [source], size: Int64(range.count), files: files)
    }

    /// Looks an object up and opens a range of it, again where the object was replaced in between.
    ///
    /// - Parameters:
    ///   - key: The object's key.
    ///   - version: Which of its versions.
    ///   - bucket: Its bucket.
    ///   - customerKey: The client's key, where the object is encrypted under one.
    ///   - choose: Sees the object, which may be a delete marker, and answers the range to read, or throws
    ///     where it is not to be read.
    /// - Returns: The object and its bytes, or `nil` where there is none.
    /// - Throws: What `choose` throws, else as ``content(of:range:customerKey:)``.
    public func open(
        _ key: String,
        version: ObjectVersion = .latest,
        in bucket: Bucket,
        customerKey: CustomerKey? = nil,
        choose: (StoredObject) throws -> Range<Int64>
    ) throws -> (object: StoredObject, content: ObjectContent)? {
        for _ in 0..<8 {
            guard let object = try self.version(version, of: key, in: bucket) else { return nil }
            do {
                let range = try choose(object)
                let content = try content(of: object, range: range, customerKey: customerKey)
                return (object, content)
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
        _ range: Range<Int64>,
        _ opener: BlobOpener?
    ) throws -> ObjectContent {
        let segments = try index.read { try $0.segments(of: object, in: range) }
        let pinned = PinnedBlobs(segments.compactMap(\.fileName), sweeper)
        // Only what is named after it was pinned is sure to be there.
        guard try index.read({ try $0.exists(object) }) else { throw ContentGone() }
        let sources = try segments.enumerated().map { place, segment in
            // The first key is tried before anything is promised, the others when their turn comes.
            try segment.source(opener, unlocking: place == 0)
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

extension Blob {
    /// Fails where the bytes are known to be bad, and where an encrypted object has a blob without an envelope:
    /// its bytes are not what they are taken for.
    fileprivate func require(_ opener: BlobOpener?) throws {
        guard damage == nil, (opener == nil) == (envelope == nil) else { throw DamagedBlob(id: id) }
    }

    /// A range of an encrypted blob.
    fileprivate func sealed(
        _ envelope: Envelope,
        at place: SealedRun.Place,
        _ range: Range<Int64>,
        _ opener: BlobOpener?,
        unlocking: Bool
    ) throws -> ObjectContent.Source {
        guard let opener else { throw DamagedBlob(id: id) }
        var run = SealedRun(self, envelope, at: place, range: range, opener)
        if unlocking { try run.unlock() }
        return .sealed(run)
    }
}

/// The bytes that one part gives to a range of an object.
struct Segment: Sendable {
    let blob: Blob
    /// Counted from the part's first byte.
    let range: Range<Int64>

    var fileName: String? { blob.fileName }

    fileprivate func source(
        _ opener: BlobOpener?,
        unlocking: Bool
    ) throws -> ObjectContent.Source {
        try blob.require(opener)
        return switch (blob.place, blob.envelope) {
        case (.inline(let bytes), nil): .bytes(try blob.verified(bytes, range))
        case (.file(let name), nil):
            .named(name, offset: range.lowerBound, count: Int(range.count))
        case (.inline(let bytes), let envelope?):
            try blob.sealed(envelope, at: .bytes(bytes), range, opener, unlocking: unlocking)
        case (.file(let name), let envelope?):
            try blob.sealed(envelope, at: .named(name), range, opener, unlocking: unlocking)
        }
    }
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
                        blob: try Blob(row),
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
