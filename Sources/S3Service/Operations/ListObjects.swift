import NIOHTTP1
import ObjectStore
import S3Protocol

/// Lists a bucket's objects, in the first form of the API.
///
/// [ListObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html)
struct ListObjects: Operation {
    static let route = Route(.GET, .bucket)
    static let action: Action = "s3:ListBucket"

    let bucket: String
    let parameters: ListParameters
    let attributes: OptionalObjectAttributes
    let marker: String

    init(_ request: S3Request) throws(S3Error) {
        try request.refuseListening()
        bucket = request.bucket
        parameters = try ListParameters(request)
        attributes = try OptionalObjectAttributes(request)
        marker = request.query["marker"] ?? ""
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let page = try await context.store.page(
            ListQuery(
                prefix: parameters.prefix,
                delimiter: parameters.delimiter,
                start: parameters.start(after: marker),
                limit: parameters.limit
            ),
            of: bucket
        )
        let owners = try ListedOwners(of: bucket, context)
        let document = XMLWriter.document(
            "ListBucketResult",
            capacity: 512 + page.objects.count * 480
        ) { xml in
            xml.element("Name", bucket.name)
            xml.element("Prefix", parameters.spell(parameters.prefix))
            xml.element("Marker", parameters.spell(marker))
            // Without a delimiter the last key says the same, and S3 leaves this out.
            if parameters.delimiter != nil {
                let next = page.isTruncated ? page.entries.last?.name : nil
                xml.element("NextMarker", ifPresent: next.map(parameters.spell))
            }
            xml.element("MaxKeys", parameters.limit)
            parameters.writeDelimiter(&xml)
            xml.element("IsTruncated", page.isTruncated)
            for object in page.objects {
                xml.contents(
                    object,
                    key: parameters.spell(object.key),
                    owner: owners[object.ownerID]
                ) { xml in
                    attributes.write(object, at: context.now, &xml)
                }
            }
            parameters.writeCommonPrefixes(page.commonPrefixes, &xml)
        }
        return S3Response(xml: document)
    }
}
