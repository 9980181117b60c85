import Digests
public import NIOCore

/// Puts a body into `aws-chunked` frames: the reverse of ``ChunkedPayload``.
public struct ChunkedPayloadWriter: Sendable {
    private let hasTrailers: Bool
    private let signing: ChunkSigning?
    private var previous: [UInt8]

    /// Starts before the first chunk.
    ///
    /// - Parameters:
    ///   - payload: One of the three streaming kinds.
    ///   - chunkSigning: What signs the chunks, from the request's own signature; none where they are unsigned.
    public init(_ payload: PayloadSigning, chunkSigning: ChunkSigning?) {
        hasTrailers = payload != .streamingSigned
        signing = payload.hasSignedChunks ? chunkSigning : nil
        previous = Array((chunkSigning?.seedSignature ?? "").utf8)
    }

    /// A chunk of the body, which AWS wants to be of 8 KiB or more unless it is the last.
    ///
    /// No bytes make no chunk, since an empty one ends the body.
    public mutating func chunk(_ bytes: ByteBuffer) -> ByteBuffer {
        guard bytes.readableBytes > 0 else { return ByteBuffer() }
        var frame = sizeLine(bytes)
        frame.writeImmutableBuffer(bytes)
        frame.writeString("\r\n")
        return frame
    }

    /// What ends the body: the empty chunk and the trailers.
    ///
    /// - Parameter trailers: Names in lower case and values, in the order they are sent.
    /// - Returns: The last bytes.
    public mutating func end(trailers: [(name: String, value: String)] = []) -> ByteBuffer {
        var frame = sizeLine(ByteBuffer())
        for (name, value) in hasTrailers ? trailers : [] {
            frame.writeString("\(name):\(value)\r\n")
        }
        if hasTrailers, let signing {
            let lines = ChunkSignatureChain.lines(trailers)
            let digest = HashFunction.hash(.sha256, lines.utf8)
            frame.writeString("x-amz-trailer-signature:")
            frame.writeBytes(signing.signature(ofTrailers: digest, after: previous))
            frame.writeString("\r\n")
        }
        frame.writeString("\r\n")
        return frame
    }

    private mutating func sizeLine(_ bytes: ByteBuffer) -> ByteBuffer {
        var line = ByteBuffer(string: String(bytes.readableBytes, radix: 16))
        if let signing {
            let digest = HashFunction.hash(.sha256, bytes.readableBytesView)
            previous = signing.signature(ofChunk: digest, after: previous)
            line.writeString(";chunk-signature=")
            line.writeBytes(previous)
        }
        line.writeString("\r\n")
        return line
    }
}
