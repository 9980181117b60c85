import Digests
import HTTPMessage
import NIOHTTP1
import S3Protocol

/// Where Pail said something else than S3 would.
struct ModelDifference: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) { self.description = description }
}

/// How S3 refuses.
struct ModelError: Error {
    let code: String
    /// Whether it is for a delete marker, and says so.
    var isOfMarker = false

    init(_ code: String, isOfMarker: Bool = false) {
        self.code = code
        self.isOfMarker = isOfMarker
    }

    /// The status that goes with the code.
    ///
    /// [Error responses](https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html)
    var status: Int {
        switch code {
        case "NotModified": 304
        case "NoSuchKey", "NoSuchVersion", "NoSuchUpload": 404
        case "MethodNotAllowed": 405
        case "PreconditionFailed": 412
        case "InvalidRange", "InvalidPartNumber": 416
        default: 400
        }
    }
}

/// Mistakes that the model makes on purpose, to show that each would be found.
enum ModelMistake: String, Sendable, CaseIterable {
    case ignoresIfNoneMatch, keepsReplacedParts, forgetsThatCopiesTakeTags, comparesKeysAsText,
        skipsAKeyOfEachPage
}

/// Steps, carried out on the service and on a model of S3 side by side.
struct ModelRun {
    static let names = ["photos", "mirror"]

    let s3: TestS3
    let mistake: ModelMistake?
    var buckets = Self.names.map { ModelBucket(name: $0) }
    /// The newest first.
    var uploads: [ModelUpload] = []
    /// Identifiers of versions that were given out, and their places in the order of all writes.
    var given: [(at: ModelPlace, id: String, place: Int)] = []
    var writes = 0
    /// How often each kind of step came to each end.
    var tally: [String: Int] = [:]

    init(mistake: ModelMistake? = nil) async throws {
        s3 = try await TestS3(buckets: Self.names)
        self.mistake = mistake
    }

    /// Carries out a step.
    ///
    /// - Throws: ``ModelDifference``.
    mutating func run(_ step: ModelStep) async throws {
        switch step {
        case .put(let place, let body, let labels, let condition):
            try await put(place, body.bytes, labels, condition)
        case .read(let place, let version, let read): try await self.read(place, version, read)
        case .copy(let source, let version, let target, let copy):
            try await self.copy(source, version, to: target, copy)
        case .delete(let place, let version, let condition):
            try await delete(place, version, condition)
        case .deleteMany(let bucket, let targets, let isQuiet):
            try await deleteMany(targets, in: bucket, isQuiet: isQuiet)
        case .keepVersions(let bucket, let status): try await keepVersions(status, in: bucket)
        case .tag(let place, let version, let tagging): try await tag(place, version, tagging)
        case .createUpload(let place, let labels): try await createUpload(place, labels)
        case .list(let bucket, let kind, let query, let after, let version):
            try await list(kind, in: bucket, query, after: after, version)
        default: try await runOnUpload(step)
        }
    }

    /// Steps of an upload need one.
    private mutating func runOnUpload(_ step: ModelStep) async throws {
        guard !uploads.isEmpty else { return }
        switch step {
        case .uploadPart(let upload, let number, let body):
            try await uploadPart(upload % uploads.count, number, body.bytes)
        case .copyPart(let upload, let number, let source, let version, let range):
            try await copyPart(upload % uploads.count, number, source, version, range)
        case .complete(let upload, let completion, let condition):
            try await complete(upload % uploads.count, completion, condition)
        case .abort(let upload): try await abort(upload % uploads.count)
        case .listParts(let upload, let after, let limit):
            try await listParts(upload % uploads.count, after: after, limit: limit)
        default: break
        }
    }
}

// MARK: Requests and what they are compared with

extension ModelRun {
    var now: Int64 { s3.time.now().seconds }

    /// Sends a request, a second after the one before.
    func send(
        _ method: HTTPMethod,
        _ bucket: Int,
        _ key: ModelKey? = nil,
        _ query: [(String, String?)] = [],
        _ bytes: [UInt8] = [],
        headers: HTTPHeaders = [:]
    ) async -> Reply {
        s3.time.advance(bySeconds: 1)
        let parameters = query.map { name, value in
            value.map { "\(name)=\(PercentCoding.encode($0))" } ?? name
        }
        let target = "/\(Self.names[bucket])" + (key.map { "/" + $0.encoded } ?? "")
        return await s3.send(
            method,
            parameters.isEmpty ? target : "\(target)?\(parameters.joined(separator: "&"))",
            bytes: bytes,
            headers: headers
        )
    }

    func expect<Value: Equatable>(_ what: String, _ actual: Value, _ expected: Value) throws {
        guard actual != expected else { return }
        throw ModelDifference("\(what): S3 has \(expected), Pail has \(actual)")
    }

