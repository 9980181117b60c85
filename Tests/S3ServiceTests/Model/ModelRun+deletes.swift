import Digests
import NIOHTTP1

extension ModelRun {
    /// Deletes an object or a version.
    ///
    /// [Deleting versions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/DeletingObjectVersions.html)
    mutating func delete(
        _ place: ModelPlace,
        _ choice: ModelVersionChoice,
        _ condition: ModelCondition
    ) async throws {
        let id = identifier(choice, at: place)
        // A condition speaks of the current version, and there is none that forbids what is there.
        var condition = condition
        if id != nil { condition = .none }
        if case .absent = condition { condition = .none }
        let query = id.map { [("versionId", Optional($0))] } ?? []
        let headers = headers(condition, at: place)
        let reply = await send(.DELETE, place.bucket, place.key, query, headers: headers)
        if id == "nonsense" {
            return try expect(reply, ModelError("InvalidArgument"), "delete")
        }
        if let error = refusal(condition, at: place) { return try expect(reply, error, "delete") }
        try expectSuccess(reply, id == nil ? "delete" : "delete version", status: 204)
        let marker = reply.header("x-amz-delete-marker")
        if let id {
            let isOfMarker = try remove(id, at: place)
            try expect("x-amz-delete-marker", marker, isOfMarker ? "true" : nil)
            let shown = shown(id, in: place.bucket)
            try expect("x-amz-version-id", reply.header("x-amz-version-id"), shown)
        } else {
            let isKept = buckets[place.bucket].versioning != nil
            try expect("x-amz-delete-marker", marker, isKept ? "true" : nil)
            try hide(place, reply.header("x-amz-version-id"))
        }
    }

    /// Removes a version, and says whether it was a delete marker.
    private mutating func remove(_ id: String, at place: ModelPlace) throws -> Bool {
        let isOfMarker = buckets[place.bucket].version(place.key, id)?.isMarker ?? false
        buckets[place.bucket].remove(place.key, id)
        return isOfMarker
    }

    /// Deletes without naming a version: for good, or behind a marker where versions are kept.
    private mutating func hide(_ place: ModelPlace, _ id: String?) throws {
        guard buckets[place.bucket].versioning == nil else { return try write(nil, at: place, id) }
        try expect("x-amz-version-id", id, nil)
        buckets[place.bucket].remove(place.key, "null")
    }

    /// Deletes several at once, one after the other.
    ///
    /// [DeleteObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)
    mutating func deleteMany(
        _ targets: [ModelTarget],
        in bucket: Int,
        isQuiet: Bool
    ) async throws {
        let requests = targets.map { target in
            let place = ModelPlace(bucket: bucket, key: target.key)
            return (place, identifier(target.version, at: place), tag(target, at: place))
        }
        // The identifiers of markers that a quiet request makes nobody would learn.
        let makesMarkers =
            buckets[bucket].versioning == "Enabled" && requests.contains { $0.1 == nil }
        let isQuiet = isQuiet && !makesMarkers
        let objects = requests.map { place, id, tag in
            "<Object><Key>\(place.key.asXML)</Key>"
                + (id.map { "<VersionId>\($0)</VersionId>" } ?? "")
                + (tag.map { "<ETag>\($0)</ETag>" } ?? "") + "</Object>"
        }
        let quiet = isQuiet ? "<Quiet>true</Quiet>" : ""
        let body = Array("<Delete>\(quiet)\(objects.joined())</Delete>".utf8)
        let md5 = Base64.encode(HashFunction.hash(.md5, body))
        let reply = await send(
            .POST,
            bucket,
            nil,
            [("delete", nil)],
            body,
            headers: ["Content-MD5": md5]
        )
        var told = (try expectSuccess(reply, "deleteMany")?.children ?? [])[...]
        for (place, id, tag) in requests {
            try deleteOne(place, id, tag, &told, isQuiet: isQuiet)
        }
        try expect("results", told.count, 0)
    }

    /// The tag that a target must have; `nil` where it may have any.
    private func tag(_ target: ModelTarget, at place: ModelPlace) -> String? {
        switch target.condition {
        case .none, .absent: nil
        case .unchanged:
            buckets[place.bucket].current(place.key)?.etag ?? ModelCondition.otherTag
        case .other: ModelCondition.otherTag
        }
    }

    private mutating func deleteOne(
        _ place: ModelPlace,
        _ id: String?,
        _ tag: String?,
        _ told: inout ArraySlice<ReplyDocument>,
        isQuiet: Bool
    ) throws {
        let isReal = id != "nonsense"
        let current = buckets[place.bucket].current(place.key)
        let isMet = tag == nil || tag == current?.etag
        if !isReal || !isMet {
            let code =
                !isReal ? "InvalidArgument" : current == nil ? "NoSuchKey" : "PreconditionFailed"
            return try expect(
                told.popFirst(),
                "Error",
                place.key,
                [("VersionId", id), ("Code", code)]
            )
        }
        let isKept = buckets[place.bucket].versioning != nil
        guard !isQuiet else {
            guard let id else {
                return try hide(place, isKept ? "null" : nil)
            }
            _ = try remove(id, at: place)
            return
        }
        let element = told.popFirst()
        let marker = element?.string("DeleteMarkerVersionId")
        var expected: [(String, String?)] = [("VersionId", id)]
        if let id {
            let isOfMarker = try remove(id, at: place)
            expected += [
                ("DeleteMarker", isOfMarker ? "true" : nil),
                ("DeleteMarkerVersionId", isOfMarker ? id : nil),
            ]
        } else {
            expected.append(("DeleteMarker", isKept ? "true" : nil))
            try hide(place, marker)
        }
        try expect(element, "Deleted", place.key, expected)
    }

    private func expect(
        _ element: ReplyDocument?,
        _ name: String,
        _ key: ModelKey,
        _ children: [(String, String?)]
    ) throws {
        try expect("a result", element?.name, name)
        try expect("its Key", element?["Key"].map { ModelKey($0.text) }, key)
        for (child, text) in children { try expect("its \(child)", element?.string(child), text) }
    }
}
