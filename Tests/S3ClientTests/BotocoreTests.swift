import Foundation
import HTTPMessage
import NIOHTTP1
import S3Client
import S3Protocol
import Signing
import TestSupport
import Testing

/// What botocore resolves and signs: see `Fixtures/client/make-client-vectors.py`.
@Suite struct BotocoreTests {
    @Test func `endpoints are those that botocore resolves`() throws {
        let cases = try Fixture<Endpoints>.read("endpoints").cases
        #expect(cases.count > 600)
        // Before an address botocore puts a bucket that has a dot, where no name can stand.
        for one in cases where !(one.url.contains("dots.127.") || one.url.contains("dots.[")) {
            let style = try #require(S3Endpoint.Addressing(rawValue: one.style))
            let endpoint = try S3Endpoint(
                region: one.region,
                url: one.endpoint,
                addressing: style
            )
            let place = try endpoint.resolve(bucket: one.bucket)
            let url = "\(place.url)\(place.pathPrefix)/a%20b/%C3%BC"
            #expect(url == one.url.withoutDefaultPort, "\(one)")
        }
    }

    @Test func `at least 500 requests and URLs are signed as botocore signs them`() throws {
        let vectors = try Fixture<Requests>.read("requests")
        #expect(vectors.cases.count >= 500)
        for one in vectors.cases {
            if one.kind == "url" {
                #expect(try one.presigned(by: vectors) == one.url.withoutDefaultPort, "\(one.url)")
            } else {
                let authorization = one.headers.first { $0[0] == "Authorization" }?[1]
                #expect(try one.authorization(by: vectors) == authorization, "\(one.url)")
            }
        }
    }

    @Test func `the path that the client sends is the one that botocore sends`() async throws {
        let vectors = try Fixture<Requests>.read("requests")
        for one in vectors.cases where one.kind == "header" {
            guard let key = one.key, one.method == "DELETE" || one.method == "HEAD" else {
                continue
            }
            let faulty = FaultyTransport(Unreachable()) { _, _ in
                .answer(.ok, ["ETag": "\"e\"", "Content-Length": "0"], "")
            }
            let client = try one.client(by: vectors, over: faulty)
            if one.method == "HEAD" {
                _ = try await client.headObject(bucket: "photos", key: key)
            } else {
                try await client.deleteObject(bucket: "photos", key: key)
            }
            let sent = try #require(faulty.sent.first)
            let scheme = sent.origin.isSecure ? "https" : "http"
            let url = "\(scheme)://\(sent.header("Host") ?? "")\(sent.request.target)"
            #expect(url == one.url.withoutDefaultPort)
        }
    }
}

private struct Endpoints: Decodable {
    let cases: [Case]

    struct Case: Decodable {
        let region: String
        let bucket: String
        let style: String
        let endpoint: String?
        let url: String
    }
}

private struct Requests: Decodable {
    let accessKey: String
    let secret: String
    let seconds: Int64
    let cases: [Case]

    struct Case: Decodable {
        let kind: String
        let region: String
        let style: String
        let endpoint: String?
        let token: String?
        let key: String?
        let method: String
        let url: String
        let headers: [[String]]
        let query: [[String]]?

        private func credential(_ vectors: Requests) -> Credential {
            Credential(
                accessKey: vectors.accessKey,
                secret: Secret(vectors.secret),
                sessionToken: token
            )
        }

        func client(by vectors: Requests, over transport: any HTTPTransport) throws -> S3Client {
            S3Client(
                endpoint: try S3Endpoint(
                    region: region,
                    url: endpoint,
                    addressing: S3Endpoint.Addressing(rawValue: style) ?? .auto
                ),
                credentials: StaticCredentials(credential(vectors)),
                transport: transport,
                time: ManualTime(Timestamp(seconds: vectors.seconds))
            )
        }

        func presigned(by vectors: Requests) throws -> String {
            try client(by: vectors, over: Unreachable()).presign(
                HTTPMethod(rawValue: method),
                bucket: "photos",
                key: key ?? "",
                query: (query ?? []).map { ($0[0], $0[1]) },
                headers: HTTPHeaders(headers.map { ($0[0], $0[1]) }),
                expires: 900
            )
        }

        /// The signature of botocore's own headers, made by our target.
        func authorization(by vectors: Requests) throws -> String? {
            let slashes = try #require(url.firstRange(of: "://"))
            let rest = url[slashes.upperBound...]
            let slash = rest.firstIndex { $0 == "/" || $0 == "?" } ?? rest.endIndex
            var fields: HTTPHeaders = ["Host": String(rest[..<slash])]
            for field in headers where field[0] != "Authorization" {
                fields.add(name: field[0], value: field[1])
            }
            let hash = fields.first(name: "X-Amz-Content-SHA256")
            return SignatureV4.sign(
                SignableRequest(method: method, target: String(rest[slash...]), headers: fields),
                by: credential(vectors),
                region: region,
                payload: try PayloadSigning(headerValue: hash),
                at: Timestamp(seconds: vectors.seconds)
            ).headers.first(name: "Authorization")
        }
    }
}

private enum Fixture<Document: Decodable> {
    static func read(_ name: String) throws -> Document {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Fixtures/client/\(name).json"))
        return try JSONDecoder().decode(Document.self, from: data)
    }
}

/// Leads nowhere: nothing may be sent.
struct Unreachable: HTTPTransport {
    func send(_ request: HTTPRequest, to origin: HTTPOrigin) async throws -> TransportResponse {
        throw FaultyTransport.ConnectionBroken()
    }
}

extension String {
    /// The URL as it is signed: a scheme's own port is not told.
    fileprivate var withoutDefaultPort: String {
        for (scheme, port) in [("https://", ":443"), ("http://", ":80")] where hasPrefix(scheme) {
            let rest = dropFirst(scheme.count)
            let slash = rest.firstIndex(of: "/") ?? rest.endIndex
            if rest[..<slash].hasSuffix(port) {
                return scheme + rest[..<slash].dropLast(port.count) + rest[slash...]
            }
        }
        return self
    }
}
