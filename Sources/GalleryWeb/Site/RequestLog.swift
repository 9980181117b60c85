import Hummingbird
import Logging

/// Writes one line a request, once its answer is known.
struct RequestLog: RouterMiddleware {
    typealias Context = SiteContext

    func handle(
        _ request: Request,
        context: SiteContext,
        next: @concurrent (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        let response = try await next(request, context)
        // A query may hold what is nobody's business, and the path says enough.
        context.logger.info(
            "\(request.method.rawValue) \(request.uri.path) \(response.status.code)"
        )
        return response
    }
}
