import NIOHTTP1
import ObjectStore
import S3Protocol

/// Stores another object's content, or a range of it, as one part of an upload.
///
/// What is one file on disk is shared, as CopyObject does it; any other range is read.
///
/// [UploadPartCopy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html)
struct UploadPartCopy: Operation {
    static let route = Route(
        .PUT,
        .object,
        query: ["partNumber", "uploadId"],
        header: "x-amz-copy-source"
    )
    static let action: Action = "s3:PutObject"
    static let encryptionUse: EncryptionUse = [.customerKey, .sourceKey]

    let part: PartAddress
    let source: CopySource
    let range: (first: Int64, last: Int64)?
    let customerKey: CustomerKey?

    init(_ request: S3Request) throws(S3Error) {
        part = try PartAddress(request)
        source = try CopySource(request)
        range = try Self.range(request)
        customerKey = try CustomerKeyHeaders.read(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(part.bucket)
        let upload = try context.store.upload(part.uploadID, key: part.key, in: bucket)
        try upload.require(customerKey)
        try context.requireProtection(for: upload.encryption)
        let (stored, headers) = try await source.copied(in: context) { original in
            try await copy(original, to: upload, in: bucket, context.store)
        }
        let document = XMLWriter.document("CopyPartResult") { xml in
            xml.element("LastModified", ISO8601.format(stored.modified.wholeSeconds))
            xml.element("ETag", quoted(stored.etag))
            if upload.checksumAlgorithm != nil { xml.checksum(stored.checksum, withType: false) }
        }
        var response = S3Response(headers: headers, xml: document)
        response.headers.add(
            contentsOf: EncryptionHeaders.show(upload.encryption, customerKey)
        )
        return response
    }

    private func copy(
        _ original: StoredObject,
        to upload: Upload,
        in bucket: Bucket,
        _ store: Store
    ) async throws -> UploadedPart {
        let bytes = try bytes(of: original)
        let algorithm = upload.checksumAlgorithm ?? .crc64nvme
        if original.encryption == upload.encryption, upload.encryption?.showsMD5 ?? true {
            let shared = try await store.linkPart(
                part.number,
                of: upload,
                contentOf: original,
                range: bytes,
                checksum: algorithm
            )
            if let shared { return shared }
        }
        let body = try await store.restage(
            original,
            range: bytes,
            checksum: algorithm,
            customerKey: source.customerKey,
            sealing: try await store.sealing(
                for: upload.encryption,
                customerKey: customerKey,
                partOf: upload
            )
        )
        return try await store.putPart(
            part.number,
            of: upload,
            body: body,
            in: bucket,
            checksum: body.digests.checksum(algorithm)
        )
    }

    private func bytes(of original: StoredObject) throws(S3Error) -> Range<Int64> {
        let bytes: Range<Int64>
        if let range {
            guard range.first < original.size else {
                throw S3Error(
                    .invalidRequest,
                    "The specified copy range is invalid for the source object size"
                )
            }
            guard range.last < original.size else {
                throw Self.invalidRange(
                    "Range specified is not valid for source object of size: \(original.size)",
                    "bytes=\(range.first)-\(range.last)"
                )
            }
            bytes = range.first..<range.last + 1
        } else {
            bytes = 0..<original.size
        }
        guard bytes.count <= Limits.singleUploadBytes else {
            throw S3Error(
                .invalidRequest,
                "The specified copy source is larger than the maximum allowable size for a copy "
                    + "source: \(Limits.singleUploadBytes)"
            )
        }
        return bytes
    }

    /// A copied range is `bytes=first-last` and nothing else.
    private static func range(
        _ request: S3Request
    ) throws(S3Error) -> (first: Int64, last: Int64)? {
        guard let header = request.header("x-amz-copy-source-range") else { return nil }
        guard case .closed(let first, let last) = ByteRange.parse(header) else {
            throw invalidRange(
                "The x-amz-copy-source-range value must be of the form bytes=first-last where first "
                    + "and last are the zero-based offsets of the first and last bytes to copy",
                header
            )
        }
        return (first, last)
    }

    /// Unlike a range that is read, S3 answers 400 for one that reaches beyond the source's end too.
    private static func invalidRange(_ message: String, _ value: String) -> S3Error {
        S3Error(
            .invalidArgument,
            message,
            details: [
                .init("ArgumentName", "x-amz-copy-source-range"), .init("ArgumentValue", value),
            ]
        )
    }
}
