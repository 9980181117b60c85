import Digests
import S3Protocol

/// The signatures of a body's chunks, each made over the one before, so that none can be left out, repeated or moved.
struct ChunkSignatureChain: Sendable {
    private let signing: ChunkSigning
    private var previous: [UInt8]
    private var claimed: [UInt8] = []

    /// Whether the last signature that is due has been verified.
    private(set) var isClosed = false

    /// Starts with the signature of the request's head.
    init(_ signing: ChunkSigning) {
        self.signing = signing
        previous = Array(signing.seedSignature.utf8)
    }

    /// Notes the signature that a chunk claims.
    mutating func begin(_ signature: [UInt8]) { claimed = signature }

    /// Verifies a chunk whose bytes have this SHA-256.
    mutating func endChunk(_ digest: [UInt8]) throws(S3Error) {
        try advance(to: signing.signature(ofChunk: digest, after: previous))
    }

    /// Verifies the chunk of no bytes that ends the body.
    mutating func endLastChunk(awaitsTrailers: Bool) throws(S3Error) {
        try endChunk(HashFunction.hash(.sha256, []))
        isClosed = !awaitsTrailers
    }

    /// Verifies the trailers, spelled as they are signed: `name:value` and a line feed each.
    mutating func endTrailers(
        _ trailers: [(name: String, value: String)],
        signature: [UInt8]
    ) throws(S3Error) {
        guard !isClosed else { throw S3Error(.malformedTrailer) }
        claimed = signature
        let digest = HashFunction.hash(.sha256, Self.lines(trailers).utf8)
        try advance(to: signing.signature(ofTrailers: digest, after: previous))
        isClosed = true
    }

    static func lines(_ trailers: [(name: String, value: String)]) -> String {
        trailers.map { "\($0.name):\($0.value)\n" }.joined()
    }

    private mutating func advance(to expected: [UInt8]) throws(S3Error) {
        guard equalInConstantTime(expected, claimed) else {
            throw S3Error(.signatureDoesNotMatch)
        }
        previous = expected
    }
}
