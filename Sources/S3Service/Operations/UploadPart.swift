import NIOHTTP1
import ObjectStore
import S3Protocol

/// Stores a body as one part of an upload, in place of a part of that number that was there.
///
/// [UploadPart](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html)
struct UploadPart: Operation {
    static let route = Route(.PUT, .object, query: ["partNumber", "uploadId"])
    static let action: Action = "s3:PutObject"
    static let encryptionUse: EncryptionUse = [.customerKey]

    let part: PartAddress
    let checksums: ChecksumHeaders
    let customerKey: CustomerKey?

    init(_ request: S3Request) throws(S3Error) {
        part = try PartAddress(request)
        checksums = try ChecksumHeaders(request)
        customerKey = try CustomerKeyHeaders.read(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(part.bucket)
        let upload = try context.store.upload(part.uploadID, key: part.key, in: bucket)
        let promised = try checksums.matching(upload)
        if try upload.isLocked(in: bucket, context.store) {
            try checksums.require(forLocked: "Put Part")
        }
        try upload.require(customerKey)
        try context.requireProtection(for: upload.encryption)
        let content = try await context.payload.stage(
            in: context.store,
            promised: promised,
            sealing: try await context.store.sealing(
                for: upload.encryption,
                customerKey: customerKey,
                partOf: upload
            )
        )
        let stored = try await context.store.putPart(
            part.number,
            of: upload,
            body: content.body,
            in: bucket,
            checksum: content.checksum
        )
        var headers: HTTPHeaders = ["ETag": quoted(stored.etag)]
        // A part that nobody asked a checksum of shows none.
        if promised.algorithm != nil {
            headers.add(name: content.checksum.algorithm.headerName, value: content.checksum.value)
        }
        headers.add(contentsOf: EncryptionHeaders.show(upload.encryption, customerKey))
        return S3Response(headers: headers)
    }
}

extension Upload {
    /// Whether what it becomes will be locked, by its own headers or by its bucket.
    fileprivate func isLocked(in bucket: Bucket, _ store: Store) throws -> Bool {
        guard lock == .none, bucket.versioning == .enabled else { return lock != .none }
        return try LockConfiguration(of: bucket, store)?.retention != nil
    }
}

extension ChecksumHeaders {
    /// The promises for a part, with the upload's algorithm computed where the part names none.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` where the part and its upload disagree.
    fileprivate func matching(_ upload: Upload) throws(S3Error) -> ChecksumHeaders {
        guard let expected = upload.checksumAlgorithm else { return self }
        guard let algorithm else { return computing(expected) }
        guard algorithm == expected else {
            throw S3Error(
                .invalidRequest,
                "Checksum Type mismatch occurred, expected checksum Type: "
                    + "\(expected.rawValue.lowercased()), actual checksum Type: "
                    + "\(algorithm.rawValue.lowercased())"
            )
        }
        return self
    }
}
