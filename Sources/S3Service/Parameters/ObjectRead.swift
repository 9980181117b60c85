import NIOHTTP1
import ObjectStore
import S3Protocol

/// What GetObject and HeadObject have in common: which object, which bytes of it, and the headers.
struct ObjectRead: Sendable {
    let bucket: String
    let key: String
    let version: ObjectVersion
    let conditions: ReadConditions
    let range: ByteRange?
    let ifRange: String?
    let partNumber: Int?
    let overrides: [String: String]
    let showsChecksum: Bool
    /// The client's key that the object is encrypted under.
    let customerKey: CustomerKey?

    /// Reads the parameters.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` where both a range and a part are asked for.
    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        version = try VersionParameter.read(request.query["versionId"])
        conditions = ReadConditions(request)
        range = request.header("range").flatMap(ByteRange.parse)
        ifRange = request.header("if-range")
        partNumber = try request.number("partNumber", in: 1...Limits.parts)
        overrides = try ObjectFields.overrides(request.query)
        customerKey = try CustomerKeyHeaders.read(request)
        showsChecksum = request.header("x-amz-checksum-mode")?.uppercased() == "ENABLED"
        guard partNumber == nil || request.header("range") == nil else {
            throw S3Error(
                .invalidRequest,
                "Cannot specify both Range header and partNumber query parameter"
            )
        }
    }

    /// Fails where somebody who does not sign wants other headers than the object has.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest`.
    func checkOverrides(by caller: Caller) throws(S3Error) {
        guard caller.isAnonymous, !overrides.isEmpty else { return }
        throw S3Error(
            .invalidRequest,
            "Request specific response headers cannot be used for anonymous GET requests."
        )
    }

    /// How a read of an object is answered.
    struct Answer {
        /// The bytes that are meant.
        let range: Range<Int64>
        /// Whether the reader has them already.
        let isNotModified: Bool
        /// The response, still without a body.
        let response: S3Response
    }

    /// Holds an object to the conditions, and says how it is answered.
    ///
    /// - Throws: ``S3Error`` with `PreconditionFailed`, `InvalidRange` or `InvalidPartNumber`, or what
    ///   reading a delete marker gets.
    func answer(_ object: StoredObject, in bucket: Bucket, _ context: Context) throws -> Answer {
        guard !object.isDeleteMarker else { throw version.unreadable(object, for: .GET) }
        try object.require(customerKey)
        try context.requireProtection(for: object.encryption)
        guard try conditions.evaluate(object, at: context.now) == .proceed else {
            return Answer(range: 0..<0, isNotModified: true, response: notModified(object))
        }
        let whole = 0..<object.size
        var chosen: Range<Int64>?
        var checksum = object.checksum
        if let partNumber {
            let part = try part(partNumber, of: object, in: context.store)
            (chosen, checksum) = (part.range, part.checksum)
        } else if let range, appliesRange(to: object) {
            chosen = try range.resolve(size: object.size)
        }
        var response = S3Response(headers: headers(of: object))
        response.headers.addVersion(of: object, in: bucket)
        response.headers.addRestore(of: object, at: context.now)
        // What a version that is asked for by its identifier becomes is not told.
        if version == .latest {
            response.headers.addExpiration(of: object, in: bucket, context.store)
        }
        if let range = chosen {
            response.status = .partialContent
            // An empty object has no byte to name, and a part of it is all of it.
            let last = max(range.lowerBound, range.upperBound - 1)
            response.headers.add(
                name: "Content-Range",
                value: "bytes \(range.lowerBound)-\(last)/\(object.size)"
            )
        }
        let range = chosen ?? whole
        response.headers.add(name: "Content-Length", value: String(range.count))
        if partNumber != nil, let count = object.partCount {
            response.headers.add(name: "x-amz-mp-parts-count", value: String(count))
        }
        // A checksum is of all the bytes that are answered, or it is not shown.
        if object.lock != .none {
            let lock = try LockHeaders.show(object, in: self.bucket, context)
            response.headers.add(contentsOf: lock)
        }
        if !object.tags.isEmpty,
            try context.allows(GetObjectTagging.action, onObject: key, in: self.bucket)
        {
            response.headers.add(name: "x-amz-tagging-count", value: String(object.tags.count))
        }
        if showsChecksum, partNumber != nil || range == whole, let checksum {
            response.headers.add(contentsOf: checksum.headers)
        }
        return Answer(range: range, isNotModified: false, response: response)
    }

    private func headers(of object: StoredObject) -> HTTPHeaders {
        var headers = ObjectFields.headers(object.fields, overrides: overrides)
        headers.add(name: "Last-Modified", value: HTTPDate.format(object.modified))
        headers.add(name: "ETag", value: quoted(object.etag))
        headers.add(name: "Accept-Ranges", value: "bytes")
        if object.storageClass != StorageClass.standard {
            headers.add(name: "x-amz-storage-class", value: object.storageClass)
        }
        headers.add(contentsOf: EncryptionHeaders.show(object.encryption, customerKey))
        return headers
    }

    private func notModified(_ object: StoredObject) -> S3Response {
        var headers: HTTPHeaders = [
            "ETag": quoted(object.etag), "Last-Modified": HTTPDate.format(object.modified),
        ]
        for field in object.fields where ["cache-control", "expires"].contains(field.name) {
            headers.add(name: field.name, value: field.value)
        }
        return S3Response(.notModified, headers: headers)
    }

    /// `If-Range` lets a range count only while the object is the one the reader knows.
    private func appliesRange(to object: StoredObject) -> Bool {
        guard let ifRange else { return true }
        if let date = HTTPDate.parse(ifRange) { return object.modified.seconds == date.seconds }
        return ETagMatch.unquoted(ifRange) == object.etag
    }

    /// The bytes of a part and their checksum; an object that was put whole has one part.
    private func part(
        _ number: Int,
        of object: StoredObject,
        in store: Store
    ) throws -> (range: Range<Int64>, checksum: Checksum?) {
        guard let count = object.partCount else {
            guard number == 1 else { throw Self.noSuchPart(number, of: 1) }
            return (0..<object.size, object.checksum)
        }
        guard let part = try store.parts(of: object).first(where: { $0.number == number }) else {
            throw Self.noSuchPart(number, of: count)
        }
        let checksum = object.checksum.flatMap { whole in
            part.checksum.map { Checksum(whole.algorithm, whole.type, $0) }
        }
        return (part.offset..<part.offset + part.size, checksum)
    }

    private static func noSuchPart(_ number: Int, of count: Int) -> S3Error {
        S3Error(
            .invalidPartNumber,
            details: [
                .init("PartNumberRequested", String(number)),
                .init("ActualPartCount", String(count)),
            ]
        )
    }
}
