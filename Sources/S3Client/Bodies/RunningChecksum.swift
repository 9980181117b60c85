import Digests
import NIOCore
import S3Protocol

/// A checksum of bytes that arrive in pieces, by any of S3's algorithms.
///
/// A class, since a digest of libcrypto cannot be copied: whoever holds it, holds it alone.
final class RunningChecksum {
    private enum Code {
        case crc32(CRC32)
        case crc32c(CRC32C)
        case crc64nvme(CRC64NVME)
        case hash
        case xxhash
    }

    private var code: Code
    private var hash: HashFunction
    private var xxhash: XXHash

    init(_ algorithm: ChecksumAlgorithm) {
        // Where neither is asked for, any will do.
        let (hash, xxhash): (HashAlgorithm, XXHash.Variant) =
            switch algorithm {
            case .sha256: (.sha256, .xxh3)
            case .sha512: (.sha512, .xxh3)
            case .md5: (.md5, .xxh3)
            case .xxhash64: (.md5, .xxh64)
            case .xxhash128: (.md5, .xxh128)
            case .sha1, .xxhash3, .crc32, .crc32c, .crc64nvme: (.sha1, .xxh3)
            }
        self.hash = HashFunction(hash)
        self.xxhash = XXHash(xxhash)
        code =
            switch algorithm {
            case .crc32: .crc32(CRC32())
            case .crc32c: .crc32c(CRC32C())
            case .crc64nvme: .crc64nvme(CRC64NVME())
            case .sha1, .sha256, .sha512, .md5: .hash
            case .xxhash64, .xxhash3, .xxhash128: .xxhash
            }
    }

    func update(_ piece: ByteBuffer) {
        let bytes = piece.readableBytesView
        switch code {
        case .crc32(var crc):
            crc.update(bytes)
            code = .crc32(crc)
        case .crc32c(var crc):
            crc.update(bytes)
            code = .crc32c(crc)
        case .crc64nvme(var crc):
            crc.update(bytes)
            code = .crc64nvme(crc)
        case .hash: hash.update(bytes)
        case .xxhash: xxhash.update(bytes)
        }
    }

    /// The value in base64; a hash of libcrypto starts anew after it.
    var value: String {
        switch code {
        case .crc32(let crc): Base64.encode(crc.bytes)
        case .crc32c(let crc): Base64.encode(crc.bytes)
        case .crc64nvme(let crc): Base64.encode(crc.bytes)
        case .hash: Base64.encode(hash.finalizeAndRestart())
        case .xxhash: Base64.encode(xxhash.bytes)
        }
    }
}
