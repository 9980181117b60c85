import NIOHTTP1
import S3Protocol

extension ModelRun {
    /// Copies a version, or tries to.
    ///
    /// [CopyObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html)
    mutating func copy(
        _ source: ModelPlace,
        _ choice: ModelVersionChoice,
        to target: ModelPlace,
        _ copy: ModelCopy
    ) async throws {
        let id = identifier(choice, at: source)
        let found = findSource(id, at: source)
        var headers = sourceHeaders(source, id, found, copy.sourceCondition)
        headers.add(contentsOf: self.headers(copy.condition, at: target))
        headers.add(contentsOf: copy.headers)
        let reply = await send(.PUT, target.bucket, target.key, headers: headers)
        let version: ModelVersion
        switch found {
        case .failure(let error): return try expect(reply, error, "copy")
        case .success(let it): version = it
        }
        guard let original = version.object else { return }
        if copy.sourceCondition.refusal != nil {
            return try expect(reply, ModelError("PreconditionFailed"), "copy")
        }
        // That a class is named is enough, whether or not it is another.
        let changes = copy.fields != nil || copy.storageClass != nil
        if source == target, id == nil, !changes {
            return try expect(reply, ModelError("InvalidRequest"), "copy")
        }
        if let error = refusal(copy.condition, at: target) {
            return try expect(reply, error, "copy")
        }
        let document = try expectSuccess(reply, id == nil ? "copy" : "copy version")
        let made = ModelObject(
            bytes: original.bytes,
            etag: digest(original.bytes),
            fields: copy.fields ?? original.fields,
            tags: copy.tags ?? (mistake == .forgetsThatCopiesTakeTags ? [:] : original.tags),
            storageClass: copy.storageClass ?? "STANDARD"
        )
        try expect("ETag", document?.string("ETag"), "\"\(made.etag)\"")
        try expect("LastModified", document?.string("LastModified"), time(now))
        try expectSourceVersion(reply, version, in: source.bucket)
        try write(made, at: target, reply.header("x-amz-version-id"), isCopy: true)
    }

    /// What a copy finds: as a read does, but for a delete marker that is named.
    func findSource(_ id: String?, at place: ModelPlace) -> Result<ModelVersion, ModelError> {
        find(id, at: place).mapError { error in
            ModelError(error.code == "MethodNotAllowed" ? "InvalidRequest" : error.code)
        }
    }

    func sourceHeaders(
        _ place: ModelPlace,
        _ id: String?,
        _ found: Result<ModelVersion, ModelError>,
        _ condition: ModelRead.Condition = .none
    ) -> HTTPHeaders {
        let etag = (try? found.get().object?.etag) ?? ModelCondition.otherTag
        var headers = condition.headers(etag: etag, prefix: "x-amz-copy-source-")
        // With a slash in front and without, as clients do.
        let path =
            (writes.isMultiple(of: 2) ? "/" : "")
            + "\(Self.names[place.bucket])/\(place.key.encoded)"
        headers.add(name: "x-amz-copy-source", value: path + (id.map { "?versionId=\($0)" } ?? ""))
        return headers
    }

    func expectSourceVersion(_ reply: Reply, _ version: ModelVersion, in bucket: Int) throws {
        let name = "x-amz-copy-source-version-id"
        try expect(name, reply.header(name), shown(version.id, in: bucket))
    }
}

extension ModelCopy {
    fileprivate var headers: HTTPHeaders {
        var headers: HTTPHeaders = [:]
        if let fields {
            headers.add(contentsOf: fields.headers)
            headers.add(name: "x-amz-metadata-directive", value: "REPLACE")
        }
        if let tags {
            headers.add(name: "x-amz-tagging-directive", value: "REPLACE")
            if !tags.isEmpty { headers.add(name: "x-amz-tagging", value: ModelLabels.encode(tags)) }
        }
        if let storageClass { headers.add(name: "x-amz-storage-class", value: storageClass) }
        return headers
    }
}
