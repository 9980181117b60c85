import S3Protocol

/// Where an object sends whoever asks for it at a website.
///
/// [Redirecting requests for an object](https://docs.aws.amazon.com/AmazonS3/latest/userguide/how-to-page-redirect.html#redirect-requests-object-metadata)
enum WebsiteRedirect {
    /// The header that sets it and tells it, and the name of the field that an object has.
    static let header = "x-amz-website-redirect-location"
    /// How long it may be in bytes, as S3 has it.
    static let length = 2048

    /// The place that a write asks for, if it does.
    ///
    /// - Throws: ``S3Error`` with `InvalidRedirectLocation`.
    static func read(_ request: S3Request) throws(S3Error) -> String? {
        guard let location = request.header(header) else { return nil }
        guard ["/", "http://", "https://"].contains(where: { location.hasPrefix($0) }) else {
            throw S3Error(.invalidRedirectLocation)
        }
        guard location.utf8.count <= length, ObjectFields.isHeaderValue(location) else {
            throw S3Error(
                .invalidRedirectLocation,
                "The length of website redirect location cannot exceed \(length) characters."
            )
        }
        return location
    }
}
