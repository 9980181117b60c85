import NIOHTTP1
import S3Protocol

extension ModelRun {
    mutating func put(
        _ place: ModelPlace,
        _ bytes: [UInt8],
        _ labels: ModelLabels,
        _ condition: ModelCondition
    ) async throws {
        var headers = headers(condition, at: place)
        headers.add(contentsOf: labels.headers)
        let reply = await send(.PUT, place.bucket, place.key, [], bytes, headers: headers)
        if let error = refusal(condition, at: place) { return try expect(reply, error, "put") }
        try expectSuccess(reply, "put")
        let etag = digest(bytes)
        try expect("ETag", reply.header("ETag"), "\"\(etag)\"")
        let object = ModelObject(
            bytes: bytes,
            etag: etag,
            fields: labels.fields,
            tags: labels.tags,
            storageClass: labels.storageClass
        )
        try write(object, at: place, reply.header("x-amz-version-id"))
    }

    /// Begins or suspends the keeping of versions.
    ///
    /// [PutBucketVersioning](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketVersioning.html)
    mutating func keepVersions(_ status: String, in bucket: Int) async throws {
        let document =
            "<VersioningConfiguration><Status>\(status)</Status></VersioningConfiguration>"
        let reply = await send(.PUT, bucket, nil, [("versioning", nil)], Array(document.utf8))
        try expectSuccess(reply, "keepVersions")
        buckets[bucket].versioning = status
        let told = try expectSuccess(
            await send(.GET, bucket, nil, [("versioning", nil)]),
            "versioning"
        )
        try expect("Status", told?.string("Status"), status)
    }

    mutating func read(
        _ place: ModelPlace,
        _ choice: ModelVersionChoice,
        _ read: ModelRead
    ) async throws {
        let id = identifier(choice, at: place)
        let found = find(id, at: place)
        let etag = (try? found.get().object?.etag) ?? ModelCondition.otherTag
        var headers = read.condition.headers(etag: etag)
        var query = id.map { [("versionId", Optional($0))] } ?? []
        switch read.span {
        case .whole: break
        case .part(let number): query.append(("partNumber", String(number)))
        case .closed(let first, let last):
            headers.add(name: "Range", value: "bytes=\(first)-\(last)")
        case .from(let first): headers.add(name: "Range", value: "bytes=\(first)-")
        case .suffix(let count): headers.add(name: "Range", value: "bytes=-\(count)")
        }
        let method: HTTPMethod = read.isHead ? .HEAD : .GET
        let reply = await send(method, place.bucket, place.key, query, headers: headers)
        let kind = read.isHead ? "head" : "get"
        guard case .success(let version) = found, let object = version.object else {
            if case .failure(let error) = found { try expect(reply, error, kind) }
            return
        }
        if let code = read.condition.refusal { return try expect(reply, ModelError(code), kind) }
        try compare(reply, with: version, object, in: place.bucket, read, kind)
    }

    private mutating func compare(
        _ reply: Reply,
        with version: ModelVersion,
        _ object: ModelObject,
        in bucket: Int,
        _ read: ModelRead,
        _ kind: String
    ) throws {
        let range: Range<Int>?
        do { range = try read.span.range(of: object) } catch let error as ModelError {
            return try expect(reply, error, kind)
        }
        tally["\(kind) \(reply.status)", default: 0] += 1
        try expect("the answer", reply.status, range == nil ? 200 : 206)
        let bytes = range.map { Array(object.bytes[$0]) } ?? object.bytes
        try expect("Content-Length", reply.header("Content-Length"), String(bytes.count))
        if let range {
            let last = max(range.lowerBound, range.upperBound - 1)
            try expect(
                "Content-Range",
                reply.header("Content-Range"),
                "bytes \(range.lowerBound)-\(last)/\(object.bytes.count)"
            )
        }
        if !read.isHead, !same(reply.body, bytes) { throw ModelDifference("the bytes differ") }
        let tags = object.tags.count
        for (name, value) in [
            ("ETag", "\"\(object.etag)\""), ("Content-Type", object.fields.contentType),
            ("x-amz-meta-note", object.fields.note),
            ("x-amz-version-id", shown(version.id, in: bucket)),
            ("Last-Modified", HTTPDate.format(Timestamp(seconds: version.seconds))),
            ("x-amz-tagging-count", tags == 0 ? nil : String(tags)),
            ("x-amz-storage-class", object.storageClass == "STANDARD" ? nil : object.storageClass),
            ("x-amz-delete-marker", nil),
        ] { try expect(name, reply.header(name), value) }
        if case .part = read.span {
            let count = object.partSizes.isEmpty ? nil : String(object.partSizes.count)
            try expect("x-amz-mp-parts-count", reply.header("x-amz-mp-parts-count"), count)
        }
    }

