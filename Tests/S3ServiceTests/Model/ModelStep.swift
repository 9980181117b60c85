/// A bucket by its number, and a key.
struct ModelPlace: Sendable, Hashable, CustomStringConvertible {
    let bucket: Int
    let key: ModelKey

    var description: String { "\(ModelRun.names[bucket])/\(key)" }
}

/// One request, or a walk through a listing.
///
/// Steps name versions and uploads by their number among those that there are, so that a sequence
/// still means something when steps before them are taken away.
enum ModelStep: Sendable {
    case put(ModelPlace, ModelBody, ModelLabels, ModelCondition)
    case read(ModelPlace, ModelVersionChoice, ModelRead)
    case copy(from: ModelPlace, ModelVersionChoice, to: ModelPlace, ModelCopy)
    case delete(ModelPlace, ModelVersionChoice, ModelCondition)
    case deleteMany(bucket: Int, [ModelTarget], isQuiet: Bool)
    case keepVersions(bucket: Int, String)
    case tag(ModelPlace, ModelVersionChoice, ModelTagging)
    case createUpload(ModelPlace, ModelLabels)
    case uploadPart(upload: Int, number: Int, ModelBody)
    case copyPart(
        upload: Int,
        number: Int,
        ModelPlace,
        ModelVersionChoice,
        range: ClosedRange<Int>?
    )
    case complete(upload: Int, ModelCompletion, ModelCondition)
    case abort(upload: Int)
    case listParts(upload: Int, after: Int, limit: Int)
    case list(bucket: Int, ModelListKind, ModelQuery, after: ModelKey, ModelVersionChoice)
}

/// A body: what is in it, and how much.
struct ModelBody: Sendable, CustomStringConvertible {
    let seed: Int
    let size: Int

    var description: String { "\(size) bytes of \(seed)" }

    /// What a part other than the last must have: the one size that is slow, so it is made once.
    static let large = 5 << 20
    private static let noise = (0..<4).map { seed in
        (0..<65_536).map { UInt8(truncatingIfNeeded: ($0 &* (seed * 2 + 167)) >> 3 &+ $0 &+ seed) }
    }
    private static let largeBodies = noise.map { block in
        (0..<large / block.count).reduce(into: [UInt8]()) { bytes, _ in bytes += block }
    }

    var bytes: [UInt8] {
        size == Self.large
            ? Self.largeBodies[seed % 4] : Array(Self.noise[seed % 4].dropFirst(seed).prefix(size))
    }
}

/// What a writer says of an object beside its bytes.
struct ModelLabels: Sendable {
    var fields: ModelFields
    var tags: [String: String]
    var storageClass: String
}

/// A condition on what is at the key.
enum ModelCondition: Sendable {
    case none
    /// `If-None-Match: *`
    case absent
    /// `If-Match` with the tag of what is there, or of nothing.
    case unchanged
    /// `If-Match` with another tag.
    case other

    static let otherTag = "00000000000000000000000000000000"
}

/// Which version of a key.
enum ModelVersionChoice: Sendable {
    case latest
    case null
    /// One that was given out for the key, gone or not.
    case known(Int)
    /// One that was given out for another key.
    case foreign(Int)
    /// What never was an identifier.
    case nonsense
}

/// How an object is read.
struct ModelRead: Sendable {
    enum Span: Sendable {
        case whole
        case closed(Int, Int)
        case from(Int)
        case suffix(Int)
        case part(Int)
    }

    enum Condition: Sendable, CaseIterable { case none, match, mismatch, noneMatch, noneMismatch }

    let isHead: Bool
    let span: Span
    let condition: Condition
}

/// What a copy changes.
struct ModelCopy: Sendable {
    let fields: ModelFields?
    let tags: [String: String]?
    let storageClass: String?
    let condition: ModelCondition
    let sourceCondition: ModelRead.Condition
}

/// One of many to delete.
struct ModelTarget: Sendable {
    let key: ModelKey
    let version: ModelVersionChoice
    let condition: ModelCondition
}

enum ModelTagging: Sendable {
    case get
    case put([String: String])
    case delete
}

/// Which parts a completion names.
enum ModelCompletion: Sendable, CaseIterable {
    case all, allButFirst, reversed, wrongTag, unknownPart, nothing
}

enum ModelListKind: Sendable, CaseIterable { case first, second, versions, uploads }
