internal import Digests
internal import Glibc
internal import NIOCore

/// Reads a blob to its end and compares it with what the index and its own record say.
struct BlobCheck: Sendable {
    /// What became of it.
    enum Verdict: Sendable, Hashable {
        case sound
        /// The key is not here: what could be compared without it is as it should be.
        case locked
        case missing
        case damaged(String)
    }

    /// How much is read at a time, in bytes.
    private static let step: Int64 = 256 << 10

    let files: any FileSystem
    let keys: KeyRing

    /// Reads and compares.
    ///
    /// - Parameters:
    ///   - blob: The blob.
    ///   - encryption: How it is encrypted, where its record does not say.
    ///   - pace: Told of the bytes as they are read.
    /// - Returns: What was found.
    /// - Throws: ``IOError`` where the reason is none of the blob's, such as too many open files; what `pace` throws.
    func verdict(
        on blob: Blob,
        encryption: ObjectEncryption? = nil,
        pace: inout Pace
    ) async throws -> Verdict {
        do {
            switch blob.place {
            case .inline(let bytes): return try await inline(bytes, blob, encryption, &pace)
            case .file(let name): return try await file(name, blob, encryption, &pace)
            }
        } catch let error as IOError where error.errno == ENOENT {
            return .missing
        } catch let error as IOError where [EIO, EUCLEAN, EBADMSG].contains(error.errno) {
            return .damaged("it cannot be read: \(error)")
        } catch is DamagedBlob {
            return .damaged("its blocks do not open")
        } catch is MasterKeyMissing {
            return .locked
        } catch is CustomerKeyMissing {
            return .locked
        }
    }

    private func inline(
        _ bytes: [UInt8],
        _ blob: Blob,
        _ encryption: ObjectEncryption?,
        _ pace: inout Pace
    ) async throws -> Verdict {
        if let envelope = blob.envelope {
            guard let encryption else { return .locked }
            return try await sealed(.bytes(bytes), blob, envelope, encryption, &pace)
        }
        try await pace.spend(bytes.count)
        var crc = CRC64NVME()
        crc.update(bytes)
        return Self.compare(crc, with: blob)
    }

    private func file(
        _ name: String,
        _ blob: Blob,
        _ encryption: ObjectEncryption?,
        _ pace: inout Pace
    ) async throws -> Verdict {
        let file = OpenBlob(try files.open(name))
        file.forget()
        let expected = blob.envelope == nil ? blob.size : BlockLayout.sealedSize(of: blob.size)
        guard files.isPersistent else {
            guard try file.size() == expected else { return .damaged("its length is another") }
            guard let envelope = blob.envelope else { return try await clear(file, blob, &pace) }
            guard let encryption else { return .locked }
            return try await sealed(.open(file), blob, envelope, encryption, &pace)
        }
        guard let (record, size) = try BlobRecord.read(from: file) else {
            return .damaged("it has no record at its end")
        }
        guard size == expected else {
            return .damaged("it has \(size) bytes and should have \(expected)")
        }
        if let crc = record["crc64nvme"], Hex.decode(crc) != blob.crc64 {
            return .damaged("its record is that of other bytes")
        }
        guard let envelope = blob.envelope else { return try await clear(file, blob, &pace) }
        guard let encryption = record.encryption, record.envelope == envelope else {
            return .damaged("its record is that of another encryption")
        }
        return try await sealed(.open(file), blob, envelope, encryption, &pace)
    }

    private func clear(_ file: OpenBlob, _ blob: Blob, _ pace: inout Pace) async throws -> Verdict {
        var crc = CRC64NVME()
        var start: Int64 = 0
        while start < blob.size {
            let end = min(blob.size, start + Self.step)
            crc.update(try file.read(start..<end))
            try await pace.spend(Int(end - start))
            start = end
        }
        return Self.compare(crc, with: blob)
    }

    private func sealed(
        _ place: SealedRun.Place,
        _ blob: Blob,
        _ envelope: Envelope,
        _ encryption: ObjectEncryption,
        _ pace: inout Pace
    ) async throws -> Verdict {
        let opener = BlobOpener(keys: keys, encryption: encryption, customerKey: nil)
        var run = SealedRun(blob, envelope, at: place, range: 0..<blob.size, opener)
        try run.unlock()
        var crc = CRC64NVME()
        while !run.isDone {
            let bytes = try run.next(in: files)
            crc.update(bytes.readableBytesView)
            try await pace.spend(bytes.readableBytes)
        }
        return Self.compare(crc, with: blob)
    }

    private static func compare(_ crc: CRC64NVME, with blob: Blob) -> Verdict {
        crc.bytes == blob.crc64 ? .sound : .damaged("its bytes are not those that were written")
    }
}

/// How fast to read, and whom to tell of it.
struct Pace: Sendable {
    /// What reading a blob costs beside its bytes, in bytes.
    static let blobCost = 4096

    /// Bytes a second; `nil` for as fast as it goes.
    var bytesPerSecond: Int64?
    /// Told how many bytes were read since it was told last.
    var tell: @Sendable (Int) -> Void = { _ in }

    private var owed: Int64 = 0

    init(bytesPerSecond: Int64? = nil, tell: @escaping @Sendable (Int) -> Void = { _ in }) {
        self.bytesPerSecond = bytesPerSecond
        self.tell = tell
    }

    /// Takes the time that so many bytes may take.
    ///
    /// - Throws: `CancellationError`.
    mutating func spend(_ bytes: Int) async throws {
        tell(bytes)
        try await rest(bytes)
    }

    /// The same, without telling of them.
    mutating func rest(_ bytes: Int) async throws {
        try Task.checkCancellation()
        guard let bytesPerSecond, bytesPerSecond > 0 else { return }
        owed += Int64(bytes)
        // Many short rests would cost more than they give.
        guard owed >= max(1, bytesPerSecond / 10) else { return }
        let time = Duration.seconds(Double(owed) / Double(bytesPerSecond))
        owed = 0
        try await Task.sleep(for: time)
    }
}
