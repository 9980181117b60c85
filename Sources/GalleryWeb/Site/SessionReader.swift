import HTTPTypes
import Hummingbird
import S3Protocol

/// Finds out who asks.
struct SessionReader: RouterMiddleware {
    typealias Context = SiteContext

    let sessions: Sessions
    let cookies: SiteCookies

    func handle(
        _ request: Request,
        context: SiteContext,
        next: @concurrent (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        guard let token = cookies.session(of: request) else {
            return try await next(request, context)
        }
        var context = context
        context.session = try await sessions.session(token)
        return try await next(request, context)
    }
}

/// Lets nobody pass who has not logged in.
struct LogInRequired: RouterMiddleware {
    typealias Context = SiteContext

    func handle(
        _ request: Request,
        context: SiteContext,
        next: @concurrent (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        guard context.session == nil else {
            var response = try await next(request, context)
            response.headers[.cacheControl] = "no-store"
            return response
        }
        guard request.method == .get || request.method == .head else {
            throw HTTPError(.forbidden, message: "Your session has ended. Log in and try again.")
        }
        return .seeOther("/admin/login/?next=\(PercentCoding.encode(request.uri.string))")
    }
}

extension Response {
    /// Sends the browser to another page, which it asks for with GET.
    static func seeOther(_ path: String) -> Response {
        Response(status: .seeOther, headers: [.location: path])
    }
}

/// Where to go after a log-in.
enum LocalPath {
    /// The path that was asked for, or `fallback` where it could lead to another site.
    ///
    /// Browsers read `//host` and `/\host` as other sites, and drop tabs and line ends from a URL.
    static func check(_ path: String?, orElse fallback: String) -> String {
        guard let path, path.hasPrefix("/"), !path.hasPrefix("//"),
            path.utf8.allSatisfy({ $0 > 0x20 && $0 < 0x7F && $0 != UInt8(ascii: "\\") })
        else { return fallback }
        return path
    }
}
