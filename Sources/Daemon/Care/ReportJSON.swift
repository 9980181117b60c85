public import ObjectStore
import Policy

extension Finding {
    var json: JSON {
        .object([
            "kind": .string(kind.rawValue), "blob": blob.map(JSON.string),
            "detail": .string(detail), "objects": .array(objects.map(JSON.string)),
            "remedy": remedy.map(JSON.string),
        ])
    }

    init?(_ json: JSON) {
        guard let kind = json["kind"]?.string.flatMap({ Kind(rawValue: $0) }),
            let detail = json["detail"]?.string
        else { return nil }
        self.init(
            kind,
            blob: json["blob"]?.string,
            detail: detail,
            objects: json["objects"]?.array?.compactMap(\.string) ?? [],
            remedy: json["remedy"]?.string
        )
    }
}

extension CheckReport {
    /// The report without its findings, which travel alone: together they could be longer than a line may be.
    var summary: JSON {
        .object([
            "blobs": .integer(blobs), "bytes": .integer(bytes), "locked": .integer(locked),
            "findingCount": .integer(findingCount),
        ])
    }

    init?(summary json: JSON, findings: [Finding]) {
        guard let blobs = json["blobs"]?.integer64, let bytes = json["bytes"]?.integer64,
            let locked = json["locked"]?.integer64, let count = json["findingCount"]?.integer64
        else { return nil }
        self.init(
            blobs: blobs,
            bytes: bytes,
            locked: locked,
            findings: findings,
            findingCount: count
        )
    }
}

extension RebuildReport {
    var json: JSON {
        .object([
            "oldIndex": oldIndex.map(JSON.string), "salvagedRows": .integer(salvagedRows),
            "damagedTables": .array(damagedTables.map(JSON.string)),
            "rebuiltVersions": .integer(rebuiltVersions),
            "rebuiltBuckets": .array(rebuiltBuckets.map(JSON.string)),
            "setAside": .array(setAside.map(\.json)), "lost": .array(lost.map(JSON.string)),
        ])
    }
}

extension BackupReport {
    /// How many missing blobs are named.
    private static let limit = 1000

    var json: JSON {
        .object([
            "blobs": .integer(blobs), "linked": .integer(linked), "bytes": .integer(bytes),
            "missing": .array(missing.prefix(Self.limit).map(JSON.string)),
        ])
    }

    init?(_ json: JSON) {
        guard let blobs = json["blobs"]?.integer64, let linked = json["linked"]?.integer64,
            let bytes = json["bytes"]?.integer64, let missing = json["missing"]?.array
        else { return nil }
        self.init(
            blobs: blobs,
            linked: linked,
            bytes: bytes,
            missing: missing.compactMap(\.string)
        )
    }

    /// The report as one line of JSON.
    public var jsonText: String { json.text }
}

extension WorkProgress {
    var json: JSON {
        .object([
            "step": .string(step), "done": .integer(done), "total": total.map(JSON.integer),
        ])
    }

    init?(_ json: JSON) {
        guard let step = json["step"]?.string, let done = json["done"]?.integer64 else {
            return nil
        }
        self.init(step, done: done, total: json["total"]?.integer64)
    }
}
