import Digests
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Makes an object out of another's content, with its metadata or with new.
///
/// Content that was put whole is shared, not copied: the new object refers to the same bytes. It is read only
/// for a checksum that nobody computed so far, and where it is to be encrypted in another way than its source, or
/// under a key that is not the store's own. Content that was put in parts is read too, since the copy's
/// entity tag is the MD5 of all of it, as it is on AWS.
///
/// [CopyObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)
struct CopyObject: Operation {
    static let route = Route(.PUT, .object, header: "x-amz-copy-source")
    static let action: Action = "s3:PutObject"
    static let encryptionUse: EncryptionUse = [.target, .customerKey, .sourceKey]

    let bucket: String
    let key: String
    let source: CopySource
    let replacesMetadata: Bool
    let fields: [Field]
    /// The copy's own tags; `nil` for those of its source.
    let tags: [Field]?
    let lock: LockHeaders
    let storageClass: String?
    let encryption: EncryptionHeaders
    let checksumAlgorithm: ChecksumAlgorithm?
    let conditions: WriteConditions
    let acl: ACLHeaders

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        source = try CopySource(request)
        replacesMetadata = try Self.replacesMetadata(request)
        fields = try ObjectFields.read(request)
        tags = try Self.tags(request)
        lock = try LockHeaders(request)
        storageClass =
            request.header("x-amz-storage-class") == nil ? nil : try StorageClass.read(request)
        encryption = try EncryptionHeaders(request)
        checksumAlgorithm = try ChecksumParameters.algorithm(request)
        conditions = try WriteConditions(request)
        acl = try ACLHeaders(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let destination = try context.bucket(bucket)
        let (copy, headers) = try await source.copied(in: context) { original in
            try check(original, to: destination, in: context)
            return try await self.copy(original, to: destination, context)
        }
        let document = XMLWriter.document("CopyObjectResult") { xml in
            xml.element("LastModified", ISO8601.format(copy.modified.wholeSeconds))
            xml.element("ETag", quoted(copy.etag))
            xml.checksum(copy.checksum)
        }
        var response = S3Response(headers: headers, xml: document)
        response.headers.addVersion(of: copy, in: destination)
        response.headers.addExpiration(of: copy, in: destination, context.store)
        response.headers.add(
            contentsOf: EncryptionHeaders.show(
                copy.encryption,
                encryption.customerKey,
                withContext: true
            )
        )
        return response
    }

    /// Whether this may be copied, and to here.
    private func check(
        _ original: StoredObject,
        to destination: Bucket,
        in context: Context
    ) throws {
        guard original.size <= Limits.singleUploadBytes else {
            throw S3Error(
                .invalidRequest,
                "The specified copy source is larger than the maximum allowable size for a copy "
                    + "source: \(Limits.singleUploadBytes)"
            )
        }
        try refuseCopyToItself(in: destination, context.store)
        if tags == nil, !original.tags.isEmpty {
            let action: Action =
                source.version == .latest ? GetObjectTagging.action : "s3:GetObjectVersionTagging"
            _ = try context.source(
                source.bucket,
                key: source.key,
                version: source.version,
                for: action
            )
        }
        if !(tags ?? original.tags).isEmpty {
            try context.require(
                PutObjectTagging.action,
                onObject: key,
                in: bucket,
                asWriter: true
            )
        }
    }

    private func copy(
        _ original: StoredObject,
        to destination: Bucket,
        _ context: Context
    ) async throws -> StoredObject {
        let access = try context.ownership(of: key, in: destination, asking: acl)
        var new = NewObject(
            key: key,
            ownerID: access.owner,
            fields: fields(from: original),
            tags: tags ?? original.tags,
            // A copy is STANDARD unless it says otherwise, whatever its source is.
            storageClass: storageClass ?? StorageClass.standard
        )
        let announcement = try context.announcement(.createdByCopy, in: destination)
        new.acl = access.acl
        new.lock = try lock.resolve(key: key, in: destination, context)
        new.encryption = try encryption.resolve(key: key, in: destination, context)
        let algorithm = checksumAlgorithm ?? original.checksum?.algorithm ?? .crc64nvme
        let sharesBytes =
            new.encryption == original.encryption && new.encryption?.showsMD5 ?? true
        if sharesBytes,
            let checksum = try context.store.knownChecksum(algorithm, of: original)
        {
            new.checksum = checksum
            return try await context.store.link(
                new,
                contentOf: original,
                in: destination,
                telling: announcement
            ) {
                try conditions.check($0)
            }
        }
        let body = try await context.store.restage(
            original,
            range: 0..<original.size,
            checksum: algorithm,
            customerKey: source.customerKey,
            sealing: try await context.store.sealing(
                for: new.encryption,
                customerKey: encryption.customerKey
            )
        )
        new.checksum = body.digests.checksum(algorithm)
        return try await context.store.put(
            new,
            body: body,
            in: destination,
            telling: announcement
        ) {
            try conditions.check($0)
        }
    }

    /// What the copy says about itself; where an object sends visitors is its own and is never copied.
    private func fields(from original: StoredObject) -> [Field] {
        guard !replacesMetadata else { return fields }
        return original.fields.filter { $0.name != WebsiteRedirect.header }
            + fields.filter { $0.name == WebsiteRedirect.header }
    }

    /// A copy to itself must name what is to change, though S3 does not look whether that is another than before; where
    /// the bucket has a configuration of encryption, that is taken for such a change.
    private func refuseCopyToItself(in destination: Bucket, _ store: Store) throws {
        guard source.bucket == bucket, source.key == key, source.version == .latest,
            !replacesMetadata, !encryption.isAsked, storageClass == nil,
            !fields.contains(where: { $0.name == WebsiteRedirect.header }),
            try BucketEncryption(of: destination, store) == nil
        else { return }
        throw S3Error(
            .invalidRequest,
            "This copy request is illegal because it is trying to copy an object to itself without "
                + "changing the object's metadata, storage class, website redirect location or "
                + "encryption attributes."
        )
    }

    /// The tags that a copy gets, where it is to have its own.
    private static func tags(_ request: S3Request) throws(S3Error) -> [Field]? {
        switch request.header("x-amz-tagging-directive") {
        case nil, "COPY": return nil
        case "REPLACE": return try Tags(header: request)?.list ?? []
        case let other?:
            throw S3Error(
                .invalidArgument,
                "Unknown tagging directive.",
                details: [
                    .init("ArgumentName", "x-amz-tagging-directive"),
                    .init("ArgumentValue", other),
                ]
            )
        }
    }

    private static func replacesMetadata(_ request: S3Request) throws(S3Error) -> Bool {
        switch request.header("x-amz-metadata-directive") {
        case nil, "COPY": return false
        case "REPLACE": return true
        case let other?:
            throw S3Error(
                .invalidArgument,
                "Unknown metadata directive.",
                details: [
                    .init("ArgumentName", "x-amz-metadata-directive"),
                    .init("ArgumentValue", other),
                ]
            )
        }
    }
}
