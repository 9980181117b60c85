import HTTPTypes
import Hummingbird

/// Tells browsers to trust a page with no more than it needs.
///
/// [OWASP: HTTP security response headers](https://cheatsheetseries.owasp.org/cheatsheets/HTTP_Headers_Cheat_Sheet.html)
struct SecurityHeaders: RouterMiddleware {
    typealias Context = SiteContext

    /// Scripts and styles are this site's own files alone; pictures may come from the storage, and `blob:` is the preview
    /// of one that is about to be uploaded.
    let contentPolicy: String

    init(mediaOrigin: String?) {
        let images = ["'self'", "blob:", mediaOrigin].compactMap(\.self).joined(separator: " ")
        contentPolicy =
            "default-src 'none'; script-src 'self'; style-src 'self'; img-src \(images); "
            + "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    }

    func handle(
        _ request: Request,
        context: SiteContext,
        next: @concurrent (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        var response = try await next(request, context)
        response.headers.setIfAbsent(.contentSecurityPolicy, contentPolicy)
        response.headers.setIfAbsent(.cacheControl, "private, no-cache")
        response.headers[.xContentTypeOptions] = "nosniff"
        response.headers[.xFrameOptions] = "DENY"
        response.headers[.referrerPolicy] = "same-origin"
        response.headers[.crossOriginOpenerPolicy] = "same-origin"
        return response
    }
}

extension HTTPFields {
    fileprivate mutating func setIfAbsent(_ name: HTTPField.Name, _ value: String) {
        if self[name] == nil { self[name] = value }
    }
}
