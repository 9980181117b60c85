import NIOHTTP1
import S3Client
import S3Protocol

extension GalleryStorage {
    /// A URL under which a browser opens the file.
    ///
    /// Signed by version 4, unless a custom domain or `AWS_QUERYSTRING_AUTH` says otherwise for reading; what writes, and
    /// what changes the reply (``URLOptions/download``, ``URLOptions/contentType``), is always signed, for the
    /// bucket's own host. A signed URL is made with the credentials that are there: nothing is sent.
    ///
    /// - Throws: ``StorageError`` for a name that is none, a time beyond a week, or where there are no credentials.
    public func url(for name: String, options: URLOptions) throws -> String {
        let key = try key(name)
        let isReading = options.method == .get || options.method == .head
        let isPlain = isReading && options.download == nil && options.contentType == nil
        if isPlain, let domain = configuration.customDomain {
            let path = PercentCoding.encode(key, keeping: .slashes)
            return "\(configuration.urlScheme)://\(domain)/\(path)"
        }
        do {
            if isPlain && !configuration.signsURLs {
                return try signer.publicURL(bucket: bucket, key: key)
            }
            return try signer.presign(
                HTTPMethod(rawValue: options.method.rawValue),
                bucket: bucket,
                key: key,
                query: isReading ? Self.replyChanges(options) : [],
                headers: try Self.demands(options),
                expires: try lifetime(options.expires)
            )
        } catch let error as S3ClientError {
            throw StorageError(error)
        }
    }

    /// How long a URL is good for, in seconds.
    func lifetime(_ asked: Int?) throws(StorageError) -> Int {
        let seconds = asked ?? configuration.urlLifetime
        let allowed = BucketConfiguration.urlLifetimes
        guard allowed.contains(seconds) else {
            throw StorageError(
                .configuration,
                message: "A signed URL cannot be good for \(seconds) seconds.",
                advice: "Give \(allowed.lowerBound) to \(allowed.upperBound) (a week)."
            )
        }
        return seconds
    }

    /// What the reply to a signed request says instead of what is stored.
    ///
    /// [GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestParameters)
    private static func replyChanges(_ options: URLOptions) -> [(name: String, value: String?)] {
        var query: [(name: String, value: String?)] = []
        if let name = options.download {
            query.append(("response-content-disposition", HeaderText.attachment(name)))
        }
        if let type = options.contentType { query.append(("response-content-type", type)) }
        return query
    }

    /// What must be sent with a PUT.
    private static func demands(_ options: URLOptions) throws(StorageError) -> HTTPHeaders {
        guard options.method == .put, let type = options.contentType else { return [:] }
        guard HeaderText.isPlain(type) else {
            throw StorageError(
                .refused,
                message: "\(MediaName.quoted(type)) cannot be a media type."
            )
        }
        return ["Content-Type": type]
    }
}
