internal import Digests
public import S3Protocol

/// What a client says that an upload consists of.
public struct Completion: Sendable, Hashable {
    /// A part by its number and what the client knows of it.
    public struct Part: Sendable, Hashable {
        /// The part's number.
        public var number: Int
        /// Its entity tag, with quotes or without.
        public var etag: String
        /// Its checksums, by algorithm, in base64.
        public var checksums: [ChecksumAlgorithm: String]

        /// Names a part.
        public init(number: Int, etag: String, checksums: [ChecksumAlgorithm: String] = [:]) {
            self.number = number
            self.etag = etag
            self.checksums = checksums
        }
    }

    /// The parts, in the order in which they make up the object.
    public var parts: [Part]
    /// The checksum that the whole must have, in base64 and with `-N` or without where it is composite.
    public var checksum: (algorithm: ChecksumAlgorithm, value: String)? {
        get { checksumAlgorithm.flatMap { algorithm in checksumValue.map { (algorithm, $0) } } }
        set { (checksumAlgorithm, checksumValue) = (newValue?.algorithm, newValue?.value) }
    }
    /// How many bytes the whole must have.
    public var size: Int64?
    /// The retention that the object gets where its upload asked for none.
    public var defaultRetention: ObjectLock.Retention?

    private var checksumAlgorithm: ChecksumAlgorithm?
    private var checksumValue: String?

    /// Describes what an upload consists of.
    public init(
        parts: [Part],
        checksum: (algorithm: ChecksumAlgorithm, value: String)? = nil,
        size: Int64? = nil
    ) {
        self.parts = parts
        self.size = size
        self.checksum = checksum
    }
}

/// What an upload becomes, by AWS's rules.
///
/// [CompleteMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html)
struct Assembly: Sendable, Hashable {
    /// What a part other than the last must have at least, in bytes.
    static let minimumPartSize: Int64 = 5 << 20
    /// What an object may have at most, in bytes: 10,000 parts of 5 GiB.
    static let maximumSize: Int64 = 10_000 * (5 << 30)

    let parts: [UploadedPart]
    let size: Int64
    let etag: String
    let checksum: Checksum

    /// Checks what the client says against what it uploaded.
    ///
    /// - Throws: `InvalidPartOrder`, `InvalidPart`, `EntityTooSmall`, `EntityTooLarge`, `InvalidRequest`
    ///   or `BadDigest`.
    init(_ completion: Completion, of upload: Upload, from uploaded: [UploadedPart]) throws(S3Error)
    {
        parts = try Self.choose(completion.parts, from: uploaded, for: upload)
        size = parts.reduce(0) { $0 &+ $1.size }
        if let small = parts.dropLast().first(where: { $0.size < Self.minimumPartSize }) {
            throw S3Error(
                .entityTooSmall,
                details: [
                    .init("ProposedSize", String(small.size)),
                    .init("MinSizeAllowed", String(Self.minimumPartSize)),
                    .init("PartNumber", String(small.number)), .init("ETag", small.etag),
                ]
            )
        }
        guard size <= Self.maximumSize else { throw S3Error(.entityTooLarge) }
        if let expected = completion.size, expected != size {
            throw S3Error(
                .invalidRequest,
                "The provided 'x-amz-mp-object-size' header value \(expected) does not match what was computed: \(size)"
            )
        }
        let digests = parts.flatMap { Hex.decode($0.etag) ?? [] }
        etag = Hex.encode(HashFunction.hash(.md5, digests)) + "-\(parts.count)"
        let (algorithm, type) = upload.effectiveChecksum
        checksum = Checksum(algorithm, type, try Self.checksum(of: parts, algorithm, type))
        // What is promised by another algorithm than S3's own, it does not look at where the upload has none.
        if let expected = completion.checksum,
            upload.checksumAlgorithm != nil || expected.algorithm == algorithm
        {
            try Self.compare(expected.value, expected.algorithm, with: checksum)
        }
    }

    private static func choose(
        _ named: [Completion.Part],
        from uploaded: [UploadedPart],
        for upload: Upload
    ) throws(S3Error) -> [UploadedPart] {
        guard zip(named, named.dropFirst()).allSatisfy({ $0.number < $1.number }) else {
            throw S3Error(.invalidPartOrder, details: [.init("UploadId", upload.id)])
        }
        let known = Dictionary(uploaded.map { ($0.number, $0) }) { $1 }
        return try named.map { (part) throws(S3Error) in
            guard let found = known[part.number],
                part.etag.filter({ $0 != "\"" }).lowercased() == found.etag
            else { throw Self.invalid(part.number, part.etag, of: upload) }
            for (algorithm, value) in part.checksums {
                try found.require(value, of: algorithm, in: upload)
            }
            try requireChecksum(of: part, for: upload)
            return found
        }
    }

    fileprivate static func invalid(_ number: Int, _ etag: String, of upload: Upload) -> S3Error {
        S3Error(
            .invalidPart,
            details: [
                .init("UploadId", upload.id), .init("PartNumber", String(number)),
                .init("ETag", etag),
            ]
        )
    }

