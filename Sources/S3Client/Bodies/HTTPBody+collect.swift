import HTTPMessage
import NIOCore

extension HTTPBody {
    /// All of a small body.
    ///
    /// - Throws: ``S3ClientError`` of the kind ``S3ClientError/Kind/unexpectedResponse`` where it has more than `limit` bytes.
    func collect(upTo limit: Int) async throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let piece = try await next() {
            guard piece.readableBytes <= limit - bytes.count else {
                throw S3ClientError(
                    .unexpectedResponse,
                    message: "The reply has more than \(limit) bytes."
                )
            }
            bytes += piece.readableBytesView
        }
        return bytes
    }
}
