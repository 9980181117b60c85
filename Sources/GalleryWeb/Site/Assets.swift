import Digests
import HTTPTypes
import Hummingbird
import NIOCore
import S3Protocol

/// The site's own files, which are part of the program: style, scripts and icon.
struct Assets: Sendable {
    private let files: [String: File]
    /// Changes with any of the files; stands in their links, so that browsers may keep them for ever.
    let version: String

    private struct File: Sendable {
        let type: String
        let content: ByteBuffer
        let etag: String
    }

    init() {
        let named: [(name: String, type: String, bytes: [UInt8])] = [
            ("gallery.css", "text/css; charset=utf-8", PackageResources.gallery_css),
            ("gallery.js", "text/javascript; charset=utf-8", PackageResources.gallery_js),
            ("upload.js", "text/javascript; charset=utf-8", PackageResources.upload_js),
            ("icon.svg", "image/svg+xml", PackageResources.icon_svg),
        ]
        var all = HashFunction(.sha256)
        var files: [String: File] = [:]
        for (name, type, bytes) in named {
            all.update(bytes)
            let etag = Self.short(HashFunction.hash(.sha256, bytes))
            files[name] = File(type: type, content: ByteBuffer(bytes: bytes), etag: etag)
        }
        self.files = files
        version = Self.short(all.finalize())
    }

    private static func short(_ digest: [UInt8]) -> String { Hex.encode(digest.prefix(8)) }

    func respond(to request: Request, context: SiteContext) async throws -> Response {
        guard let file = files[try context.parameters.require("name")] else {
            throw HTTPError(.notFound)
        }
        let isVersioned = request.uri.query == "v=\(version)"
        let headers: HTTPFields = [
            .contentType: file.type, .eTag: "\"\(file.etag)\"",
            .cacheControl: isVersioned ? "public, max-age=31536000, immutable" : "public, no-cache",
        ]
        if request.headers[.ifNoneMatch].map({ ETagMatch($0).matches(file.etag) }) ?? false {
            return Response(status: .notModified, headers: headers)
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: file.content))
    }
}