    /// A composite checksum is made of those that the client names.
    private static func requireChecksum(
        of part: Completion.Part,
        for upload: Upload
    ) throws(S3Error) {
        let (algorithm, type) = upload.effectiveChecksum
        guard type == .composite, part.checksums[algorithm] == nil else { return }
        throw S3Error(
            .invalidRequest,
            """
            The upload was created using a \(algorithm.rawValue.lowercased()) checksum. The complete request must \
            include the checksum for each part. It was missing for part \(part.number) in the request.
            """
        )
    }

    private static func checksum(
        of parts: [UploadedPart],
        _ algorithm: ChecksumAlgorithm,
        _ type: ChecksumType
    ) throws(S3Error) -> String {
        var digests: [(bytes: [UInt8], size: Int64)] = []
        for part in parts {
            guard let bytes = part.bytes(of: algorithm) else { throw S3Error(.invalidPart) }
            digests.append((bytes, part.size))
        }
        switch type {
        case .composite:
            return Base64.encode(algorithm.digest(of: digests.flatMap(\.bytes))) + "-\(parts.count)"
        case .fullObject:
            guard let whole = algorithm.combine(digests) else {
                throw S3Error(
                    .invalidRequest,
                    "The \(type.rawValue) checksum type cannot be used with the \(algorithm.rawValue.lowercased()) checksum algorithm."
                )
            }
            return Base64.encode(whole)
        }
    }

    private static func compare(
        _ value: String,
        _ algorithm: ChecksumAlgorithm,
        with checksum: Checksum
    ) throws(S3Error) {
        let bare = checksum.value.prefix { $0 != "-" }
        guard algorithm == checksum.algorithm, value == checksum.value || value == bare else {
            throw S3Error(
                .badDigest,
                "The \(checksum.algorithm.rawValue) you specified did not match the calculated checksum."
            )
        }
    }
}

extension UploadedPart {
    /// Holds the part to a checksum that the client knows of it.
    ///
    /// An upload that was begun without an algorithm has no such checksums, even where its parts came with one; its
    /// own CRC-64/NVME, which S3 computes, may be named.
    ///
    /// - Throws: `InvalidPart` where it is another, `BadDigest` where the part has none of this algorithm.
    fileprivate func require(
        _ value: String,
        of algorithm: ChecksumAlgorithm,
        in upload: Upload
    ) throws(S3Error) {
        guard upload.checksumAlgorithm != nil || algorithm == upload.effectiveChecksum.algorithm
        else { throw Assembly.invalid(number, etag, of: upload) }
        guard algorithm == checksum?.algorithm || algorithm == upload.effectiveChecksum.algorithm
        else {
            throw S3Error(
                .badDigest,
                "The \(algorithm.rawValue.lowercased()) you specified for part \(number) did not match "
                    + "what we received."
            )
        }
        guard bytes(of: algorithm) == Base64.decode(value) else {
            throw Assembly.invalid(number, etag, of: upload)
        }
    }

    fileprivate func bytes(of algorithm: ChecksumAlgorithm) -> [UInt8]? {
        if algorithm == .crc64nvme { return crc64 }
        guard let checksum, checksum.algorithm == algorithm else { return nil }
        return Base64.decode(checksum.value)
    }
}

extension ChecksumAlgorithm {
    /// The digest of some bytes.
    func digest(of bytes: [UInt8]) -> [UInt8] {
        switch self {
        case .crc32: Self.check(CRC32.self, bytes)
        case .crc32c: Self.check(CRC32C.self, bytes)
        case .crc64nvme: Self.check(CRC64NVME.self, bytes)
        case .sha1: HashFunction.hash(.sha1, bytes)
        case .sha256: HashFunction.hash(.sha256, bytes)
        case .sha512: HashFunction.hash(.sha512, bytes)
        case .md5: HashFunction.hash(.md5, bytes)
        case .xxhash64: XXHash.hash(.xxh64, bytes)
        case .xxhash3: XXHash.hash(.xxh3, bytes)
        case .xxhash128: XXHash.hash(.xxh128, bytes)
        }
    }

    /// The check of pieces one after the other, from the check and the length of each.
    ///
    /// - Returns: `nil` where the algorithm cannot do that.
    func combine(_ pieces: [(bytes: [UInt8], size: Int64)]) -> [UInt8]? {
        switch self {
        case .crc32: Self.combine(CRC32.self, pieces)
        case .crc32c: Self.combine(CRC32C.self, pieces)
        case .crc64nvme: Self.combine(CRC64NVME.self, pieces)
        case .sha1, .sha256, .sha512, .md5, .xxhash64, .xxhash3, .xxhash128: nil
        }
    }

    private static func check<Code>(_ type: CRC<Code>.Type, _ bytes: [UInt8]) -> [UInt8] {
        var crc = CRC<Code>()
        crc.update(bytes)
        return crc.bytes
    }

    private static func combine<Code>(
        _ type: CRC<Code>.Type,
        _ pieces: [(bytes: [UInt8], size: Int64)]
    ) -> [UInt8] {
        // All but the last are of one length, as a rule.
        var length = Int64(0)
        var power = CRC<Code>.power(over: length)
        let whole = pieces.reduce(Code.Word(0)) { whole, piece in
            if piece.size != length {
                length = piece.size
                power = CRC<Code>.power(over: length)
            }
            let value = piece.bytes.reduce(Code.Word(0)) { $0 << 8 | Code.Word($1) }
            return CRC<Code>.combine(whole, value, over: power)
        }
        return CRC<Code>.bytes(of: whole)
    }
}
