import HTTPMessage
import NIOHTTP1

/// How a request is signed, as its head tells.
public enum SignatureKind: String, Sendable, Hashable, CaseIterable {
    /// Version 4 in a header, with the hash of the body, or without one.
    case v4Header = "v4-header"
    /// Version 4 in a header, and the body in chunks with signatures or trailers of their own.
    case v4Streaming = "v4-streaming"
    /// Version 4 in the query.
    case v4Query = "v4-query"
    /// Version 2 in a header.
    case v2Header = "v2-header"
    /// Version 2 in the query.
    case v2Query = "v2-query"
    /// An upload form, which is signed in its fields or not at all.
    case form
    /// Not signed.
    case none

    /// Reads a request's head.
    init(_ request: HTTPRequest) {
        let authorization = request.headers.first(name: "authorization") ?? ""
        let query =
            request.target.utf8.split(separator: UInt8(ascii: "?"), maxSplits: 1)
            .dropFirst().first.map { String(Substring($0)) } ?? ""
        let names = query.utf8.split(separator: UInt8(ascii: "&"))
            .map { String(Substring($0.prefix { $0 != UInt8(ascii: "=") })) }
        let type = request.headers.first(name: "content-type")?.lowercased() ?? ""
        if authorization.hasPrefix("AWS4-") {
            let content = request.headers.first(name: "x-amz-content-sha256") ?? ""
            self = content.hasPrefix("STREAMING-") ? .v4Streaming : .v4Header
        } else if authorization.hasPrefix("AWS ") {
            self = .v2Header
        } else if names.contains("X-Amz-Signature") {
            self = .v4Query
        } else if names.contains("Signature") {
            self = .v2Query
        } else {
            let isForm = request.method == .POST && type.hasPrefix("multipart/form-data")
            self = isForm ? .form : .none
        }
    }
}
