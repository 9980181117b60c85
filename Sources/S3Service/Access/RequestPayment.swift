import NIOCore
import ObjectStore
import Policy
import S3Protocol

/// Who pays for requests to a bucket: its owner, or whoever makes them and says so.
///
/// [Requester Pays buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/RequesterPaysBuckets.html)
enum RequestPayment {
    /// The name of the setting in the store.
    static let setting = "requestPayment"
    private static let shape = DocumentShape.elements([
        .one("Payer", .word([requester, "BucketOwner"]))
    ])
    private static let requester = "Requester"

    /// Reads a document, and answers what is kept: the payer's name.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`.
    static func checked(_ body: ByteBuffer) throws(S3Error) -> [UInt8] {
        guard body.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let root = try XMLElement.parse(
            body.readableBytesView,
            root: "RequestPaymentConfiguration"
        )
        try shape.check(root)
        return Array((root["Payer"]?.trimmed ?? "").utf8)
    }

    /// Whether what is kept says that requesters pay.
    static func isRequester(_ stored: [UInt8]?) -> Bool {
        stored.map { String(decoding: $0, as: UTF8.self) == requester } ?? false
    }
}

extension Authorization {
    /// Whether it is the caller, and not the owner of a bucket, who pays for the request.
    func isCharged(for bucket: Bucket) throws -> Bool {
        try access.settings(of: bucket, store).requesterPays && caller.account.id != bucket.ownerID
    }

    /// Fails where the caller would have to pay, and has not said so or is nobody who could.
    ///
    /// - Throws: ``S3Error`` with `AccessDenied`.
    func requirePayer(of bucket: Bucket) throws {
        guard try isCharged(for: bucket) else { return }
        let name = "x-amz-request-payer"
        guard !caller.isAnonymous, (request.header(name) ?? request.query[name]) == "requester"
        else {
            throw S3Error(
                .accessDenied,
                logged: "in \(bucket.name) requesters pay, and this one has not said \(name)"
            )
        }
    }
}
