import Hummingbird
import S3Protocol

/// The fields of a form without files.
struct FormFields: Sendable {
    private let values: [String: String]

    /// Reads the body of a request.
    ///
    /// - Throws: `HTTPError` where it is no such form, or too long.
    init(_ request: Request, context: SiteContext) async throws {
        let type = request.headers[.contentType] ?? ""
        guard type.lowercased().hasPrefix("application/x-www-form-urlencoded") else {
            throw HTTPError(
                .unsupportedMediaType,
                message: "This is not the form that was asked for."
            )
        }
        let body = try await request.body.collect(upTo: context.maxUploadSize)
        var values: [String: String] = [:]
        for pair in String(buffer: body).split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            guard let name = parts.first.flatMap({ PercentCoding.decode($0, plusIsSpace: true) }),
                let value = PercentCoding.decode(parts.count > 1 ? parts[1] : "", plusIsSpace: true)
            else { throw HTTPError(.badRequest, message: "The form cannot be read.") }
            values[name] = value
        }
        self.values = values
    }

    subscript(name: String) -> String { values[name] ?? "" }
}

extension SecretToken {
    /// Refuses a form that another site made this browser send.
    ///
    /// - Throws: `HTTPError` with 403.
    func require(formToken: String?) throws {
        guard accepts(formToken: formToken) else {
            throw HTTPError(
                .forbidden,
                message:
                    "The form's token is missing or out of date. Go back, load the page again, and repeat."
            )
        }
    }
}
