import NIOHTTP1
import ObjectStore
import S3Protocol

/// The object that a copy reads: found and allowed exactly as GetObject would.
struct CopySource: Sendable {
    let bucket: String
    let key: String
    let version: ObjectVersion
    let conditions: ReadConditions
    /// The client's key that the source is encrypted under.
    let customerKey: CustomerKey?

    /// Reads `x-amz-copy-source`: `/bucket/key?versionId=…`, percent- or plus-encoded, with or without
    /// the slash in front.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for anything else.
    init(_ request: S3Request) throws(S3Error) {
        let header = request.header("x-amz-copy-source") ?? ""
        var path = Substring(header)
        var version: String?
        if let mark = Self.versionMark(in: path) {
            version = PercentCoding.decode(path[mark.upperBound...])
            path = path[..<mark.lowerBound]
        }
        guard let decoded = PercentCoding.decode(path, plusIsSpace: true) else {
            throw Self.invalid(header)
        }
        // By bytes: a slash and an accent behind it, with which a key may begin, are one character.
        var names = Substring(decoded).utf8
        if names.first == UInt8(ascii: "/") { names.removeFirst() }
        guard let slash = names.firstIndex(of: UInt8(ascii: "/")) else {
            throw Self.invalid(header)
        }
        bucket = String(Substring(names[..<slash]))
        key = String(Substring(names[names.index(after: slash)...]))
        guard !bucket.isEmpty, !key.isEmpty else { throw Self.invalid(header) }
        guard !bucket.hasPrefix("arn:") else {
            throw S3Error(.notImplemented, "Access points are not implemented.")
        }
        self.version = try VersionParameter.read(version)
        conditions = ReadConditions(request, prefix: "x-amz-copy-source-")
        customerKey = try CustomerKeyHeaders.read(request, ofSource: true)
    }

    /// Finds the source and holds it to the conditions and to the caller's right to read it.
    ///
    /// - Returns: The source, and the headers that tell the copier which version of it that was.
    /// - Throws: ``S3Error`` as GetObject does; ``SourceAbsence`` where there is none.
    func find(in context: Context) throws -> (object: StoredObject, headers: HTTPHeaders) {
        let action = version == .latest ? GetObject.action : GetObject.versionAction
        let bucket = try context.source(bucket, key: key, version: version, for: action)
        guard let object = try context.store.version(version, of: key, in: bucket) else {
            throw try absence(in: bucket, context)
        }
        guard !object.isDeleteMarker else {
            guard version != .latest else { throw try absence(in: bucket, context) }
            throw S3Error(
                .invalidRequest,
                "The source of a copy request may not specifically refer to a delete marker by "
                    + "version id."
            )
        }
        try object.require(customerKey)
        try context.requireProtection(for: object.encryption)
        try conditions.evaluateForCopy(object, at: context.now)
        try object.requireReadable(
            at: context.now,
            "Operation is not valid for the source object's storage class"
        )
        let shown = VersionParameter.show(object, in: bucket)
        return (object, shown.map { ["x-amz-copy-source-version-id": $0] } ?? [:])
    }

    private func absence(in bucket: Bucket, _ context: Context) throws -> SourceAbsence {
        let error = version.missing(key)
        return SourceAbsence(
            error: try context.authorization.absence(error, of: key, in: bucket)
        )
    }

    /// Finds the source and copies it, and does so again where it is replaced in between.
    ///
    /// - Throws: What ``find(in:)`` and `copy` throw.
    func copied<T>(
        in context: Context,
        by copy: (_ object: StoredObject) async throws -> T
    ) async throws -> (copy: T, headers: HTTPHeaders) {
        for _ in 0..<8 {
            let (object, headers) = try find(in: context)
            do { return (try await copy(object), headers) } catch is ContentGone { continue }
        }
        throw ContentGone()
    }

    private static func versionMark(in path: Substring) -> Range<Substring.Index>? {
        let mark = Array("?versionId=".utf8)
        let bytes = path.utf8
        return bytes.indices.first { bytes[$0...].starts(with: mark) }
            .map { $0..<bytes.index($0, offsetBy: mark.count) }
    }

    private static func invalid(_ header: String) -> S3Error {
        S3Error(
            .invalidArgument,
            "Copy Source must mention the source bucket and key: sourcebucket/sourcekey",
            details: [
                .init("ArgumentName", "x-amz-copy-source"), .init("ArgumentValue", header),
            ]
        )
    }
}
