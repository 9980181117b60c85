import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol

/// Stores the file of a browser's form as an object.
///
/// The pipeline has read the form up to its file, and made its fields the headers of the request: what
/// is left is a PutObject whose answer is one for browsers.
///
/// [POST Object](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html)
struct PostObject: Operation {
    static let route = Route(.POST, .bucket)
    static let action: Action = "s3:PutObject"
    static let encryptionUse = PutObject.encryptionUse

    private let request: S3Request
    private let put: PutObject
    /// Where the object is found by whoever knows the host that the form was sent to.
    private let location: String
    private let status: HTTPResponseStatus
    private let redirect: Redirect?

    init(_ request: S3Request) throws(S3Error) {
        self.request = request
        try Self.encryptionUse.check(request)
        var put = try PutObject(request)
        put.event = .createdByPost
        if let algorithm = try ChecksumParameters.algorithm(request) {
            let given = put.checksums.algorithm
            guard given == nil || given == algorithm else {
                throw S3Error(
                    .invalidRequest,
                    "Value for x-amz-checksum-algorithm header is invalid."
                )
            }
            if given == nil { put.checksums = put.checksums.computing(algorithm) }
        }
        // A form tags by a document, where a header does by a query.
        if let document = request.header("tagging") {
            put.tags = try Tags(document: ByteBuffer(string: document), of: .object)
        }
        self.put = put
        location = Self.location(request)
        // S3 answers 204 to any status that is not one of these.
        status =
            switch request.header("success_action_status") {
            case "200": .ok
            case "201": .created
            default: .noContent
            }
        redirect =
            (request.header("success_action_redirect") ?? request.header("redirect"))
            .flatMap(Redirect.init)
    }

    func run(in context: Context) async throws -> S3Response {
        // The router has seen the headers of the head, and these are the form's.
        try Ledger.refuseHeaders(of: request, isStrict: context.configuration.isStrict)
        let stored = try await put.run(in: context)
        var headers = stored.headers
        let etag = headers.first(name: "ETag") ?? ""
        if let redirect {
            let target = redirect.target(bucket: put.bucket, key: put.key, etag: etag)
            headers.add(name: "Location", value: target)
            return S3Response(.seeOther, headers: headers)
        }
        headers.add(name: "Location", value: location)
        guard status == .created else { return S3Response(status, headers: headers) }
        // This document alone has no namespace.
        let document = XMLWriter.document("PostResponse", namespaced: false) { xml in
            xml.element("Location", location)
            xml.element("Bucket", put.bucket)
            xml.element("Key", put.key)
            xml.element("ETag", etag)
        }
        return S3Response(status, headers: headers, xml: document)
    }

    /// The object's URL as S3 writes it: the key's slashes are encoded too.
    private static func location(_ request: S3Request) -> String {
        let scheme = request.http.isSecure ? "https" : "http"
        let host = request.headers.first(name: "host") ?? ""
        let folder = request.address.isVirtualHost ? "" : "/\(PercentCoding.encode(request.bucket))"
        return "\(scheme)://\(host)\(folder)/\(PercentCoding.encode(request.key))"
    }
}

extension PostObject {
    /// Where the browser is sent when the file is stored.
    struct Redirect: Sendable, Hashable {
        private let url: String

        /// Takes an absolute URL of the web; S3 answers as if there were none where it is another.
        init?(_ url: String) {
            let rest = ["http://", "https://"].lazy
                .filter { url.lowercased().hasPrefix($0) }
                .map { url.utf8.dropFirst($0.utf8.count) }
                .first
            guard let first = rest?.first, !"/?#".utf8.contains(first) else { return nil }
            self.url = url
        }

        /// The URL with what was stored added to its query, in the way of forms.
        func target(bucket: String, key: String, etag: String) -> String {
            let end = url.utf8.firstIndex(of: UInt8(ascii: "#")) ?? url.endIndex
            let page = url[..<end]
            let query = [("bucket", bucket), ("key", key), ("etag", etag)]
                .map { "\($0)=\(PercentCoding.encode($1).replacing("%20", with: "+"))" }
                .joined(separator: "&")
            return "\(page)\(page.contains("?") ? "&" : "?")\(query)\(url[end...])"
        }
    }
}
