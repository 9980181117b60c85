import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing

/// A request's body: read through its framing, counted, hashed, and held to every promise made for it.
struct Payload: Sendable {
    /// The body as it arrives.
    let body: HTTPBody
    /// The request whose headers make the promises.
    let request: S3Request
    /// How the signature covers the body, or how the body of an unsigned request came.
    let signing: PayloadSigning
    /// What signed chunks are verified with.
    let chunkSigning: ChunkSigning?
    let isStrict: Bool
    /// How long the content of an object may be.
    var sizes = ContentLengthRange()

    /// Bodies up to this size are hashed and kept where the request runs, larger ones on a worker: 64
    /// KiB take about as long to hash as a hand-over to another thread and back.
    private static let smallBodyBytes: Int64 = 64 << 10

    /// The length of the content, without framing, where it was announced.
    private var length: Int64? {
        get throws(S3Error) {
            guard isFramed else { return body.length.map(Int64.init) }
            guard let text = request.header("x-amz-decoded-content-length"),
                let length = Int64(text), length >= 0
            else { throw S3Error(.missingContentLength) }
            return length
        }
    }

    private var isFramed: Bool { signing.isStreaming }

    /// Reads a body to become an object's or a part's content: staged, and visible to nobody yet.
    ///
    /// - Parameters:
    ///   - store: Where it is staged.
    ///   - promised: The promises made for it.
    ///   - sealing: The keys to encrypt it with; `nil` where it is to be clear.
    /// - Returns: The content, which has kept its promises.
    /// - Throws: ``S3Error`` with `MissingContentLength`, `EntityTooLarge`, `IncompleteBody`,
    ///   `RequestTimeout`, or the digest's own error where a promise was not kept.
    func stage(
        in store: Store,
        promised: ChecksumHeaders,
        sealing: Sealing? = nil
    ) async throws -> StagedContent {
        guard body.length != 0 || request.headers.contains(name: "content-length") else {
            throw S3Error(.missingContentLength)
        }
        if isStrict, body.length == nil, !isFramed {
            throw S3Error(.notImplemented, details: [.init("Header", "Transfer-Encoding")])
        }
        let length = try length
        guard length ?? 0 <= Limits.singleUploadBytes else { throw Self.tooLarge(length) }
        guard length ?? .max > Self.smallBodyBytes else {
            return try await fill(store, length, promised, sealing)
        }
        return try await withTaskExecutorPreference(store.workers) {
            try await fill(store, length, promised, sealing)
        }
    }

    private func fill(
        _ store: Store,
        _ length: Int64?,
        _ promised: ChecksumHeaders,
        _ sealing: Sealing?
    ) async throws -> StagedContent {
        let staged = store.stage(
            sizeHint: length,
            checksums: algorithms(promised),
            sealing: sealing
        )
        let trailer = try await read(limit: Limits.singleUploadBytes) { piece in
            try sizes.checkProgress(staged.size + Int64(piece.readableBytes))
            try staged.append(piece)
        }
        let content = try staged.finish()
        try sizes.checkWhole(content.size)
        let checksum = try promised.verify(content.digests, trailer: trailer)
        try verifySHA256(content.digests.sha256)
        return StagedContent(body: content, checksum: checksum)
    }

    /// Reads a body that is a document, whole.
    ///
    /// - Parameter promised: the promises made for it; by default those in the request's headers.
    /// - Returns: the document's bytes.
    /// - Throws: ``S3Error`` as ``stage(in:promised:sealing:)``, and `MaxMessageLengthExceeded`.
    func document(promised: ChecksumHeaders? = nil) async throws -> ByteBuffer {
        let promised = try promised ?? ChecksumHeaders(request)
        guard try length ?? 0 <= Int64(Limits.documentBytes) else {
            throw S3Error(.maxMessageLengthExceeded)
        }
        var document = ByteBuffer()
        let trailer: [(name: String, value: String)]
        do {
            trailer = try await read(limit: Int64(Limits.documentBytes)) {
                document.writeImmutableBuffer($0)
            }
        } catch let error as S3Error where error.code == .entityTooLarge {
            throw S3Error(.maxMessageLengthExceeded)
        }
        let digests = BodyDigests(of: document, algorithms(promised))
        _ = try promised.verify(digests, trailer: trailer)
        try verifySHA256(digests.sha256)
        return document
    }

    /// Hands the content on, piece by piece, without its framing; answers the trailer.
    private func read(
        limit: Int64,
        _ consume: (ByteBuffer) throws -> Void
    ) async throws -> [(name: String, value: String)] {
        var count: Int64 = 0
        func take(_ piece: ByteBuffer) throws {
            count += Int64(piece.readableBytes)
            guard count <= limit else { throw Self.tooLarge(count) }
            try consume(piece)
        }
        do {
            guard isFramed else {
                while let piece = try await body.next() { try take(piece) }
                return []
            }
            var decoder = try ChunkedPayload(
                signing,
                chunkSigning: chunkSigning,
                decodedLength: try length.flatMap(Int.init(exactly:)),
                minimumChunk: isStrict ? ChunkedPayload.smallestChunk : 0
            )
            while var input = try await body.next() {
                while let piece = try decoder.read(&input) { try take(piece) }
            }
            let trailer = try decoder.finish()
            try requireAnnounced(trailer)
            return trailer
        } catch let error as HTTPBodyError {
            throw S3Error(error)
        }
    }

    /// Fails for a trailer that no header announced: nobody would hold the body to it.
    private func requireAnnounced(_ trailer: [(name: String, value: String)]) throws(S3Error) {
        let announced = request.header("x-amz-trailer")?.trimmingSpaces.lowercased()
        guard trailer.allSatisfy({ $0.name == announced }) else {
            throw S3Error(.malformedTrailer)
        }
    }

    private func algorithms(_ promised: ChecksumHeaders) -> Set<ChecksumAlgorithm> {
        var algorithms: Set<ChecksumAlgorithm> = promised.algorithm.map { [$0] } ?? []
        if signing.isSHA256 { algorithms.insert(.sha256) }
        return algorithms
    }

    private func verifySHA256(_ computed: [UInt8]?) throws(S3Error) {
        guard case .sha256(let promised) = signing, let computed else { return }
        let hex = Hex.encode(computed)
        guard hex == promised.lowercased() else {
            throw S3Error(
                .contentSHA256Mismatch,
                details: [
                    .init("ClientComputedContentSHA256", promised),
                    .init("S3ComputedContentSHA256", hex),
                ]
            )
        }
    }

    private static func tooLarge(_ size: Int64?) -> S3Error {
        S3Error(
            .entityTooLarge,
            details: [
                .init("ProposedSize", String(size ?? 0)),
                .init("MaxSizeAllowed", String(Limits.singleUploadBytes)),
            ]
        )
    }
}

/// Content that is staged and has kept its promises.
struct StagedContent {
    let body: StagedBody.Finished
    /// The checksum to store with it.
    let checksum: Checksum
}

extension S3Error {
    /// What a client is told of a body that did not arrive.
    init(_ error: HTTPBodyError) {
        self.init(error == .stalled ? .requestTimeout : .incompleteBody)
    }
}

extension PayloadSigning {
    var isSHA256: Bool {
        if case .sha256 = self { true } else { false }
    }
}