    /// That a reply is the error that S3 would send.
    mutating func expect(_ reply: Reply, _ error: ModelError, _ step: String) throws {
        tally["\(step) \(error.code)", default: 0] += 1
        // A reply without a body has only its status to tell.
        let actual = reply.body.isEmpty ? "" : " \(reply.errorCode ?? "no error")"
        let expected = reply.body.isEmpty ? "" : " \(error.code)"
        try expect("the answer", "\(reply.status)\(actual)", "\(error.status)\(expected)")
        try expect(
            "x-amz-delete-marker",
            reply.header("x-amz-delete-marker"),
            error.isOfMarker ? "true" : nil
        )
    }

    /// That a reply is a success, and what it says if it is a document.
    @discardableResult
    mutating func expectSuccess(
        _ reply: Reply,
        _ step: String,
        status: Int = 200
    ) throws -> ReplyDocument? {
        tally["\(step) \(status)", default: 0] += 1
        // A list of what was deleted has errors in it, too.
        let code = reply.status < 300 ? "" : reply.errorCode ?? ""
        try expect("the answer", "\(reply.status) \(code)", "\(status) ")
        guard reply.header("Content-Type") == "application/xml" else { return nil }
        guard let document = ReplyDocument(reply.body) else {
            throw ModelDifference("the answer is no document: \(reply.text)")
        }
        try expect("the answer's root", document.name == "Error", false)
        return document
    }

    func digest(_ bytes: [UInt8]) -> String { Hex.encode(HashFunction.hash(.md5, bytes)) }

    func time(_ seconds: Int64) -> String { ISO8601.format(Timestamp(seconds: seconds)) }
}

// MARK: Versions

extension ModelRun {
    /// The identifier that a request names; `nil` for the latest.
    func identifier(_ choice: ModelVersionChoice, at place: ModelPlace) -> String? {
        switch choice {
        case .latest: return nil
        case .null: return "null"
        case .nonsense: return "nonsense"
        case .known(let number), .foreign(let number):
            let isForeign = if case .foreign = choice { true } else { false }
            let ids = given.filter { ($0.at == place) != isForeign }.map(\.id)
            return ids.isEmpty ? "null" : ids[number % ids.count]
        }
    }

    /// What a request for a version finds.
    func find(_ id: String?, at place: ModelPlace) -> Result<ModelVersion, ModelError> {
        if id == "nonsense" { return .failure(ModelError("InvalidArgument")) }
        let bucket = buckets[place.bucket]
        guard let found = id.map({ bucket.version(place.key, $0) }) ?? bucket.latest(place.key)
        else { return .failure(ModelError(id == nil ? "NoSuchKey" : "NoSuchVersion")) }
        guard !found.isMarker else {
            let code = id == nil ? "NoSuchKey" : "MethodNotAllowed"
            return .failure(ModelError(code, isOfMarker: true))
        }
        return .success(found)
    }

    /// How a bucket that keeps or kept versions shows one.
    func shown(_ id: String, in bucket: Int) -> String? {
        buckets[bucket].versioning == nil ? nil : id
    }

    /// Makes what a request wrote the newest version, under the identifier that the reply gives it.
    mutating func write(
        _ object: ModelObject?,
        at place: ModelPlace,
        _ id: String?,
        isCopy: Bool = false
    ) throws {
        switch buckets[place.bucket].versioning {
        case nil: try expect("x-amz-version-id", id, nil)
        // A marker's identifier is told, and a copy's, but not that of what is put.
        case "Suspended":
            try expect("x-amz-version-id", id, object == nil || isCopy ? "null" : nil)
        default:
            guard let id, id != "null", !given.contains(where: { $0.id == id }) else {
                throw ModelDifference(
                    "x-amz-version-id: S3 has a new one, Pail has \(id ?? "none")"
                )
            }
        }
        writes += 1
        let version = ModelVersion(id: id ?? "null", place: writes, seconds: now, object: object)
        if let id, id != "null" { given.append((place, id, writes)) }
        buckets[place.bucket].add(version, to: place.key)
    }

    /// The headers of a condition on what is there.
    func headers(_ condition: ModelCondition, at place: ModelPlace) -> HTTPHeaders {
        let tag = buckets[place.bucket].current(place.key)?.etag ?? ModelCondition.otherTag
        return switch condition {
        case .none: [:]
        case .absent: ["If-None-Match": "*"]
        case .unchanged: ["If-Match": "\"\(tag)\""]
        case .other: ["If-Match": "\"\(ModelCondition.otherTag)\""]
        }
    }

    /// What becomes of a request with a condition.
    ///
    /// [Conditional writes](https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html)
    func refusal(_ condition: ModelCondition, at place: ModelPlace) -> ModelError? {
        let isThere = buckets[place.bucket].current(place.key) != nil
        switch condition {
        case .none: return nil
        case .absent:
            return isThere && mistake != .ignoresIfNoneMatch
                ? ModelError("PreconditionFailed") : nil
        case .unchanged: return isThere ? nil : ModelError("NoSuchKey")
        case .other: return ModelError(isThere ? "PreconditionFailed" : "NoSuchKey")
        }
    }
}