    /// Large bodies by their digest: comparing element by element takes long without the optimiser.
    private func same(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count
            && (left.count < 65_536 ? left == right : digest(left) == digest(right))
    }

    /// Reads or changes the tags of a version.
    ///
    /// [Object tagging](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html)
    mutating func tag(
        _ place: ModelPlace,
        _ choice: ModelVersionChoice,
        _ tagging: ModelTagging
    ) async throws {
        let id = identifier(choice, at: place)
        let query = [("tagging", nil)] + (id.map { [("versionId", Optional($0))] } ?? [])
        // Who names no version means the latest, though it be a marker.
        let isMarker = id == nil && buckets[place.bucket].latest(place.key)?.isMarker == true
        let found =
            isMarker
            ? .failure(ModelError("MethodNotAllowed", isOfMarker: true)) : find(id, at: place)
        let (method, body, status, new) = tagging.request
        let reply = await send(method, place.bucket, place.key, query, body)
        switch found {
        case .failure(let error): try expect(reply, error, "tag \(method)")
        case .success(let version):
            let document = try expectSuccess(reply, "tag \(method)", status: status)
            let shown = shown(version.id, in: place.bucket)
            try expect("x-amz-version-id", reply.header("x-amz-version-id"), shown)
            if let new {
                buckets[place.bucket].setTags(new, of: place.key, version.id)
            } else {
                let tags = document?["TagSet"]?.all("Tag").map {
                    "\($0.string("Key") ?? "-")=\($0.string("Value") ?? "-")"
                }
                let expected = version.object?.tags.map { "\($0.key)=\($0.value)" }
                try expect("the tags", tags?.sorted(), expected?.sorted())
            }
        }
    }
}

extension ModelLabels {
    var headers: HTTPHeaders {
        var headers = fields.headers
        if !tags.isEmpty { headers.add(name: "x-amz-tagging", value: Self.encode(tags)) }
        if storageClass != "STANDARD" {
            headers.add(name: "x-amz-storage-class", value: storageClass)
        }
        return headers
    }

    static func encode(_ tags: [String: String]) -> String {
        tags.map { "\(PercentCoding.encode($0.key))=\(PercentCoding.encode($0.value))" }
            .sorted().joined(separator: "&")
    }
}

extension ModelFields {
    var headers: HTTPHeaders { ["Content-Type": contentType, "x-amz-meta-note": note] }
}

extension ModelTagging {
    /// Method, body, status of success, and the tags afterwards where they change.
    fileprivate var request: (HTTPMethod, [UInt8], Int, [String: String]?) {
        switch self {
        case .get: return (.GET, [], 200, nil)
        case .delete: return (.DELETE, [], 204, [:])
        case .put(let tags):
            let list = tags.sorted { $0.key < $1.key }.map {
                "<Tag><Key>\(ModelKey($0.key).asXML)</Key><Value>\(ModelKey($0.value).asXML)</Value></Tag>"
            }
            let document = "<Tagging><TagSet>\(list.joined())</TagSet></Tagging>"
            return (.PUT, Array(document.utf8), 200, tags)
        }
    }
}

extension ModelRead.Condition {
    /// The headers that ask for the condition.
    ///
    /// [Conditional reads](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html)
    func headers(etag: String, prefix: String = "") -> HTTPHeaders {
        switch self {
        case .none: [:]
        case .match: ["\(prefix)If-Match": etag]
        case .mismatch: ["\(prefix)If-Match": "\"0\""]
        case .noneMatch: ["\(prefix)If-None-Match": "\"\(etag)\""]
        case .noneMismatch: ["\(prefix)If-None-Match": "\"0\""]
        }
    }

    /// How a read that meets the object ends; `nil` where it goes on.
    var refusal: String? {
        switch self {
        case .none, .match, .noneMismatch: nil
        case .mismatch: "PreconditionFailed"
        case .noneMatch: "NotModified"
        }
    }
}

extension ModelRead.Span {
    /// The bytes that are meant; `nil` for all of them.
    ///
    /// - Throws: ``ModelError`` where there are none.
    fileprivate func range(of object: ModelObject) throws -> Range<Int>? {
        let count = object.bytes.count
        switch self {
        case .whole: return nil
        case .closed(let first, let last) where first < count: return first..<min(last + 1, count)
        case .from(let first) where first < count: return first..<count
        case .suffix(let wanted) where wanted > 0 && count > 0:
            return max(0, count - wanted)..<count
        case .part(let number):
            let sizes = object.partSizes.isEmpty ? [count] : object.partSizes
            let numbers = object.partNumbers.isEmpty ? [1] : object.partNumbers
            guard let index = numbers.firstIndex(of: number) else {
                throw ModelError("InvalidPartNumber")
            }
            let start = sizes[..<index].reduce(0, +)
            return start..<start + sizes[index]
        default: throw ModelError("InvalidRange")
        }
    }
}
