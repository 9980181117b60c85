public import NIOHTTP1
public import S3Protocol
import Signing

extension S3Client {
    /// How long a signed URL can be good for, in seconds: a week.
    public static let longestExpiry = 604_800

    /// A URL that lets whoever holds it make one request, until it expires; nothing is sent.
    ///
    /// It is signed with the credentials that were last found, or with those that can be found without waiting (given
    /// as values, in the environment, as a key in a profile). For all others call ``resolveCredentials()`` once before;
    /// they are found anew, beside, before they end. A URL is never good for longer than the credentials that signed it.
    ///
    /// - Parameters:
    ///   - method: What the holder does.
    ///   - bucket: The bucket.
    ///   - key: The key; `nil` for the bucket itself.
    ///   - query: More of the query, such as `response-content-disposition`.
    ///   - headers: Fields that the holder must send as they are given here.
    ///   - expires: How long it is good for, in seconds: 1 to ``longestExpiry``.
    ///   - moment: When it begins; `nil` for now.
    /// - Returns: The URL.
    /// - Throws: ``S3ClientError``.
    ///
    /// [Presigned URLs](https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html)
    public func presign(
        _ method: HTTPMethod,
        bucket: String,
        key: String?,
        query: [(name: String, value: String?)] = [],
        headers: HTTPHeaders = [:],
        expires: Int = 3600,
        at moment: Timestamp? = nil
    ) throws(S3ClientError) -> String {
        guard (1...Self.longestExpiry).contains(expires) else {
            throw S3ClientError(
                .configuration,
                message: "A signed URL cannot be good for \(expires) seconds.",
                advice: "Give 1 second to 604,800 (a week)."
            )
        }
        if let key { try Call.check(key: key) }
        guard let credential = try credentials.resolveNow() else {
            throw .credentials("A client without credentials signs no URL.")
        }
        let place = try endpoint.resolve(bucket: bucket, region: knowledge.region(of: bucket))
        var fields: HTTPHeaders = ["Host": place.host]
        fields.add(contentsOf: try headers.checked())
        let request = SignableRequest(
            method: method.rawValue,
            target: place.path(key: key) + Call.encode(query),
            headers: fields
        )
        return place.url
            + SignatureV4.presign(
                request,
                by: credential,
                region: place.region,
                expiresIn: expires,
                at: moment ?? signingTime
            )
    }

    /// The URL of an object that everybody may read.
    ///
    /// - Throws: ``S3ClientError`` for a name that no bucket has, and for an empty key.
    public func publicURL(bucket: String, key: String) throws(S3ClientError) -> String {
        try Call.check(key: key)
        let place = try endpoint.resolve(bucket: bucket, region: knowledge.region(of: bucket))
        return place.url + place.path(key: key)
    }
}
