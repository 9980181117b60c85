import NIOHTTP1
import ObjectStore
import S3Protocol

/// Stores a body as the object at a key, in place of what was there.
///
/// [PutObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html)
struct PutObject: Operation {
    static let route = Route(.PUT, .object)
    static let action: Action = "s3:PutObject"
    static let encryptionUse: EncryptionUse = [.target, .customerKey]

    let bucket: String
    let key: String
    let fields: [Field]
    var tags: Tags?
    let lock: LockHeaders
    let storageClass: String
    let encryption: EncryptionHeaders
    var checksums: ChecksumHeaders
    let conditions: WriteConditions
    let acl: ACLHeaders
    /// The event that it is: a form that is posted is another.
    var event = EventType.createdByPut

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        fields = try ObjectFields.read(request)
        tags = try Tags(header: request)
        lock = try LockHeaders(request)
        storageClass = try StorageClass.read(request)
        encryption = try EncryptionHeaders(request)
        checksums = try ChecksumHeaders(request)
        conditions = try WriteConditions(request)
        acl = try ACLHeaders(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        if tags != nil {
            try context.require(
                PutObjectTagging.action,
                onObject: key,
                in: bucket.name,
                asWriter: true
            )
        }
        let access = try context.ownership(of: key, in: bucket, asking: acl)
        let lock = try lock.resolve(key: key, in: bucket, context)
        if lock != .none { try checksums.require(forLocked: "Put Object") }
        // A condition that fails now spares the client the upload; it is checked again at the commit.
        if !conditions.isEmpty { try conditions.check(try context.store.object(key, in: bucket)) }
        let protection = try encryption.resolve(key: key, in: bucket, context)
        let content = try await context.payload.stage(
            in: context.store,
            promised: checksums,
            sealing: try await context.store.sealing(
                for: protection,
                customerKey: encryption.customerKey
            )
        )
        var new = NewObject(
            key: key,
            ownerID: access.owner,
            fields: fields,
            tags: tags?.list ?? [],
            storageClass: storageClass,
            checksum: content.checksum
        )
        new.acl = access.acl
        new.lock = lock
        new.encryption = protection
        let object = try await context.store.put(
            new,
            body: content.body,
            in: bucket,
            telling: try context.announcement(event, in: bucket)
        ) {
            try conditions.checkAgain($0)
        }
        var response = S3Response(headers: ["ETag": quoted(object.etag)])
        response.headers.addNewVersion(of: object, in: bucket)
        response.headers.addExpiration(of: object, in: bucket, context.store)
        response.headers.add(contentsOf: content.checksum.headers)
        response.headers.add(
            contentsOf: EncryptionHeaders.show(
                protection,
                encryption.customerKey,
                withContext: true
            )
        )
        return response
    }
}
