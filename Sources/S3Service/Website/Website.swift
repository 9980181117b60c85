import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import Signing

/// Serves buckets as websites: to anybody whom policies or lists let read, with pages for folders and for errors.
///
/// [Website endpoints](https://docs.aws.amazon.com/AmazonS3/latest/userguide/WebsiteEndpoints.html), docs/websites.md
struct Website: Sendable {
    let store: Store
    let access: AccessCache
    let configuration: ServiceConfiguration
    let announcer: Announcer

    /// An error, and what became of the page that was to be shown for it.
    struct Failure: Error {
        let error: S3Error
        var errorDocument: S3Error?
    }

    /// Answers a request to a website's host.
    ///
    /// - Throws: ``Failure`` or ``S3Error``, both of which are told as a page.
    func answer(
        _ request: S3Request,
        ids: RequestIDs,
        at now: Timestamp
    ) async throws -> HTTPResponse {
        guard request.method == .GET || request.method == .HEAD else {
            throw S3Error(
                .methodNotAllowed,
                details: [
                    .init("Method", request.method.rawValue), .init("ResourceType", "OBJECT"),
                ]
            )
        }
        guard !request.http.isSecure else {
            throw S3Error(.invalidRequest, "Website endpoints do not support HTTPS.")
        }
        guard !request.bucket.isEmpty else {
            return Self.redirect(301, to: "https://aws.amazon.com/s3/")
        }
        let bucket = try store.bucket(request.bucket)
        guard let site = try WebsiteConfiguration(of: bucket, in: store) else {
            throw S3Error(.noSuchWebsiteConfiguration, details: [.init("BucketName", bucket.name)])
        }
        if let redirect = site.redirectsAll {
            return Self.redirect(redirect.status, to: redirect.location(of: request))
        }
        if let redirect = Self.redirect(request, failedWith: nil, site) { return redirect }
        let visit = Visit(
            request: request,
            ids: ids,
            bucket: bucket,
            site: site,
            website: self,
            now: now
        )
        do {
            return try await visit.page()
        } catch let error as S3Error {
            if let redirect = Self.redirect(request, failedWith: error.code.status, site) {
                return redirect
            }
            return try await visit.page(for: error)
        }
    }

    static func redirect(_ status: Int, to location: String) -> HTTPResponse {
        HTTPResponse(
            status: HTTPResponseStatus(statusCode: status),
            headers: ["Location": location, "Content-Length": "0"]
        )
    }

    private static func redirect(
        _ request: S3Request,
        failedWith status: Int?,
        _ site: WebsiteConfiguration
    ) -> HTTPResponse? {
        let rule = site.rules.first { $0.applies(to: request.key, failedWith: status) }
        return rule.map {
            redirect(
                $0.redirect.status,
                to: $0.redirect.location(of: request, without: $0.prefix ?? "")
            )
        }
    }
}

/// One request to a website, and the objects that answer it.
private struct Visit {
    let request: S3Request
    let ids: RequestIDs
    let bucket: Bucket
    let site: WebsiteConfiguration
    let website: Website
    let now: Timestamp

    /// The object at the key, or the index of the folder that it is.
    func page() async throws -> HTTPResponse {
        let key = request.key
        guard !key.isEmpty, !key.hasSuffix("/") else { return try await object(key + site.index) }
        do {
            return try await object(key)
        } catch let error as S3Error
            where error.code == .noSuchKey || error.code == .accessDenied
        {
            guard try isFolder(key) else { throw error }
            return WebsitePage.folder("/\(PercentCoding.encode(key, keeping: .slashes))/")
        }
    }

    /// The website's own page for an error, with the error's status.
    func page(for error: S3Error) async throws -> HTTPResponse {
        guard let key = site.errorDocument, (400..<500).contains(error.code.status) else {
            throw Website.Failure(error: error)
        }
        do {
            var page = try await object(key, for: error)
            page.status = HTTPResponseStatus(statusCode: error.code.status)
            return page
        } catch let second as S3Error {
            throw Website.Failure(error: error, errorDocument: second)
        }
    }

    /// Whether nothing has the key, but a folder of its name has an index for everybody.
    private func isFolder(_ key: String) throws -> Bool {
        let index = "\(key)/\(site.index)"
        guard index.utf8.count <= Limits.keyBytes,
            try store.object(key, in: bucket).map(\.isDeleteMarker) ?? true,
            try store.object(index, in: bucket).map({ !$0.isDeleteMarker }) ?? false
        else { return false }
        let (_, authorization) = try asked(for: index)
        return try authorization.allows(
            GetObject.action,
            on: .object(bucket, key: index, .latest)
        )
    }

    private func object(_ key: String, for error: S3Error? = nil) async throws -> HTTPResponse {
        let (request, authorization) = try asked(for: key, unconditionally: error != nil)
        let target = Authorization.Target.object(bucket, key: key, .latest)
        try authorization.requirePayer(of: bucket)
        do {
            try authorization.require(GetObject.action, on: target)
        } catch let error as S3Error where error.code == .accessDenied {
            throw try authorization.refusal(error, GetObject.action, on: target)
        }
        let read: any Operation.Type = request.method == .HEAD ? HeadObject.self : GetObject.self
        let context = Context(
            authorization: authorization,
            payload: Payload(
                body: .empty,
                request: request,
                signing: .unsigned,
                chunkSigning: nil,
                isStrict: false
            ),
            configuration: website.configuration,
            target: bucket,
            operation: read.name,
            ids: ids,
            announcer: website.announcer,
            deletions: nil
        )
        let answer: S3Response
        do {
            answer = try await read.init(request).run(in: context)
        } catch let error as S3Error where error.code == .noSuchKey {
            throw try authorization.absence(error, of: key, in: bucket)
        }
        if error == nil, let location = answer.headers.first(name: WebsiteRedirect.header) {
            return Website.redirect(301, to: location)
        }
        return HTTPResponse(status: answer.status, headers: answer.headers, body: answer.body)
    }

    /// The request for another key of the bucket, by nobody that is known; a website takes no parameters.
    private func asked(
        for key: String,
        unconditionally: Bool = false
    ) throws -> (S3Request, Authorization) {
        var headers = request.headers
        headers.remove(name: "authorization")
        if unconditionally {
            for name in Self.conditions { headers.remove(name: name) }
        }
        let asked = try S3Request(request, key: key, headers: headers, query: Query(""))
        let authorization = Authorization(
            caller: .anonymous,
            request: asked,
            store: store,
            access: website.access,
            region: website.configuration.region,
            now: now
        )
        return (asked, authorization)
    }

    private static let conditions = [
        "if-match", "if-none-match", "if-modified-since", "if-unmodified-since", "range",
        "if-range",
    ]

    private var store: Store { website.store }
}
