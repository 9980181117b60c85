import NIOHTTP1
import ObjectStore
import S3Protocol

/// Begins an upload in parts.
///
/// [CreateMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html)
struct CreateMultipartUpload: Operation {
    static let route = Route(.POST, .object, query: ["uploads"])
    static let action: Action = "s3:PutObject"
    static let encryptionUse: EncryptionUse = [.target, .customerKey]

    let bucket: String
    let key: String
    let fields: [Field]
    let tags: Tags?
    let lock: LockHeaders
    let storageClass: String
    let encryption: EncryptionHeaders
    let algorithm: ChecksumAlgorithm?
    let type: ChecksumType?
    let acl: ACLHeaders

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        fields = try ObjectFields.read(request)
        tags = try Tags(header: request)
        lock = try LockHeaders(request)
        storageClass = try StorageClass.read(request)
        encryption = try EncryptionHeaders(request)
        algorithm = try ChecksumParameters.algorithm(request)
        type = try ChecksumParameters.type(request, of: algorithm)
        acl = try ACLHeaders(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let target = try context.bucket(bucket)
        if tags != nil {
            try context.require(
                PutObjectTagging.action,
                onObject: key,
                in: bucket,
                asWriter: true
            )
        }
        let access = try context.ownership(of: key, in: target, asking: acl)
        var object = NewObject(
            key: key,
            ownerID: access.owner,
            fields: fields,
            tags: tags?.list ?? [],
            storageClass: storageClass
        )
        object.acl = access.acl
        object.lock = try lock.resolve(key: key, in: target, context)
        object.encryption = try encryption.resolve(key: key, in: target, context)
        let new = NewUpload(object: object, checksumAlgorithm: algorithm, checksumType: type)
        let upload = try await context.store.createUpload(new, in: target)
        var headers = EncryptionHeaders.show(
            upload.encryption,
            encryption.customerKey,
            withContext: true
        )
        if let algorithm, let type {
            headers.add(name: "x-amz-checksum-algorithm", value: algorithm.rawValue)
            headers.add(name: "x-amz-checksum-type", value: type.rawValue)
        }
        headers.addAbort(of: upload, in: target, context.store)
        let document = XMLWriter.document("InitiateMultipartUploadResult") { xml in
            xml.element("Bucket", bucket)
            xml.element("Key", key)
            xml.element("UploadId", upload.id)
        }
        return S3Response(headers: headers, xml: document)
    }
}
