import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import Signing
import Synchronization

/// A request's body made ready: measured and hashed once, however often it is sent.
struct Payload: Sendable {
    /// What the signature says of it.
    let signing: PayloadSigning
    /// The headers that describe it.
    let headers: HTTPHeaders
    /// Its checksum, where it was computed before it is sent.
    let checksum: Checksum?
    private let body: RequestBody
    private let algorithm: ChecksumAlgorithm?
    private let failure = SourceFailure()

    /// Reads a body that can be read again, for its hashes.
    ///
    /// - Parameters:
    ///   - body: The body.
    ///   - check: What checks it; `nil` for none.
    ///   - isCovered: Whether the signature covers it: it need not where TLS protects it.
    /// - Throws: What the body throws where it cannot be read.
    init(_ body: RequestBody, check: UploadChecksum?, isCovered: Bool) async throws {
        self.body = body
        if body.isReplayable {
            let algorithm = check?.algorithm
            let digests = try await Self.digests(of: body, algorithm, withHash: isCovered)
            self.algorithm = nil
            checksum = algorithm.flatMap { algorithm in
                digests.checksum.map { Checksum(algorithm, .fullObject, $0) }
            }
            signing = digests.hash.map { .sha256($0) } ?? .unsigned
            var headers: HTTPHeaders = [:]
            headers.add(name: "Content-Length", value: String(body.length ?? 0))
            if let checksum {
                headers.add(name: checksum.algorithm.headerName, value: checksum.value)
            }
            self.headers = headers
        } else {
            let algorithm = (check ?? .crc64nvme).algorithm
            self.algorithm = algorithm
            checksum = nil
            signing = isCovered ? .streamingSignedTrailer : .streamingUnsignedTrailer
            headers = try ChunkedUpload.headers(length: body.length, algorithm, signing)
        }
    }

    /// The bytes that travel, from the start.
    func open(_ chunkSigning: ChunkSigning?) -> HTTPBody {
        guard let algorithm else {
            return body.length == 0 ? .empty : failure.watch(body.open())
        }
        let chunks = ChunkedUpload(
            failure.watch(body.open()),
            algorithm,
            signing,
            chunkSigning: chunkSigning
        )
        let length = headers.first(name: "Content-Length").flatMap { Int($0) }
        return HTTPBody(length: length) { try await chunks.next() }
    }

    /// Why the body could not be read, if that is what failed.
    var sourceFailure: (any Error)? { failure.error }

    private static func digests(
        of body: RequestBody,
        _ algorithm: ChecksumAlgorithm?,
        withHash: Bool
    ) async throws -> (checksum: String?, hash: String?) {
        let checksum = algorithm.map { RunningChecksum($0) }
        var hash = HashFunction(.sha256)
        if algorithm != nil || withHash {
            let pieces = body.open()
            while let piece = try await pieces.next() {
                checksum?.update(piece)
                if withHash { hash.update(piece.readableBytesView) }
            }
        }
        let digest = hash.finalize()
        return (checksum?.value, withHash ? Hex.encode(digest) : nil)
    }
}

/// Keeps what a body's source threw: a transport may tell it in words of its own.
private final class SourceFailure: Sendable {
    private let kept = Mutex<(any Error)?>(nil)

    var error: (any Error)? { kept.withLock { $0 } }

    func watch(_ body: HTTPBody) -> HTTPBody {
        HTTPBody(length: body.length) {
            do {
                return try await body.next()
            } catch {
                self.kept.withLock { $0 = error }
                throw error
            }
        }
    }
}
