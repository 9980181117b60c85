internal import Digests
internal import NIOCore

/// A range of an encrypted blob, opened a few blocks at a time.
struct SealedRun: Sendable {
    /// Where the sealed bytes are.
    enum Place: Sendable {
        case bytes([UInt8])
        case open(OpenBlob)
        case named(String)
    }

    /// How many blocks are opened at a time: as much as is read of a clear file at a time.
    private static let batch: Int64 = 4

    private let blob: Blob
    private let envelope: Envelope
    private let opener: BlobOpener
    private var place: Place
    private var key: SecretKey?
    private var left: Range<Int64>

    init(
        _ blob: Blob,
        _ envelope: Envelope,
        at place: Place,
        range: Range<Int64>,
        _ opener: BlobOpener
    ) {
        self.blob = blob
        self.envelope = envelope
        self.opener = opener
        self.place = place
        left = range
    }

    var isDone: Bool { left.isEmpty }

    /// Finds the blob's key, so that what is wrong with it is known before the first byte is promised.
    ///
    /// - Throws: ``MasterKeyMissing``, or ``DamagedBlob`` where the key does not open.
    mutating func unlock() throws {
        if key == nil { key = try opener.key(of: blob, envelope) }
    }

    /// The next bytes of the range, each block found to be the one that was written.
    ///
    /// - Throws: ``DamagedBlob``, ``IOError``.
    mutating func next(in files: any FileSystem) throws -> ByteBuffer {
        try unlock()
        let size = Int64(BlockLayout.plainCount)
        let first = left.lowerBound / size
        let end = min(first + Self.batch, (left.upperBound + size - 1) / size)
        let sealed = try read(blocks: first..<end, in: files)
        var plain = ByteBuffer()
        plain.reserveCapacity(Int(min(left.upperBound, end * size) - left.lowerBound))
        for number in first..<end {
            let block = try open(number, of: sealed, from: first)
            let wanted = left.clamped(to: number * size..<number * size + Int64(block.count))
            plain.writeBytes(
                block[
                    Int(wanted.lowerBound - number * size)..<Int(wanted.upperBound - number * size)
                ]
            )
        }
        left = min(end * size, left.upperBound)..<left.upperBound
        return plain
    }

    private func open(_ number: Int64, of sealed: [UInt8], from first: Int64) throws -> [UInt8] {
        let start = Int(number - first) * BlockLayout.sealedCount
        let isLast = number == BlockLayout.blocks(of: blob.size) - 1
        let length =
            isLast
            ? Int(blob.size - number * Int64(BlockLayout.plainCount)) + AESGCM.tagCount
            : BlockLayout.sealedCount
        guard let key, start + length <= sealed.count else { throw DamagedBlob(id: blob.id) }
        let plain = unsafe sealed.withUnsafeBytes { bytes in
            unsafe AESGCM.open(
                UnsafeRawBufferPointer(rebasing: bytes[start..<start + length]),
                with: key,
                nonce: BlockLayout.nonce(number, isLast: isLast),
                authenticating: envelope.salt
            )
        }
        guard let plain else { throw DamagedBlob(id: blob.id) }
        return plain
    }

    private mutating func read(blocks: Range<Int64>, in files: any FileSystem) throws -> [UInt8] {
        let size = Int64(BlockLayout.sealedCount)
        let whole = 0..<BlockLayout.sealedSize(of: blob.size)
        let range = (blocks.lowerBound * size..<blocks.upperBound * size).clamped(to: whole)
        switch place {
        case .bytes(let bytes):
            guard range.upperBound <= bytes.count else { throw DamagedBlob(id: blob.id) }
            return Array(bytes[Int(range.lowerBound)..<Int(range.upperBound)])
        case .named(let name):
            let file = OpenBlob(try files.open(name))
            place = .open(file)
            return try file.read(range)
        case .open(let file): return try file.read(range)
        }
    }
}

/// Finds the keys of encrypted blobs for one reader.
struct BlobOpener: Sendable {
    let keys: KeyRing
    let encryption: ObjectEncryption
    let customerKey: CustomerKey?

    func key(of blob: Blob, _ envelope: Envelope) throws -> SecretKey {
        let parent = try keys.parent(for: encryption, customerKey: customerKey)
        guard let key = envelope.unwrap(under: parent, for: encryption) else {
            throw DamagedBlob(id: blob.id)
        }
        return key
    }
}
