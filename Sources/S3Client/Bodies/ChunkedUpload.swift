import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import Signing

/// A body that is known only while it is sent: in `aws-chunked` frames, its checksum in a trailer.
///
/// [Trailing checksums](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html)
actor ChunkedUpload {
    /// Bytes of a chunk: AWS wants 8 KiB at least.
    static let chunkBytes = 64 << 10

    private let body: HTTPBody
    private let algorithm: ChecksumAlgorithm
    private let checksum: RunningChecksum
    private var writer: ChunkedPayloadWriter
    private var pending = ByteBuffer()
    private var count = 0
    private var state = State.open

    private enum State {
        case open, ending, ended
    }

    init(
        _ body: HTTPBody,
        _ algorithm: ChecksumAlgorithm,
        _ payload: PayloadSigning,
        chunkSigning: ChunkSigning?
    ) {
        self.body = body
        self.algorithm = algorithm
        checksum = RunningChecksum(algorithm)
        writer = ChunkedPayloadWriter(payload, chunkSigning: chunkSigning)
    }

    /// The headers of such a body; its length must be told, since S3 does not take a body without.
    static func headers(
        length: Int64?,
        _ algorithm: ChecksumAlgorithm,
        _ payload: PayloadSigning
    ) throws(S3ClientError) -> HTTPHeaders {
        guard let length else {
            throw S3ClientError(
                .configuration,
                message: "A stream of unknown length cannot be sent in one request.",
                advice: "Tell its length, or use upload, which sends it in parts."
            )
        }
        return [
            "Content-Encoding": "aws-chunked",
            "Content-Length": String(encodedLength(of: length, algorithm, payload)),
            "x-amz-decoded-content-length": String(length),
            "x-amz-trailer": algorithm.headerName,
        ]
    }

    /// Bytes of a body with its frames and its trailer; every chunk but the last has ``chunkBytes``.
    ///
    /// The length is told, since some servers (rclone) take no body without.
    static func encodedLength(
        of length: Int64,
        _ algorithm: ChecksumAlgorithm,
        _ payload: PayloadSigning
    ) -> Int64 {
        let line = "\r\n".utf8.count
        let signatureBytes = 64
        let isSigned = payload == .streamingSignedTrailer
        let extra = isSigned ? ";chunk-signature=".utf8.count + signatureBytes : 0
        func frame(_ count: Int64) -> Int64 {
            Int64(String(count, radix: 16).utf8.count + extra + 2 * line) + count
        }
        let (whole, rest) = length.quotientAndRemainder(dividingBy: Int64(chunkBytes))
        let base64 = (algorithm.byteCount + 2) / 3 * 4
        let trailer = algorithm.headerName.utf8.count + 1 + base64 + line
        let signature = "x-amz-trailer-signature:".utf8.count + signatureBytes + line
        // The last chunk, which is empty, ends after the trailer.
        return whole * frame(Int64(chunkBytes)) + (rest > 0 ? frame(rest) : 0) + frame(0)
            + Int64(trailer + (isSigned ? signature : 0))
    }

    /// The next bytes that travel: a frame, at last the trailer.
    func next() async throws -> ByteBuffer? {
        while state == .open, pending.readableBytes < Self.chunkBytes {
            if var piece = try await body.next() {
                count += piece.readableBytes
                checksum.update(piece)
                pending.writeBuffer(&piece)
            } else {
                try checkLength()
                state = .ending
            }
        }
        if let bytes = pending.readSlice(length: min(pending.readableBytes, Self.chunkBytes)),
            bytes.readableBytes > 0
        {
            pending.discardReadBytes()
            return writer.chunk(bytes)
        }
        guard state == .ending else { return nil }
        state = .ended
        return writer.end(trailers: [(algorithm.headerName, checksum.value)])
    }

    private func checkLength() throws {
        guard let length = body.length, length != count else { return }
        throw S3ClientError(
            .configuration,
            message: "The stream gave \(count) bytes and was to give \(length)."
        )
    }
}
