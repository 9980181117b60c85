import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol

/// Pail's own paths, which are nobody's keys: `/_pail/`, and only where the host names no bucket.
enum OwnPaths {
    /// The answer to a request for one of them, or `nil` for a request that is S3's.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied` for everything but the health check.
    static func answer(
        _ http: HTTPRequest,
        _ addressing: Addressing
    ) throws(S3Error) -> HTTPResponse? {
        guard http.target.utf8.starts(with: "/_pail/".utf8),
            try addressing.bucket(host: http.headers.first(name: "host") ?? "") == nil
        else { return nil }
        guard http.target == "/_pail/health" else { throw S3Error(.accessDenied) }
        guard http.method == .GET || http.method == .HEAD else { throw S3Error(.methodNotAllowed) }
        return HTTPResponse(
            headers: ["Content-Type": "text/plain"],
            body: http.method == .HEAD ? .empty : .bytes(ByteBuffer(string: "ok\n"))
        )
    }
}
