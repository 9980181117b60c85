import Digests
import NIOHTTP1

/// [Multipart upload](https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html)
extension ModelRun {
    mutating func createUpload(_ place: ModelPlace, _ labels: ModelLabels) async throws {
        let reply = await send(
            .POST,
            place.bucket,
            place.key,
            [("uploads", nil)],
            headers: labels.headers
        )
        let document = try expectSuccess(reply, "createUpload")
        try expect("Bucket", document?.string("Bucket"), Self.names[place.bucket])
        try expect("Key", document?["Key"].map { ModelKey($0.text) }, place.key)
        guard let id = document?.string("UploadId"), !uploads.contains(where: { $0.id == id })
        else {
            throw ModelDifference("UploadId: S3 has a new one")
        }
        let upload = ModelUpload(
            id: id,
            bucket: place.bucket,
            key: place.key,
            fields: labels.fields,
            tags: labels.tags,
            storageClass: labels.storageClass,
            seconds: now
        )
        uploads.insert(upload, at: 0)
    }

    mutating func uploadPart(_ index: Int, _ number: Int, _ bytes: [UInt8]) async throws {
        let upload = uploads[index]
        let query = [("partNumber", Optional(String(number))), ("uploadId", upload.id)]
        let reply = await send(.PUT, upload.bucket, upload.key, query, bytes)
        if let error = upload.refusal(of: number) { return try expect(reply, error, "uploadPart") }
        try expectSuccess(reply, upload.parts[number] == nil ? "uploadPart" : "uploadPart again")
        try expect("ETag", reply.header("ETag"), "\"\(digest(bytes))\"")
        keep(bytes, as: number, of: index)
    }

    private mutating func keep(_ bytes: [UInt8], as number: Int, of index: Int) {
        if mistake == .keepsReplacedParts, uploads[index].parts[number] != nil { return }
        uploads[index].parts[number] = ModelPart(bytes: bytes, etag: digest(bytes), seconds: now)
    }

    mutating func copyPart(
        _ index: Int,
        _ number: Int,
        _ source: ModelPlace,
        _ choice: ModelVersionChoice,
        _ range: ClosedRange<Int>?
    ) async throws {
        let upload = uploads[index]
        let id = identifier(choice, at: source)
        let found = findSource(id, at: source)
        var headers = sourceHeaders(source, id, found)
        if let range {
            let text = "bytes=\(range.lowerBound)-\(range.upperBound)"
            headers.add(name: "x-amz-copy-source-range", value: text)
        }
        let query = [("partNumber", Optional(String(number))), ("uploadId", upload.id)]
        let reply = await send(.PUT, upload.bucket, upload.key, query, headers: headers)
        // What a request can be refused for without a look at anything comes first.
        if id == "nonsense" { return try expect(reply, ModelError("InvalidArgument"), "copyPart") }
        if let error = upload.refusal(of: number) { return try expect(reply, error, "copyPart") }
        switch found {
        case .failure(let error): try expect(reply, error, "copyPart")
        case .success(let version):
            let all = version.object?.bytes ?? []
            if let range, range.upperBound >= all.count {
                let isBeyond = range.lowerBound >= all.count
                let error = ModelError(isBeyond ? "InvalidRequest" : "InvalidArgument")
                return try expect(reply, error, "copyPart")
            }
            let bytes = range.map { Array(all[$0]) } ?? all
            let document = try expectSuccess(reply, "copyPart")
            try expect("ETag", document?.string("ETag"), "\"\(digest(bytes))\"")
            try expect("LastModified", document?.string("LastModified"), time(now))
            try expectSourceVersion(reply, version, in: source.bucket)
            keep(bytes, as: number, of: index)
        }
    }

    mutating func abort(_ index: Int) async throws {
        let upload = uploads[index]
        let query = [("uploadId", Optional(upload.id))]
        let reply = await send(.DELETE, upload.bucket, upload.key, query)
        if let error = upload.refusal(of: 1) { return try expect(reply, error, "abort") }
        try expectSuccess(reply, "abort", status: 204)
        uploads[index].state = .aborted
    }

    mutating func complete(
        _ index: Int,
        _ completion: ModelCompletion,
        _ condition: ModelCondition
    ) async throws {
        let upload = uploads[index]
        let place = ModelPlace(bucket: upload.bucket, key: upload.key)
        let named = upload.parts(for: completion)
        let list = named.map {
            "<Part><PartNumber>\($0.number)</PartNumber><ETag>\"\($0.etag)\"</ETag></Part>"
        }
        let reply = await send(
            .POST,
            upload.bucket,
            upload.key,
            [("uploadId", upload.id)],
            Array("<CompleteMultipartUpload>\(list.joined())</CompleteMultipartUpload>".utf8),
            headers: headers(condition, at: place)
        )
        if let error = upload.refusal(of: 1, orCompleted: true) ?? upload.refusal(of: named) {
            return try expect(reply, error, "complete")
        }
        if case .completed(let etag, let version) = upload.state {
            try expectCompleted(reply, upload, etag, "complete again")
            let shown = shown(version, in: upload.bucket)
            let told = shown == "null" ? nil : shown
            return try expect("x-amz-version-id", reply.header("x-amz-version-id"), told)
        }
        if let error = refusal(condition, at: place) {
            return try expect(reply, error, "complete")
        }
        // What was written since the upload began is not replaced by it on a condition.
        let current = buckets[place.bucket].latest(place.key)
        if condition == .unchanged, let current, current.seconds > upload.seconds {
            return try expect(reply, ModelError("ConditionalRequestConflict"), "complete")
        }
        let object = upload.object(of: named.map(\.number), digest)
        let kind = named.count > 1 ? "complete parts" : "complete part"
        try expectCompleted(reply, upload, object.etag, kind)
        let version = reply.header("x-amz-version-id")
        try write(object, at: place, version)
        uploads[index].state = .completed(etag: object.etag, version: version ?? "null")
    }

