import FoundationEssentials
import GalleryClient
import HTTPTypes
import Hummingbird
import NIOCore
import S3Protocol

/// The media files themselves, where they are in a folder of this machine.
struct MediaPages: Sendable {
    let storage: any MediaStorage
    /// The path before the files' names: `/media/`.
    let base: String

    /// How long browsers keep a picture without asking again, in seconds.
    private static let lifetime = 3600

    /// `GET /media/NAME`: a file, or a range of it.
    func file(_ request: Request, _ context: SiteContext) async throws -> Response {
        guard let name = name(in: request.uri.path), let file = try await stat(name) else {
            throw HTTPError(.notFound)
        }
        var headers = Self.headers(of: file)
        if request.headers[.ifNoneMatch].map({ ETagMatch($0).matches(file.etag) }) ?? false {
            return Response(status: .notModified, headers: headers)
        }
        guard let wanted = Self.range(of: request, in: file) else {
            return try await respond(.ok, headers, name, 0..<file.size, request)
        }
        guard let range = try? wanted.resolve(size: file.size) else {
            headers[.contentRange] = "bytes */\(file.size)"
            return Response(status: .rangeNotSatisfiable, headers: headers)
        }
        headers[.contentRange] = "bytes \(range.lowerBound)-\(range.upperBound - 1)/\(file.size)"
        return try await respond(.partialContent, headers, name, range, request)
    }

    /// The file that a path names, or `nil` where it could lead out of the folder; the storage checks it too.
    private func name(in path: String) -> String? {
        guard path.hasPrefix(base), let name = PercentCoding.decode(path.dropFirst(base.count)),
            !name.unicodeScalars.contains(where: { $0 == "\\" || $0.value < 0x20 }),
            name.split(separator: "/", omittingEmptySubsequences: false)
                .allSatisfy({ !["", ".", ".."].contains($0) })
        else { return nil }
        return name
    }

    private func stat(_ name: String) async throws -> MediaFile? {
        do {
            return try await storage.stat(name)
        } catch let error as StorageError where error.kind == .invalidName {
            return nil
        }
    }

    private func respond(
        _ status: HTTPResponse.Status,
        _ headers: HTTPFields,
        _ name: String,
        _ range: Range<Int64>,
        _ request: Request
    ) async throws -> Response {
        let length = Int(range.upperBound - range.lowerBound)
        guard request.method != .head, length > 0 else {
            let empty = ResponseBody(contentLength: length) { try await $0.finish(nil) }
            return Response(status: status, headers: headers, body: empty)
        }
        let reader = try await storage.open(name, range: range)
        let body = ResponseBody(contentLength: length) { writer in
            for try await piece in reader.body { try await writer.write(piece) }
            try await writer.finish(nil)
        }
        return Response(status: status, headers: headers, body: body)
    }

    private static func range(of request: Request, in file: MediaFile) -> ByteRange? {
        guard request.method == .get || request.method == .head else { return nil }
        if let condition = request.headers[.ifRange], condition != "\"\(file.etag)\"" { return nil }
        return request.headers[.range].flatMap { ByteRange.parse($0) }
    }

    private static func headers(of file: MediaFile) -> HTTPFields {
        let type = file.contentType.isEmpty ? "application/octet-stream" : file.contentType
        let modified = Timestamp(seconds: Int64(file.modified.timeIntervalSince1970))
        // What is neither picture nor film is never shown as a page of this site.
        let isShown = ["image/", "video/", "audio/"].contains { type.hasPrefix($0) }
        // A file is no page: it runs nothing and loads nothing. Browsers themselves style the page around a bare picture.
        return [
            .contentType: type, .eTag: "\"\(file.etag)\"", .acceptRanges: "bytes",
            .lastModified: HTTPDate.format(modified),
            .cacheControl: "public, max-age=\(lifetime)",
            .contentDisposition: isShown ? "inline" : "attachment",
            .contentSecurityPolicy: "default-src 'none'; style-src 'unsafe-inline'; sandbox",
        ]
    }
}
