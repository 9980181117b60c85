import NIOHTTP1

/// Where a walk through a listing stands.
private struct Position {
    /// The parameters of the next page.
    var query: [(String, String?)] = []
    var objects = ModelStart<ModelVersion>.beginning
    var uploads = ModelStart<ModelUpload>.beginning
}

extension ModelRun {
    /// Walks through a listing, page by page, and compares each.
    mutating func list(
        _ kind: ModelListKind,
        in bucket: Int,
        _ query: ModelQuery,
        after: ModelKey,
        _ choice: ModelVersionChoice
    ) async throws {
        var position: Position? = start(kind, in: bucket, after: after, choice)
        var pages = 0
        while let here = position, pages < 12 {
            position = try await page(kind, in: bucket, query, here)
            pages += 1
        }
        tally["list \(kind) \(pages > 1 ? "pages" : "page")", default: 0] += 1
    }

    private func start(
        _ kind: ModelListKind,
        in bucket: Int,
        after: ModelKey,
        _ choice: ModelVersionChoice
    ) -> Position {
        guard !after.isEmpty else { return Position() }
        let text = after.text
        switch kind {
        case .first: return Position(query: [("marker", text)], objects: .afterMarker(after))
        case .second: return Position(query: [("start-after", text)], objects: .after(after))
        case .uploads: return Position(query: [("key-marker", text)], uploads: .afterMarker(after))
        case .versions:
            let start = Position(query: [("key-marker", text)], objects: .afterMarker(after))
            let place = ModelPlace(bucket: bucket, key: after)
            guard let id = identifier(choice, at: place), id != "nonsense" else { return start }
            return position(after: place, version: id)
        }
    }

    /// After a version: what is older at its key, though the version be gone.
    private func position(after place: ModelPlace, version id: String) -> Position {
        let known = given.first { $0.id == id }?.place
        let order = known ?? buckets[place.bucket].version(place.key, id)?.place
        let query = [("key-marker", Optional(place.key.text)), ("version-id-marker", id)]
        guard let order else { return Position(query: query, objects: .after(place.key)) }
        return Position(query: query, objects: .afterItem(place.key) { $0.place < order })
    }

    /// Compares a page, and says where the next begins.
    private mutating func page(
        _ kind: ModelListKind,
        in bucket: Int,
        _ query: ModelQuery,
        _ here: Position
    ) async throws -> Position? {
        let reply = await send(.GET, bucket, nil, query.parameters(of: kind) + here.query)
        guard let document = try expectSuccess(reply, "list \(kind)") else {
            throw ModelDifference("a listing has no document")
        }
        try compareHead(of: document, kind, bucket, query, here)
        if kind == .uploads {
            let open = uploads.reversed().filter { $0.bucket == bucket && $0.state == .open }
                .sorted { ($0.key, $0.seconds) < ($1.key, $1.seconds) }.map {
                    (key: $0.key, item: $0)
                }
            let listing = ModelListing(open, query, from: here.uploads)
            try compare(document, listing, query) {
                "\($0) \($1.id) \(time($1.seconds)) \($1.storageClass)"
            }
            return try next(in: document, listing, query)
        }
        let source = buckets[bucket]
        let all = kind == .versions ? source.allVersions : source.objects
        let listing = ModelListing(seen(all), query, from: here.objects)
        try compare(document, listing, query) { key, version in
            kind == .versions
                ? line(key, version, isLatest: source.latest(key)?.id == version.id)
                : line(key, version)
        }
        return try next(in: document, listing, query, kind, bucket)
    }

    /// All of it, but where the model is to make a mistake.
    private func seen(
        _ all: [(key: ModelKey, item: ModelVersion)]
    ) -> [(key: ModelKey, item: ModelVersion)] {
        switch mistake {
        case .skipsAKeyOfEachPage: Array(all.dropFirst(all.count > 3 ? 1 : 0))
        case .comparesKeysAsText: all.sorted { $0.key.text < $1.key.text }
        default: all
        }
    }

    private func compareHead(
        of document: ReplyDocument,
        _ kind: ModelListKind,
        _ bucket: Int,
        _ query: ModelQuery,
        _ here: Position
    ) throws {
        let isUploads = kind == .uploads
        let limit = String(min(query.limit, 1000))
        try expect("root", document.name, kind.root)
        try expect("Name", document.string(isUploads ? "Bucket" : "Name"), Self.names[bucket])
        try expect("limit", document.string(isUploads ? "MaxUploads" : "MaxKeys"), limit)
        try expect("Prefix", query.read(document["Prefix"]), query.prefix)
        let delimiter = query.delimiter.isEmpty ? nil : query.delimiter
        try expect("Delimiter", query.read(document["Delimiter"]), delimiter)
        try expect("EncodingType", document.string("EncodingType"), query.urlEncoded ? "url" : nil)
        for (parameter, element) in [
            ("marker", "Marker"), ("key-marker", "KeyMarker"), ("start-after", "StartAfter"),
        ] {
            guard let value = here.query.first(where: { $0.0 == parameter })?.1 else { continue }
            try expect(element, query.read(document[element]), ModelKey(value))
        }
    }

