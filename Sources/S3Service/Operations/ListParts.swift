import NIOHTTP1
import ObjectStore
import S3Protocol

/// Lists the parts that an upload has so far.
///
/// [ListParts](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html)
struct ListParts: Operation {
    static let route = Route(.GET, .object, query: ["uploadId"])
    static let action: Action = "s3:ListMultipartUploadParts"
    static let encryptionUse: EncryptionUse = [.customerKey]

    let bucket: String
    let key: String
    let uploadID: String
    let marker: Int
    let limit: Int
    let customerKey: CustomerKey?

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        uploadID = request.query["uploadId"] ?? ""
        marker = try request.number("part-number-marker", in: 0...Int(Int32.max)) ?? 0
        let limit = try request.number("max-parts", in: 0...Int(Int32.max))
        self.limit = min(limit ?? Limits.listPage, Limits.listPage)
        customerKey = try CustomerKeyHeaders.read(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let upload = try context.store.upload(uploadID, key: key, in: bucket)
        if customerKey != nil { try upload.require(customerKey) }
        let page = try context.store.parts(of: upload, after: marker, limit: limit)
        let owner = try ListedOwners(of: bucket, context)[upload.ownerID]
        let document = XMLWriter.document("ListPartsResult") { xml in
            xml.element("Bucket", bucket.name)
            xml.element("Key", key)
            xml.element("UploadId", upload.id)
            xml.owner(owner, as: "Initiator")
            xml.owner(owner)
            xml.element("StorageClass", upload.storageClass)
            xml.element("PartNumberMarker", marker)
            xml.element("NextPartNumberMarker", page.parts.last?.number ?? 0)
            xml.element("MaxParts", limit)
            xml.element("IsTruncated", page.isTruncated)
            for part in page.parts {
                xml.element("Part") { xml in
                    xml.element("PartNumber", part.number)
                    xml.element("LastModified", ISO8601.format(part.modified.wholeSeconds))
                    xml.element("ETag", inQuotes: part.etag)
                    xml.element("Size", part.size)
                    if upload.checksumAlgorithm != nil {
                        xml.checksum(part.checksum, withType: false)
                    }
                }
            }
            xml.element("ChecksumAlgorithm", ifPresent: upload.checksumAlgorithm?.rawValue)
            xml.element("ChecksumType", ifPresent: upload.checksumType?.rawValue)
        }
        var response = S3Response(xml: document)
        response.headers.addAbort(of: upload, in: bucket, context.store)
        return response
    }
}