    private mutating func expectCompleted(
        _ reply: Reply,
        _ upload: ModelUpload,
        _ etag: String,
        _ kind: String
    ) throws {
        let document = try expectSuccess(reply, kind)
        try expect("ETag", document?.string("ETag"), "\"\(etag)\"")
        try expect("Bucket", document?.string("Bucket"), Self.names[upload.bucket])
        try expect("Key", document?["Key"].map { ModelKey($0.text) }, upload.key)
    }

    mutating func listParts(_ index: Int, after: Int, limit: Int) async throws {
        let upload = uploads[index]
        let reply = await send(
            .GET,
            upload.bucket,
            upload.key,
            [
                ("uploadId", upload.id), ("part-number-marker", String(after)),
                ("max-parts", String(limit)),
            ]
        )
        if let error = upload.refusal(of: 1) { return try expect(reply, error, "listParts") }
        let document = try expectSuccess(reply, "listParts")
        let rest = upload.parts.keys.filter { $0 > after }.sorted()
        let page = rest.prefix(limit)
        let expected = page.map { number in
            let part = upload.parts[number]
            return
                "\(number) \(part?.bytes.count ?? 0) \"\(part?.etag ?? "")\" \(time(part?.seconds ?? 0))"
        }
        let actual = document?.all("Part").map { part in
            ["PartNumber", "Size", "ETag", "LastModified"].map { part.string($0) ?? "-" }
                .joined(separator: " ")
        }
        try expect("the parts", actual, expected)
        let isTruncated = limit > 0 && page.count < rest.count
        try expect("IsTruncated", document?.string("IsTruncated"), String(isTruncated))
        let next = document?.string("NextPartNumberMarker")
        if isTruncated { try expect("NextPartNumberMarker", next, page.last.map(String.init)) }
        try expect("MaxParts", document?.string("MaxParts"), String(limit))
        try expect("PartNumberMarker", document?.string("PartNumberMarker"), String(after))
        try expect("StorageClass", document?.string("StorageClass"), upload.storageClass)
    }
}

extension ModelUpload {
    /// Why a request for a part fails before anything is looked at but the upload.
    fileprivate func refusal(of number: Int, orCompleted: Bool = false) -> ModelError? {
        guard (1...10_000).contains(number) else { return ModelError("InvalidArgument") }
        switch state {
        case .open: return nil
        case .completed where orCompleted: return nil
        default: return ModelError("NoSuchUpload")
        }
    }

    /// The parts that a completion names, with their tags.
    fileprivate func parts(for completion: ModelCompletion) -> [(number: Int, etag: String)] {
        let all = parts.keys.sorted().map { (number: $0, etag: parts[$0]?.etag ?? "") }
        switch completion {
        case .all: return all
        case .allButFirst: return Array(all.dropFirst())
        case .reversed: return all.reversed()
        case .wrongTag: return all.map { ($0.number, ModelCondition.otherTag) }
        case .unknownPart: return all + [(9999, ModelCondition.otherTag)]
        case .nothing: return []
        }
    }

    /// Why a completion with these parts fails, where the upload is under way or, for what is no list at
    /// all, whatever it is.
    fileprivate func refusal(of named: [(number: Int, etag: String)]) -> ModelError? {
        let numbers = named.map(\.number)
        if numbers.isEmpty { return ModelError("MalformedXML") }
        guard state == .open else { return nil }
        if numbers != numbers.sorted() { return ModelError("InvalidPartOrder") }
        guard named.allSatisfy({ parts[$0.number]?.etag == $0.etag }) else {
            return ModelError("InvalidPart")
        }
        let isTooSmall = numbers.dropLast().contains { number in
            (parts[number]?.bytes.count ?? 0) < ModelBody.large
        }
        return isTooSmall ? ModelError("EntityTooSmall") : nil
    }

    /// What the upload becomes: the tag is the digest of the parts' digests.
    fileprivate func object(of numbers: [Int], _ digest: ([UInt8]) -> String) -> ModelObject {
        let parts = numbers.compactMap { self.parts[$0] }
        var object = ModelObject(
            bytes: parts.reduce(into: []) { $0 += $1.bytes },
            etag: "",
            fields: fields,
            tags: tags,
            storageClass: storageClass
        )
        object.etag = digest(parts.flatMap { Hex.decode($0.etag) ?? [] }) + "-\(parts.count)"
        (object.partNumbers, object.partSizes) = (numbers, parts.map(\.bytes.count))
        return object
    }
}
