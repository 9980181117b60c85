import Digests
public import NIOCore
public import S3Protocol

/// Takes the body out of its `aws-chunked` frames, and verifies it as it comes.
///
/// ```
/// 10000;chunk-signature=ad80...⏎ bytes ⏎
/// 0;chunk-signature=b6c6...⏎ x-amz-checksum-crc32c:sOO8/Q==⏎ x-amz-trailer-signature:d81f...⏎ ⏎
/// ```
///
/// It knows no socket and no time: bytes go in, slices of the same bytes come out. A chunk's bytes come out before its
/// signature could be verified, so that none need to be held back; nothing may become visible until
/// ``finish()`` has returned.
///
/// [Multiple chunks](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming.html),
/// [trailing headers](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-streaming-trailers.html)
public struct ChunkedPayload: ~Copyable, Sendable {
    /// The longest line that is read: a chunk's size with its signature, or a trailer.
    public static let maximumLineLength = 1024
    /// What S3 wants every chunk but the last to have, in bytes.
    public static let smallestChunk = 8192
    /// How many trailers are read.
    public static let maximumTrailerCount = 16

    private enum State: Equatable {
        case size
        case bytes(remaining: Int)
        case bytesEnd
        case trailers
        case end
    }

    private let hasTrailers: Bool
    private let decodedLength: Int?
    private let minimumChunk: Int
    /// The number of the chunk that is read, from 1, and its length.
    private var chunk = (number: 0, size: Int.max)
    private var state = State.size
    private var line: [UInt8] = []
    private var chain: ChunkSignatureChain?
    private var digest = HashFunction(.sha256)
    private var trailers: [(name: String, value: String)] = []
    private var hasBlankAfterLastChunk = false
    private var bytesAfterEnd = 0

    /// How many bytes of the body came out so far.
    public private(set) var count = 0

    /// Starts before the first chunk.
    ///
    /// - Parameters:
    ///   - payload: One of the three streaming kinds.
    ///   - chunkSigning: What signed chunks are verified with, from the request's own signature.
    ///   - decodedLength: The value of `x-amz-decoded-content-length`, if it came.
    ///   - minimumChunk: How many bytes every chunk but the last must have.
    /// - Throws: `InvalidRequest` for a payload that is not framed, or signed chunks without what verifies them.
    public init(
        _ payload: PayloadSigning,
        chunkSigning: ChunkSigning?,
        decodedLength: Int?,
        minimumChunk: Int = 0
    ) throws(S3Error) {
        guard payload.isStreaming, !payload.hasSignedChunks || chunkSigning != nil,
            decodedLength ?? 0 >= 0
        else { throw S3Error(.invalidRequest) }
        hasTrailers = payload != .streamingSigned
        chain = payload.hasSignedChunks ? chunkSigning.map { ChunkSignatureChain($0) } : nil
        self.decodedLength = decodedLength
        self.minimumChunk = minimumChunk
    }

    /// Takes the next slice of the body out of what has arrived.
    ///
    /// - Parameter input: What has arrived and was not taken yet; call again while it holds bytes.
    /// - Returns: Bytes of the body; `nil` where more must arrive, or nothing more will.
    /// - Throws: `IncompleteBody` for broken frames, `SignatureDoesNotMatch`, `MalformedTrailerError`,
    ///   `InvalidChunkSizeError`.
    public mutating func read(_ input: inout ByteBuffer) throws(S3Error) -> ByteBuffer? {
        while input.readableBytes > 0 {
            switch state {
            case .size:
                guard let line = try readLine(&input) else { return nil }
                try beginChunk(line)
            case .bytes(let remaining):
                let length = min(remaining, input.readableBytes)
                guard let slice = input.readSlice(length: length) else { return nil }
                if chain != nil { digest.update(slice.readableBytesView) }
                count += length
                state = length == remaining ? .bytesEnd : .bytes(remaining: remaining - length)
                return slice
            case .bytesEnd:
                guard let line = try readLine(&input) else { return nil }
                guard line.isEmpty else { throw .brokenFrames }
                try chain?.endChunk(digest.finalizeAndRestart())
                state = .size
            case .trailers:
                guard let line = try readLine(&input) else { return nil }
                try readTrailer(line)
            case .end:
                try skipAfterEnd(&input)
            }
        }
        return nil
    }

