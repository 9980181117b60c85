import HTTPServer
import S3Protocol

extension S3Error {
    /// How S3 words what the server refused by the protocol alone.
    init(_ refusal: HTTPRefusal) {
        self =
            switch refusal {
            case .malformed:
                S3Error(.badRequest, "An error occurred when parsing the HTTP request.")
            case .ambiguousFraming:
                S3Error(.badRequest, "The request has more than one length: it was not read.")
            case .badHost: S3Error(.badRequest, "The request needs exactly one Host header.")
            case .unsupportedTarget: S3Error(.invalidURI)
            case .unsupportedVersion:
                S3Error(.notImplemented, "Only HTTP/1.0 and HTTP/1.1 are spoken here.")
            case .headersTooLarge: S3Error(.requestHeaderSectionTooLarge)
            case .headerTimeout: S3Error(.requestTimeout)
            case .tooManyWaiting: S3Error(.slowDown)
            case .unusableResponse: S3Error(.internalError)
            }
    }
}
