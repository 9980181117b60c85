import Digests

/// What the chunks of a body are signed with, each upon the one before.
///
/// [Transferring payload in multiple chunks](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html)
public struct ChunkSigning: Sendable {
    /// The signature of the request's head, which the first chunk's builds upon.
    let seedSignature: String
    /// The key of the request's own signature.
    let key: SigningKey
    /// The request's time as it is signed.
    let date: String

    /// The signature of a chunk.
    func signature(ofChunk digest: [UInt8], after previous: [UInt8]) -> [UInt8] {
        sign("AWS4-HMAC-SHA256-PAYLOAD", previous, Self.emptyDigest + "\n".utf8 + Hex.ascii(digest))
    }

    /// The signature of the trailers after the last chunk.
    func signature(ofTrailers digest: [UInt8], after previous: [UInt8]) -> [UInt8] {
        sign("AWS4-HMAC-SHA256-TRAILER", previous, Hex.ascii(digest))
    }

    private func sign(_ algorithm: String, _ previous: [UInt8], _ rest: [UInt8]) -> [UInt8] {
        var lines = Array("\(algorithm)\n\(date)\n\(key.scope)\n".utf8)
        lines += previous
        lines.append(UInt8(ascii: "\n"))
        lines += rest
        return key.sign(lines)
    }

    /// The SHA-256 of no bytes, which stands for the headers that a chunk does not have.
    private static let emptyDigest = Hex.ascii(HashFunction.hash(.sha256, []))
}