    private func compare<Item>(
        _ document: ReplyDocument,
        _ listing: ModelListing<Item>,
        _ query: ModelQuery,
        _ line: (ModelKey, Item) -> String
    ) throws {
        let items = document.children.filter { ModelListKind.itemNames.contains($0.name) }
        var (lines, prefixes): ([String], [ModelKey]) = ([], [])
        for entry in listing.entries {
            switch entry {
            case .item(let key, let item): lines.append(line(key, item))
            case .prefix(let prefix): prefixes.append(prefix)
            }
        }
        try expect("the entries", items.map { query.line($0) }, lines)
        let told = document.all("CommonPrefixes").compactMap { query.read($0["Prefix"]) }
        try expect("CommonPrefixes", told, prefixes)
        try expect("IsTruncated", document.string("IsTruncated"), String(listing.isTruncated))
        if let count = document.string("KeyCount") {
            try expect("KeyCount", count, String(listing.entries.count))
        }
    }

    private func line(_ key: ModelKey, _ version: ModelVersion, isLatest: Bool? = nil) -> String {
        let place = isLatest.map { " \(version.id) \($0)" } ?? ""
        guard let object = version.object else {
            return "DeleteMarker \(key)\(place) \(time(version.seconds))"
        }
        let name = isLatest == nil ? "Contents" : "Version"
        return
            "\(name) \(key)\(place) \(time(version.seconds)) \"\(object.etag)\" \(object.bytes.count) "
            + object.storageClass
    }
}

// MARK: The next page

extension ModelRun {
    private func next(
        in document: ReplyDocument,
        _ listing: ModelListing<ModelVersion>,
        _ query: ModelQuery,
        _ kind: ModelListKind,
        _ bucket: Int
    ) throws -> Position? {
        let last = listing.isTruncated ? listing.entries.last : nil
        if kind == .second {
            let token = document.string("NextContinuationToken")
            try expect("a token", token != nil, last != nil)
            return last.map {
                Position(query: [("continuation-token", token)], objects: .after($0.name))
            }
        }
        if kind == .first {
            let told = query.read(document["NextMarker"])
            try expect("NextMarker", told, query.delimiter.isEmpty ? nil : last?.name)
            return last.map {
                Position(query: [("marker", $0.name.text)], objects: .after($0.name))
            }
        }
        guard let last else { return nil }
        try expect("NextKeyMarker", query.read(document["NextKeyMarker"]), last.name)
        guard case .item(let key, let version) = last else {
            return Position(query: [("key-marker", last.name.text)], objects: .after(last.name))
        }
        try expect("NextVersionIdMarker", document.string("NextVersionIdMarker"), version.id)
        return position(after: ModelPlace(bucket: bucket, key: key), version: version.id)
    }

    private func next(
        in document: ReplyDocument,
        _ listing: ModelListing<ModelUpload>,
        _ query: ModelQuery
    ) throws -> Position? {
        guard listing.isTruncated, let last = listing.entries.last else { return nil }
        try expect("NextKeyMarker", query.read(document["NextKeyMarker"]), last.name)
        var parameters = [("key-marker", Optional(last.name.text))]
        guard case .item(let key, let upload) = last else {
            return Position(query: parameters, uploads: .after(last.name))
        }
        try expect("NextUploadIdMarker", document.string("NextUploadIdMarker"), upload.id)
        parameters.append(("upload-id-marker", upload.id))
        let seconds = upload.seconds
        return Position(query: parameters, uploads: .afterItem(key) { $0.seconds > seconds })
    }
}

extension ModelListKind {
    static let itemNames: Set = ["Contents", "Version", "DeleteMarker", "Upload"]

    fileprivate var root: String {
        switch self {
        case .first, .second: "ListBucketResult"
        case .versions: "ListVersionsResult"
        case .uploads: "ListMultipartUploadsResult"
        }
    }
}

extension ModelQuery {
    fileprivate func parameters(of kind: ModelListKind) -> [(String, String?)] {
        var parameters: [(String, String?)] =
            switch kind {
            case .first: []
            case .second: [("list-type", "2")]
            case .versions: [("versions", nil)]
            case .uploads: [("uploads", nil)]
            }
        if !prefix.isEmpty { parameters.append(("prefix", prefix.text)) }
        if !delimiter.isEmpty { parameters.append(("delimiter", delimiter.text)) }
        if urlEncoded { parameters.append(("encoding-type", "url")) }
        parameters.append((kind == .uploads ? "max-uploads" : "max-keys", String(limit)))
        return parameters
    }

    /// A key, prefix or marker as the document spells it.
    fileprivate func read(_ element: ReplyDocument?) -> ModelKey? {
        guard let element else { return nil }
        guard urlEncoded else { return ModelKey(element.text) }
        // Clients read it as a query's value, in which a plus is a space.
        var bytes: [UInt8] = []
        var rest = element.text[...]
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte == UInt8(ascii: "+") ? 0x20 : byte)
                continue
            }
            let digits = String(decoding: rest.prefix(2), as: UTF8.self)
            guard let value = UInt8(digits, radix: 16) else { return nil }
            bytes.append(value)
            rest = rest.dropFirst(2)
        }
        return ModelKey(bytes)
    }

    /// An entry in a line, as the model writes it.
    fileprivate func line(_ entry: ReplyDocument) -> String {
        let key = read(entry["Key"]).map(\.description) ?? "-"
        let names: [String] =
            switch entry.name {
            case "Upload": ["UploadId", "Initiated", "StorageClass"]
            case "Contents": ["LastModified", "ETag", "Size", "StorageClass"]
            case "Version":
                ["VersionId", "IsLatest", "LastModified", "ETag", "Size", "StorageClass"]
            default: ["VersionId", "IsLatest", "LastModified"]
            }
        let values = names.map { entry.string($0) ?? "-" }
        return ((entry.name == "Upload" ? [] : [entry.name]) + [key] + values).joined(
            separator: " "
        )
    }
}
