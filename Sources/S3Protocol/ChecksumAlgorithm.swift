/// The checksums that S3 stores with an object.
///
/// [Checking object integrity](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
public enum ChecksumAlgorithm: String, Sendable, Hashable, CaseIterable {
    /// CRC-32 (ISO 3309), 4 bytes.
    case crc32 = "CRC32"
    /// CRC-32C (Castagnoli), 4 bytes.
    case crc32c = "CRC32C"
    /// CRC-64/NVME, 8 bytes.
    case crc64nvme = "CRC64NVME"
    /// SHA-1, 20 bytes.
    case sha1 = "SHA1"
    /// SHA-256, 32 bytes.
    case sha256 = "SHA256"
    /// SHA-512, 64 bytes.
    case sha512 = "SHA512"
    /// MD5, 16 bytes: as a checksum, beside what `Content-MD5` and entity tags make of it.
    case md5 = "MD5"
    /// XXH64, 8 bytes.
    case xxhash64 = "XXHASH64"
    /// XXH3 of 64 bits, 8 bytes.
    case xxhash3 = "XXHASH3"
    /// XXH3 of 128 bits, 16 bytes.
    case xxhash128 = "XXHASH128"

    /// The algorithm of a name in any case; `nil` where S3 has none of it.
    public init?(named name: some StringProtocol) { self.init(rawValue: name.uppercased()) }

    /// The header that carries its value in base64, such as `x-amz-checksum-crc32`.
    public var headerName: String {
        // Spelt out, as each request with a body asks for all of them.
        switch self {
        case .crc32: "x-amz-checksum-crc32"
        case .crc32c: "x-amz-checksum-crc32c"
        case .crc64nvme: "x-amz-checksum-crc64nvme"
        case .sha1: "x-amz-checksum-sha1"
        case .sha256: "x-amz-checksum-sha256"
        case .sha512: "x-amz-checksum-sha512"
        case .md5: "x-amz-checksum-md5"
        case .xxhash64: "x-amz-checksum-xxhash64"
        case .xxhash3: "x-amz-checksum-xxhash3"
        case .xxhash128: "x-amz-checksum-xxhash128"
        }
    }

    /// The element that carries its value in base64, such as `ChecksumCRC32`.
    public var elementName: String { "Checksum\(rawValue)" }

    /// What it can be the checksum of, in an object of parts; the first is what S3 takes where nobody says.
    ///
    /// Only a cyclic redundancy check of the whole follows from those of the parts.
    public var types: [ChecksumType] {
        switch self {
        case .crc64nvme: [.fullObject]
        case .crc32, .crc32c: [.composite, .fullObject]
        case .sha1, .sha256, .sha512, .md5, .xxhash64, .xxhash3, .xxhash128: [.composite]
        }
    }

    /// How many bytes a value has.
    public var byteCount: Int {
        switch self {
        case .crc32, .crc32c: 4
        case .crc64nvme, .xxhash64, .xxhash3: 8
        case .sha1: 20
        case .sha256: 32
        case .sha512: 64
        case .md5, .xxhash128: 16
        }
    }
}

/// What a checksum of a multipart object is the checksum of.
public enum ChecksumType: String, Sendable, Hashable {
    /// Of the parts' checksums, one after the other; the value ends in `-N`.
    case composite = "COMPOSITE"
    /// Of the object's bytes.
    case fullObject = "FULL_OBJECT"
}

/// An object's checksum.
public struct Checksum: Sendable, Hashable {
    /// How it was computed.
    public let algorithm: ChecksumAlgorithm
    /// Over what.
    public let type: ChecksumType
    /// The value as it travels: base64, with `-N` after it where it is composite.
    public let value: String

    /// Names a checksum.
    public init(_ algorithm: ChecksumAlgorithm, _ type: ChecksumType, _ value: String) {
        self.algorithm = algorithm
        self.type = type
        self.value = value
    }

    /// The same without the `-N` of a composite one, as
    /// [GetObjectAttributes](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html) tells it.
    public var withoutPartCount: Checksum {
        Checksum(algorithm, type, String(value.prefix { $0 != "-" }))
    }
}
