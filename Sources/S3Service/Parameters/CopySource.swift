import ObjectStore
import S3Protocol

/// The object that a copy reads: found and allowed exactly as GetObject would.
struct CopySource: Sendable {
    let bucket: String
    let key: String
    let version: ObjectVersionID
    let conditions: ReadConditions

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
        let names = decoded.hasPrefix("/") ? decoded.dropFirst() : Substring(decoded)
        guard let slash = names.firstIndex(of: "/") else { throw Self.invalid(header) }
        bucket = String(names[..<slash])
        key = String(names[names.index(after: slash)...])
        guard !bucket.isEmpty, !key.isEmpty else { throw Self.invalid(header) }
        guard !bucket.hasPrefix("arn:") else {
            throw S3Error(.notImplemented, "Access points are not implemented.")
        }
        self.version = try ObjectVersionID(version, key: key)
        conditions = ReadConditions(request, prefix: "x-amz-copy-source-")
    }

    /// Finds the source and holds it to the conditions and to the caller's right to read it.
    ///
    /// - Throws: ``S3Error`` as GetObject does.
    func find(in context: Context) throws -> StoredObject {
        try context.require(GetObject.action, onObject: key, in: bucket)
        guard let object = try context.store.object(key, in: try context.bucket(bucket)) else {
            throw S3Error(.noSuchKey, details: [.init("Key", key)])
        }
        try conditions.evaluateForCopy(object)
        return object
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
