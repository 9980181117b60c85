import HTTPMessage
import NIOHTTP1
import ObjectStore
import S3Protocol

/// What a browser asks before, and is told with, a request that a page from elsewhere makes.
///
/// Both need no signature: a preflight cannot carry one, and a page must be able to read an error.
///
/// [Testing CORS](https://docs.aws.amazon.com/AmazonS3/latest/userguide/testing-cors.html)
struct CrossOrigin: Sendable {
    let store: Store

    /// Answers a preflight.
    ///
    /// - Throws: ``S3Error`` with `BadRequest` for what is no preflight, `AccessForbidden` where the bucket
    ///   has no rules or none of them fits.
    func preflight(_ request: S3Request) throws -> HTTPResponse {
        guard let origin = request.header("origin") else {
            throw S3Error(.badRequest, "Insufficient information. Origin request header needed.")
        }
        let method = request.header("access-control-request-method")
        guard let method, Self.methods.contains(method) else {
            throw S3Error(
                .badRequest,
                "Invalid Access-Control-Request-Method: \(method ?? "null")"
            )
        }
        let details: [S3Error.Detail] = [
            .init("Method", method),
            .init("ResourceType", request.level == .object ? "OBJECT" : "BUCKET"),
        ]
        guard let bucket = try? store.bucket(request.bucket) else {
            throw S3Error(.accessForbidden, "CORSResponse: Bucket not found", details: details)
        }
        guard let configuration = try CORSConfiguration(of: bucket, in: store) else {
            throw S3Error(.accessForbidden, details: details)
        }
        let requested = request.headers[canonicalForm: "access-control-request-headers"]
            .map(String.init).filter { !$0.isEmpty }
        guard let found = configuration.rule(for: origin, method, headers: requested) else {
            throw S3Error(.accessForbidden, Self.notAllowed, details: details)
        }
        let headers = found.rule.headers(
            origin: origin,
            pattern: found.pattern,
            requested: requested
        )
        return HTTPResponse(status: .ok, headers: headers)
    }

    /// The headers of the reply to a request of a page from elsewhere; none where no rule lets it see one.
    func headers(for http: HTTPRequest, bucket name: String) -> HTTPHeaders {
        // Browsers name a method in preflights alone; who names one in a request means that one.
        let asked = http.headers.first(name: "access-control-request-method")
        guard !name.isEmpty, http.method != .OPTIONS,
            let origin = http.headers.first(name: "origin"), !origin.isEmpty,
            let bucket = try? store.bucket(name),
            let configuration = try? CORSConfiguration(of: bucket, in: store),
            let found = configuration.rule(for: origin, asked ?? http.method.rawValue)
        else { return [:] }
        return found.rule.headers(origin: origin, pattern: found.pattern)
    }

    private static let methods = ["GET", "PUT", "HEAD", "POST", "DELETE"]

    private static let notAllowed = """
        CORSResponse: This CORS request is not allowed. This is usually because the evalution of Origin, \
        request method / Access-Control-Request-Method or Access-Control-Request-Headers are not \
        whitelisted by the resource's CORS spec.
        """
}
