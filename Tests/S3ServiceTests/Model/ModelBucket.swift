/// What S3 keeps of an object.
struct ModelObject: Sendable {
    var bytes: [UInt8]
    var etag: String
    var fields: ModelFields
    var tags: [String: String]
    var storageClass: String
    /// Its parts' numbers and sizes; empty where it was put whole.
    var partNumbers: [Int] = []
    var partSizes: [Int] = []
}

/// What an object says of itself when it is read.
struct ModelFields: Sendable, Equatable {
    var contentType: String
    var note: String
}

/// A version of an object; a delete marker has no object.
struct ModelVersion: Sendable {
    let id: String
    let place: Int
    let seconds: Int64
    var object: ModelObject?

    var isMarker: Bool { object == nil }
}

/// A bucket by AWS's documentation of versioning, without a thought of how it is stored.
///
/// [Versioning](https://docs.aws.amazon.com/AmazonS3/latest/userguide/versioning-workflows.html)
struct ModelBucket: Sendable {
    let name: String
    /// `nil`, `Enabled` or `Suspended`.
    var versioning: String?
    /// For each key the newest version first.
    private(set) var versions: [ModelKey: [ModelVersion]] = [:]

    init(name: String) { self.name = name }

    /// The newest version of a key, which may be a delete marker.
    func latest(_ key: ModelKey) -> ModelVersion? { versions[key]?.first }

    /// The object at a key; none where it is deleted.
    func current(_ key: ModelKey) -> ModelObject? { latest(key)?.object }

    func version(_ key: ModelKey, _ id: String) -> ModelVersion? {
        versions[key]?.first { $0.id == id }
    }

    /// Makes a version the newest of its key.
    ///
    /// Where versions are not kept any more, it takes the place of the version `null`.
    mutating func add(_ version: ModelVersion, to key: ModelKey) {
        var kept = versions[key] ?? []
        if versioning != "Enabled" { kept.removeAll { $0.id == "null" } }
        versions[key] = [version] + kept
    }

    mutating func remove(_ key: ModelKey, _ id: String) {
        versions[key]?.removeAll { $0.id == id }
        if versions[key]?.isEmpty == true { versions[key] = nil }
    }

    mutating func setTags(_ tags: [String: String], of key: ModelKey, _ id: String) {
        guard let index = versions[key]?.firstIndex(where: { $0.id == id }) else { return }
        versions[key]?[index].object?.tags = tags
    }
}

/// A part of an upload.
struct ModelPart: Sendable {
    let bytes: [UInt8]
    let etag: String
    let seconds: Int64
}

/// An upload in parts, which is remembered after its end.
struct ModelUpload: Sendable {
    enum State: Sendable, Equatable {
        case open
        case aborted
        /// What it became, which a client that asks again is told again.
        case completed(etag: String, version: String)
    }

    let id: String
    let bucket: Int
    let key: ModelKey
    let fields: ModelFields
    let tags: [String: String]
    let storageClass: String
    let seconds: Int64
    var parts: [Int: ModelPart] = [:]
    var state = State.open
}
