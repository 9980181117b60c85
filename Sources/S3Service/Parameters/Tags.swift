import NIOCore
import ObjectStore
import S3Protocol

/// The tags of an object or a bucket: read from a header or a document, checked, and written.
///
/// [Object tags](https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-tagging.html)
struct Tags: Sendable {
    /// What is tagged decides how many tags there may be.
    enum Target: Sendable {
        case object
        case bucket
        /// A bucket that is about to be made.
        case newBucket

        /// S3's own limits.
        var limit: Int { self == .object ? 10 : 50 }

        /// What S3 says of a name that only AWS itself may give.
        var refusalOfReserved: String {
            switch self {
            case .object: "Your TagKey cannot be prefixed with aws:"
            case .bucket: "System tags cannot be added/updated by requester"
            case .newBucket:
                "User-defined tag keys can't start with \"aws:\". This prefix is reserved for system "
                    + "tags. Remove \"aws:\" from your tag keys and try again."
            }
        }
    }

    /// Characters of a tag's name and value.
    static let nameLength = 1...128
    static let valueLength = 0...256

    let list: [Field]

    /// Reads `x-amz-tagging`: a query, `colour=red&size=XL`.
    ///
    /// - Returns: `nil` where there is no such header.
    /// - Throws: ``S3Error`` with `InvalidArgument`, `InvalidTag` or `BadRequest`.
    init?(header request: S3Request) throws(S3Error) {
        guard let text = request.header("x-amz-tagging") else { return nil }
        let invalid = S3Error(
            .invalidArgument,
            "The header 'x-amz-tagging' shall be encoded as UTF-8 then URLEncoded URL query "
                + "parameters without tag name duplicates.",
            details: [.init("ArgumentName", "x-amz-tagging"), .init("ArgumentValue", text)]
        )
        let query: Query
        do { query = try Query(Substring(text)) } catch { throw invalid }
        let pairs = text.utf8.split(separator: UInt8(ascii: "&"))
        guard Set(query.names).count == query.names.count,
            pairs.allSatisfy({ pair in
                pair.first != UInt8(ascii: "=") && pair.count { $0 == UInt8(ascii: "=") } <= 1
            })
        else { throw invalid }
        // A query has no order of its own, so the tags come back in that of their names.
        list = query.names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            .map { Field($0, query[$0] ?? "") }
        try check(.object)
    }

    /// Reads a `Tagging` document, whose set may be empty and must be there.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, `InvalidTag` or `BadRequest`.
    init(document: ByteBuffer, of target: Target) throws(S3Error) {
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let tagging = try XMLElement.parse(document.readableBytesView, root: "Tagging")
        guard let set = tagging["TagSet"] else { throw S3Error(.malformedXML) }
        try self.init(set: set, of: target)
    }

    /// Reads the elements of a set; no set has none.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, `InvalidTag` or `BadRequest`.
    init(set: XMLElement?, of target: Target) throws(S3Error) {
        list = try (set?.all("Tag") ?? []).map { tag throws(S3Error) in
            guard let name = tag["Key"], let value = tag["Value"] else {
                throw S3Error(.malformedXML)
            }
            return Field(name.text, value.text)
        }
        try check(target)
    }

    private func check(_ target: Target) throws(S3Error) {
        guard list.count <= target.limit else {
            throw S3Error(
                .badRequest,
                target == .object
                    ? "Object tags cannot be greater than \(target.limit)"
                    : "Bucket tag count cannot be greater than \(target.limit)"
            )
        }
        for tag in list {
            guard Self.nameLength.contains(tag.name.unicodeScalars.count), tag.name.isTagText else {
                throw Self.invalid("The TagKey you have provided is invalid", tag.name)
            }
            guard Self.valueLength.contains(tag.value.unicodeScalars.count), tag.value.isTagText
            else {
                throw Self.invalid("The TagValue you have provided is invalid", tag.name, tag.value)
            }
            guard !tag.name.lowercased().hasPrefix("aws:") else {
                throw Self.invalid(target.refusalOfReserved, tag.name)
            }
        }
        var names: Set<String> = []
        for tag in list where !names.insert(tag.name).inserted {
            throw Self.invalid("Cannot provide multiple Tags with the same key", tag.name)
        }
    }

    private static func invalid(
        _ message: String,
        _ name: String,
        _ value: String? = nil
    ) -> S3Error {
        let value = value.map { [S3Error.Detail("TagValue", $0)] } ?? []
        return S3Error(.invalidTag, message, details: [.init("TagKey", name)] + value)
    }
}

extension String {
    /// Letters, digits and spaces of any script, and `+ - = . _ : / @`.
    fileprivate var isTagText: Bool {
        allSatisfy { $0.isLetter || $0.isNumber || $0.isWhitespace || "+-=._:/@".contains($0) }
    }
}

extension XMLWriter {
    /// A `Tagging` document.
    static func tagging(_ tags: [Field]) -> ByteBuffer {
        document("Tagging") { xml in
            xml.element("TagSet") { xml in
                for tag in tags {
                    xml.element("Tag") { xml in
                        xml.element("Key", tag.name)
                        xml.element("Value", tag.value)
                    }
                }
            }
        }
    }
}
