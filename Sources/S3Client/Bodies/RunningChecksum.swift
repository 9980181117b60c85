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
    }

    private var code: Code
    private var hash: HashFunction

    init(_ algorithm: ChecksumAlgorithm) {
        hash = HashFunction(algorithm == .sha256 ? .sha256 : .sha1)
        code =
            switch algorithm {
            case .crc32: .crc32(CRC32())
            case .crc32c: .crc32c(CRC32C())
            case .crc64nvme: .crc64nvme(CRC64NVME())
            case .sha1, .sha256: .hash
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
        }
    }

    /// The value in base64; a hash starts anew after it.
    var value: String {
        switch code {
        case .crc32(let crc): Base64.encode(crc.bytes)
        case .crc32c(let crc): Base64.encode(crc.bytes)
        case .crc64nvme(let crc): Base64.encode(crc.bytes)
        case .hash: Base64.encode(hash.finalizeAndRestart())
        }
    }
}
