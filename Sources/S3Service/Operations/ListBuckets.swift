import NIOHTTP1
import ObjectStore
import S3Protocol

/// Lists the buckets of the caller's account, in pages where it is asked to.
///
/// [ListBuckets](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html)
struct ListBuckets: Operation {
    static let route = Route(.GET, .service)
    static let action: Action = "s3:ListAllMyBuckets"

    let prefix: String
    let region: String?
    let after: String?
    let limit: Int?

    init(_ request: S3Request) throws(S3Error) {
        try request.refuseListening()
        prefix = request.query["prefix"] ?? ""
        region = request.query.nonEmpty("bucket-region")
        limit = try request.number("max-buckets", in: 1...10_000)
        after = try ContinuationToken.read(request.query.nonEmpty("continuation-token"))
    }

    func run(in context: Context) async throws -> S3Response {
        // One more than the page, to know whether there is another.
        var buckets = try context.store.buckets(
            ownedBy: context.caller.account.id,
            prefix: prefix,
            after: after,
            limit: limit.map { $0 + 1 } ?? Int(Int32.max)
        )
        var next: String?
        if let limit, buckets.count > limit {
            buckets.removeLast(buckets.count - limit)
            next = buckets.last.map { ContinuationToken.write($0.name) }
        }
        if let region { buckets.removeAll { $0.region != region } }
        let owner = context.caller.account
        let document = XMLWriter.document("ListAllMyBucketsResult") { xml in
            xml.owner(owner)
            xml.element("Buckets") { xml in
                for bucket in buckets {
                    xml.element("Bucket") { xml in
                        xml.element("Name", bucket.name)
                        xml.element("CreationDate", ISO8601.format(bucket.created.wholeSeconds))
                        if limit != nil || region != nil || !prefix.isEmpty {
                            xml.element("BucketRegion", bucket.region)
                        }
                        xml.element("BucketArn", "arn:aws:s3:::\(bucket.name)")
                    }
                }
            }
            xml.element("ContinuationToken", ifPresent: next)
            if !prefix.isEmpty { xml.element("Prefix", prefix) }
        }
        return S3Response(xml: document)
    }
}
