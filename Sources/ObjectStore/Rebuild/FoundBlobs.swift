internal import Digests
internal import Glibc
internal import S3Protocol
internal import SQLite

/// A blob that the index does not name, and what its record says.
struct FoundBlob: Sendable {
    let name: String
    let kind: BlobKind
    let bucket: String
    let key: String
    let modified: Int64
    let size: Int64
    let record: BlobRecord

    /// Reads what a record says.
    ///
    /// - Returns: `nil` where it says too little.
    init?(_ name: String, _ record: BlobRecord) {
        guard let kind = record["kind"].flatMap({ BlobKind(rawValue: $0) }),
            let bucket = record["bucket"], let key = record["key"], BucketName.isValid(bucket),
            let modified = record["modified"].flatMap({ Int64($0) }),
            let size = record["size"].flatMap({ Int64($0) }), size >= 0
        else { return nil }
        self.name = name
        self.kind = kind
        self.bucket = bucket
        self.key = key
        self.modified = modified
        self.size = size
        self.record = record
    }

    /// Whether the bucket kept what was overwritten when this was written.
    var versioning: Versioning? { record["versioning"].flatMap { Versioning(rawValue: $0) } }
    var crc64: [UInt8] {
        record["crc64nvme"].flatMap { Hex.decode($0) } ?? [UInt8](repeating: 0, count: 8)
    }
    var md5: [UInt8]? { record["md5"].flatMap { Hex.decode($0) } }

    /// The entity tag of an object, without quotes: its own, where it was given one.
    var etag: String {
        record.fields.last { $0.name == "etag" }?.value ?? record["md5"] ?? ""
    }

    /// The parts that a manifest names, in order, and none of others; `nil` where they cannot be read.
    var parts: [ManifestPart]? {
        guard kind == .manifest else { return [] }
        let parts = record.fields.filter { $0.name == "part" }.map { ManifestPart($0.value) }
        let known = parts.compactMap(\.self)
        return known.count == parts.count ? known : nil
    }
}

/// A part as a manifest names it.
struct ManifestPart: Sendable {
    let number: Int
    let size: Int64
    let blob: String
    let checksum: String?

    init?(_ text: String) {
        let words = text.split(separator: " ").map(String.init)
        guard (3...4).contains(words.count), let number = Int(words[0]),
            let size = Int64(words[1])
        else { return nil }
        self.number = number
        self.size = size
        blob = words[2]
        checksum = words.count == 4 ? words[3] : nil
    }
}

/// All blobs that the index does not name.
struct FoundBlobs {
    /// Objects and manifests, oldest first.
    private(set) var objects: [FoundBlob] = []
    /// All that say what they are, by the names of their files.
    private(set) var byName: [String: FoundBlob] = [:]
    /// What says too little about itself.
    private(set) var silent: [Finding] = []
    /// The latest start that made any blob of the folder.
    private(set) var latestStart: Int64 = 0
    /// Whether any is under the master key.
    private(set) var needsMasterKey = false

    /// Reads the records of all blobs that a connection does not know.
    init(
        _ files: any FileSystem,
        knownTo connection: Connection,
        _ progress: (WorkProgress) -> Void
    ) throws {
        let names = try files.names(in: .blobs).sorted()
        for (number, name) in names.enumerated() {
            if number % 64 == 0 {
                progress(WorkProgress("records", done: Int64(number), total: Int64(names.count)))
            }
            latestStart = max(latestStart, BlobNames.start(of: name) ?? 0)
            guard try !connection.knows(name) else { continue }
            try take(name, files)
        }
        objects.sort { ($0.modified, $0.name) < ($1.modified, $1.name) }
    }

    private mutating func take(_ name: String, _ files: any FileSystem) throws {
        var found: FoundBlob?
        var isWhole = false
        do throws(IOError) {
            let read = try BlobRecord.read(from: OpenBlob(try files.open(name)))
            found = read.flatMap { FoundBlob(name, $0.record) }
            isWhole = found.map { $0.fileSize == read?.bodySize } ?? false
        } catch {
            guard error.errno == EIO else { throw error }
        }
        guard let found else {
            silent.append(Finding(.unnamed, blob: name, detail: "it does not say what it is"))
            return
        }
        guard isWhole else {
            let detail = "it is shorter or longer than it says"
            silent.append(
                Finding(
                    .damaged,
                    blob: name,
                    detail: detail,
                    objects: ["\(found.bucket)/\(found.key)"]
                )
            )
            return
        }
        if let encryption = found.record.encryption {
            if case .customer = encryption {} else { needsMasterKey = true }
        }
        byName[name] = found
        if found.kind != .part { objects.append(found) }
    }
}

extension FoundBlob {
    /// How many bytes lie before the record.
    fileprivate var fileSize: Int64 {
        if kind == .manifest { return 0 }
        return record.envelope == nil ? size : BlockLayout.sealedSize(of: size)
    }
}
