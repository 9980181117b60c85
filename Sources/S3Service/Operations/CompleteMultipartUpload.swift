import Digests
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Makes an object out of an upload's parts.
///
/// Doing it twice is doing it once.
///
/// [CompleteMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html)
struct CompleteMultipartUpload: Operation {
    static let route = Route(.POST, .object, query: ["uploadId"])
    static let action: Action = "s3:PutObject"
    static let encryptionUse: EncryptionUse = [.customerKey]

    let bucket: String
    let key: String
    let uploadID: String
    let conditions: WriteConditions
    let checksums: ChecksumHeaders
    let checksumType: ChecksumType?
    let size: Int64?
    let customerKey: CustomerKey?
    let location: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        uploadID = request.query["uploadId"] ?? ""
        conditions = try WriteConditions(request)
        checksums = try ChecksumHeaders.ofObject(request)
        checksumType = try ChecksumParameters.type(request)
        size = try Self.size(request)
        customerKey = try CustomerKeyHeaders.read(request)
        let scheme = request.http.isSecure ? "https" : "http"
        let host = request.header("host") ?? "localhost"
        let path = request.address.isVirtualHost ? key : "\(bucket)/\(key)"
        location = "\(scheme)://\(host)/\(PercentCoding.encode(path, keeping: .slashes))"
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let body = try await context.payload.document(promised: ChecksumHeaders.none)
        let upload = try context.store.upload(uploadID, key: key, in: bucket, orCompleted: true)
        let parts = try Self.parts(body)
        try checkType(of: upload)
        // S3 asks for the client's key only where it needs it to read the parts' checksums.
        if customerKey != nil || upload.checksumAlgorithm != nil {
            try upload.require(customerKey)
        }
        try context.requireProtection(for: upload.encryption)
        var completion = Completion(parts: parts, checksum: expectedChecksum, size: size)
        if bucket.versioning == .enabled {
            completion.defaultRetention = try LockConfiguration(of: bucket, context.store)?
                .retention(from: context.now)
        }
        let object = try await context.store.complete(
            upload,
            with: completion,
            in: bucket,
            telling: try context.announcement(.createdByUpload, in: bucket)
        ) {
            try conditions.check($0)
            try conditions.check($0, sinceUploadBegan: upload.initiated)
        }
        let document = XMLWriter.document("CompleteMultipartUploadResult") { xml in
            xml.element("Location", location)
            xml.element("Bucket", bucket.name)
            xml.element("Key", key)
            xml.element("ETag", quoted(object.etag))
            xml.checksum(object.checksum)
        }
        var response = S3Response(xml: document)
        response.headers.add(contentsOf: EncryptionHeaders.show(object.encryption))
        response.headers.addNewVersion(of: object, in: bucket)
        response.headers.addExpiration(of: object, in: bucket, context.store)
        return response
    }

    private var expectedChecksum: (algorithm: ChecksumAlgorithm, value: String)? {
        guard let algorithm = checksums.algorithm, let value = checksums.value else { return nil }
        return (algorithm, value)
    }

    /// The type that the request names must be the one that the upload was begun with; one that was begun
    /// without an algorithm has none.
    private func checkType(of upload: Upload) throws(S3Error) {
        let actual = upload.checksumAlgorithm == nil ? nil : upload.effectiveChecksum.type
        guard let checksumType, checksumType != actual else { return }
        throw S3Error(
            .invalidRequest,
            "The upload was created using the \(actual?.rawValue ?? "null") checksum mode. The complete request "
                + "must use the same checksum mode."
        )
    }

    private static func size(_ request: S3Request) throws(S3Error) -> Int64? {
        guard let text = request.header("x-amz-mp-object-size") else { return nil }
        guard let size = Int64(text), size >= 0 else {
            throw S3Error(
                .invalidRequest,
                "Value for x-amz-mp-object-size header is invalid."
            )
        }
        return size
    }

    /// The parts that the document lists.
    private static func parts(_ body: ByteBuffer) throws(S3Error) -> [Completion.Part] {
        guard body.readableBytes > 0 else {
            throw S3Error(.invalidRequest, "You must specify at least one part")
        }
        let document = try XMLElement.parse(
            body.readableBytesView,
            root: "CompleteMultipartUpload"
        )
        let elements = document.all("Part")
        guard (1...Limits.parts).contains(elements.count) else { throw S3Error(.malformedXML) }
        return try elements.map { element throws(S3Error) in
            guard let number = element["PartNumber"].flatMap({ Int($0.trimmed) }),
                let etag = element["ETag"]?.trimmed
            else { throw S3Error(.malformedXML) }
            guard (1...Limits.parts).contains(number) else {
                throw S3Error(
                    .invalidArgument,
                    "PartNumber must be between 1 and \(Limits.parts)",
                    details: [
                        .init("ArgumentName", "partNumber"),
                        .init("ArgumentValue", String(number)),
                    ]
                )
            }
            return Completion.Part(
                number: number,
                etag: ETagMatch.unquoted(etag),
                checksums: try checksums(element)
            )
        }
    }

    /// The checksums of a part that the document lists, by their algorithms.
    private static func checksums(
        _ part: XMLElement
    ) throws(S3Error) -> [ChecksumAlgorithm: String] {
        var checksums: [ChecksumAlgorithm: String] = [:]
        for child in part.children where child.name.hasPrefix("Checksum") {
            if let algorithm = ChecksumAlgorithm(rawValue: String(child.name.dropFirst(8))) {
                checksums[algorithm] = child.trimmed
            }
        }
        guard checksums.count <= 1, checksums.values.allSatisfy({ Base64.decode($0) != nil }) else {
            throw S3Error(
                .invalidArgument,
                "Invalid Base64 or multiple checksums present in request"
            )
        }
        return checksums
    }
}
