import NIOHTTP1
import S3Protocol
public import Signing

/// A form that a browser may send to a bucket.
public struct SignedForm: Sendable {
    /// Where to.
    public let url: String
    /// The fields that sign it, to be sent beside those that the conditions name, before the file.
    public let fields: [(name: String, value: String)]
}

extension S3Client {
    /// Signs a form that uploads a file from a browser.
    ///
    /// - Parameters:
    ///   - bucket: The bucket; the condition on it is added.
    ///   - conditions: What every field of the form, and the file, must be.
    ///   - expires: How long the form is good for, in seconds: 1 to ``longestExpiry``.
    /// - Returns: Where to send the form, and the fields that sign it.
    /// - Throws: ``S3ClientError``.
    ///
    /// [POST policy](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html)
    public func signForm(
        bucket: String,
        conditions: [PostPolicy.Condition],
        expires: Int
    ) async throws -> SignedForm {
        guard (1...Self.longestExpiry).contains(expires) else {
            throw S3ClientError(
                .configuration,
                message: "A signed form cannot be good for \(expires) seconds.",
                advice: "Give 1 second to 604,800 (a week)."
            )
        }
        guard let credential = try await credentials.resolve() else {
            throw S3ClientError.credentials("A client without credentials signs no form.")
        }
        let place = try endpoint.resolve(bucket: bucket, region: knowledge.region(of: bucket))
        let now = signingTime
        let policy = PostPolicy(
            conditions: [.equals(field: "bucket", value: bucket)] + conditions,
            expiration: now.advanced(bySeconds: Int64(expires))
        )
        return SignedForm(
            url: place.url + place.path(key: nil),
            fields: policy.sign(by: credential, region: place.region, at: now)
        )
    }
}