    /// Makes sure that all of the body has come and was what was signed.
    ///
    /// - Returns: The trailers that came after it, their names in lower case.
    /// - Throws: `IncompleteBody`, where anything is missing.
    public mutating func finish() throws(S3Error) -> [(name: String, value: String)] {
        let isComplete =
            switch state {
            case .end: true
            // Signed trailers are whole once their signature has come; AWS's own example ends there.
            case .trailers:
                line.isEmpty
                    && (chain?.isClosed ?? false || hasBlankAfterLastChunk && trailers.isEmpty)
            case .size, .bytes, .bytesEnd: false
            }
        guard isComplete, chain?.isClosed ?? true, decodedLength ?? count == count else {
            throw S3Error(.incompleteBody)
        }
        return trailers
    }

    // MARK: Frames

    /// Reads up to a line's end, which may still have to arrive.
    private mutating func readLine(_ input: inout ByteBuffer) throws(S3Error) -> [UInt8]? {
        let view = input.readableBytesView
        let end = view.firstIndex(of: UInt8(ascii: "\n"))
        let part = view[..<(end ?? view.endIndex)]
        guard line.count + part.count <= Self.maximumLineLength else { throw .brokenFrames }
        line += part
        input.moveReaderIndex(forwardBy: part.count + (end == nil ? 0 : 1))
        guard end != nil else { return nil }
        defer { line.removeAll(keepingCapacity: true) }
        if line.last == UInt8(ascii: "\r") { return Array(line.dropLast()) }
        // AWS's example of an unsigned trailer ends it with a bare line feed.
        guard state == .trailers else { throw .brokenFrames }
        return line
    }

    private mutating func beginChunk(_ line: [UInt8]) throws(S3Error) {
        let parts = line.split(separator: UInt8(ascii: ";"))
        guard let size = parts.first.flatMap(Self.size),
            size <= (decodedLength ?? .max) - count
        else { throw .brokenFrames }
        if chain != nil {
            let name = Array("chunk-signature=".utf8)
            guard let signature = parts.dropFirst().first(where: { $0.starts(with: name) }) else {
                throw .brokenFrames
            }
            chain?.begin(Array(signature.dropFirst(name.count)))
        }
        guard size == 0 else {
            try count(chunkOf: size)
            state = .bytes(remaining: size)
            return
        }
        try chain?.endLastChunk(awaitsTrailers: hasTrailers)
        state = .trailers
    }

    /// A chunk that another follows is long enough, or too short.
    private mutating func count(chunkOf size: Int) throws(S3Error) {
        let last = chunk
        chunk = (last.number + 1, size)
        guard last.size < minimumChunk else { return }
        throw S3Error(
            .invalidChunkSize,
            details: [
                .init("Chunk", String(chunk.number)), .init("BadChunkSize", String(last.size)),
            ]
        )
    }

    /// A size in hex of either case: as many digits as a number of 60 bits has.
    private static func size(_ digits: ArraySlice<UInt8>) -> Int? {
        guard (1...15).contains(digits.count) else { return nil }
        var size = 0
        for digit in digits {
            guard let value = Hex.value(of: digit) else { return nil }
            size = size << 4 | Int(value)
        }
        return size
    }

    /// One line after the last chunk: an empty one ends the body, or the last chunk, where trailers are still to
    /// come (SDKs differ).
    private mutating func readTrailer(_ line: [UInt8]) throws(S3Error) {
        guard line.isEmpty else { return try addTrailer(line) }
        if hasTrailers, trailers.isEmpty, !hasBlankAfterLastChunk {
            hasBlankAfterLastChunk = true
        } else {
            state = .end
        }
    }

    private mutating func addTrailer(_ line: [UInt8]) throws(S3Error) {
        guard hasTrailers, trailers.count < Self.maximumTrailerCount,
            let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0,
            let text = String(validating: line, as: UTF8.self),
            let end = text.utf8.firstIndex(of: UInt8(ascii: ":"))
        else { throw S3Error(.malformedTrailer) }
        let name = text[..<end].lowercased()
        let value = String(text[end...].dropFirst().trimmed)
        guard name == "x-amz-trailer-signature", chain != nil else {
            guard chain?.isClosed != true else { throw S3Error(.malformedTrailer) }
            return trailers.append((name, value))
        }
        try chain?.endTrailers(trailers, signature: Array(value.utf8))
    }

    /// Nothing follows the end but the line ends that some clients add.
    private mutating func skipAfterEnd(_ input: inout ByteBuffer) throws(S3Error) {
        bytesAfterEnd += input.readableBytes
        let isBlank = input.readableBytesView.allSatisfy { $0 == 0x0D || $0 == 0x0A }
        guard isBlank, bytesAfterEnd <= 4 else { throw .brokenFrames }
        input.moveReaderIndex(to: input.writerIndex)
    }
}

extension S3Error {
    fileprivate static var brokenFrames: S3Error {
        S3Error(.incompleteBody, "The request body terminated unexpectedly")
    }
}
