import HTTPMessage
import NIOCore
import S3Protocol

/// The bytes of an object as they arrive: counted, checked, and asked for again from where they were cut.
actor ObjectReader {
    /// Opens the object's remaining bytes from a position on.
    typealias Resume = @Sendable (_ position: Int64) async throws -> HTTPBody

    /// Cuts without a byte between them after which it is given up.
    static let fruitlessCuts = 3

    private var body: HTTPBody
    private let head: ObjectHead
    private let resume: Resume?
    private let checksum: RunningChecksum?
    private var position: Int64
    private var cuts = 0

    /// - Parameters:
    ///   - body: The bytes as they come.
    ///   - head: What was told of them.
    ///   - resume: Opens the rest after a cut; `nil` lets a cut be the end.
    init(_ body: HTTPBody, of head: ObjectHead, resume: Resume?) {
        self.body = body
        self.head = head
        self.resume = resume
        position = head.range.lowerBound
        // Only the whole has a checksum.
        let isWhole = head.range == 0..<head.size
        checksum = isWhole ? head.checksum.map { RunningChecksum($0.algorithm) } : nil
    }

    /// The next piece, or `nil` when all arrived and are what was stored.
    func next() async throws -> ByteBuffer? {
        while true {
            do {
                if let piece = try await body.next() {
                    try take(piece)
                    return piece
                }
                guard position < head.range.upperBound else {
                    try verify()
                    return nil
                }
                throw HTTPBodyError.connectionClosed
            } catch let error as S3ClientError {
                throw error
            } catch {
                try await goOn(after: error)
            }
        }
    }

    private func take(_ piece: ByteBuffer) throws(S3ClientError) {
        position += Int64(piece.readableBytes)
        guard position <= head.range.upperBound else {
            throw corrupted("More bytes arrived than the object has.")
        }
        checksum?.update(piece)
        cuts = 0
    }

    private func verify() throws(S3ClientError) {
        guard let checksum, let stored = head.checksum else { return }
        let arrived = checksum.value
        guard arrived == stored.value else {
            let name = stored.algorithm.rawValue
            throw corrupted("The bytes have the \(name) \(arrived), and \(stored.value) is stored.")
        }
    }

    private func goOn(after error: any Error) async throws {
        try Task.checkCancellation()
        cuts += 1
        guard let resume, cuts <= Self.fruitlessCuts else {
            throw S3ClientError(
                .connection,
                operation: "GetObject",
                message: "The object was cut off after \(position) of its bytes: \(error).",
                advice: "Read it again."
            )
        }
        body = try await resume(position)
    }

    private func corrupted(_ message: String) -> S3ClientError {
        S3ClientError(
            .corrupted,
            operation: "GetObject",
            message: message,
            advice: "Use nothing of it; read it again."
        )
    }
}
