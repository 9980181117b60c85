import GalleryClient
import HTTPTypes
import Hummingbird
import Logging

/// Answers requests that failed, each with a page that says why; the one place that does.
struct ErrorPages: RouterMiddleware {
    typealias Context = SiteContext

    let site: Site

    func handle(
        _ request: Request,
        context: SiteContext,
        next: @concurrent (Request, SiteContext) async throws -> Response
    ) async throws -> Response {
        do {
            return try await next(request, context)
        } catch let error as HTTPError {
            return try page(error.status, error.body, advice: nil, request, context)
        } catch let error as StorageError {
            context.logger.error("The storage failed: \(error)")
            let status = HTTPResponse.Status.badGateway
            // What the storage said is for whoever keeps the gallery.
            let isKeeper = context.session != nil
            let text = isKeeper ? error.message : "The pictures cannot be reached at the moment."
            return try page(status, text, advice: isKeeper ? error.advice : nil, request, context)
        } catch {
            context.logger.error("A request failed: \(error)")
            return try page(.internalServerError, nil, advice: nil, request, context)
        }
    }

    private func page(
        _ status: HTTPResponse.Status,
        _ text: String?,
        advice: String?,
        _ request: Request,
        _ context: SiteContext
    ) throws -> Response {
        let text = text ?? Self.words[status.code] ?? status.reasonPhrase
        if request.wantsJSON {
            return try JSONReply(["errors": ["request": text]], status: status)
                .response(request, context)
        }
        let heading = Self.headings[status.code] ?? status.reasonPhrase
        let view = ErrorView(
            page: site.frame("\(heading) – Gallery", context.session),
            code: status.code,
            heading: heading,
            text: text,
            advice: advice.flatMap { $0.isEmpty ? nil : $0 }
        )
        return site.renderer.response(.error, view, status: status)
    }

    private static let headings = [
        403: "This is not allowed", 404: "There is nothing here", 413: "This is too large",
        500: "Something went wrong", 502: "The storage does not answer as it should",
    ]
    private static let words = [
        404: "The page may have been moved or deleted.",
        413: "Less than this was expected.",
        500: "The gallery's log says what. Trying again may help.",
    ]
}
