import Digests
import NIOHTTP1
import ObjectStore
import S3Protocol

/// What an object says about itself when it is read: system headers and user metadata.
///
/// [Working with object metadata](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html)
enum ObjectFields {
    static let defaultContentType = "binary/octet-stream"
    static let userPrefix = "x-amz-meta-"
    private static let system = [
        "cache-control", "content-disposition", "content-encoding", "content-language", "expires",
    ]
    private static let headerNames = [
        "cache-control": "Cache-Control", "content-disposition": "Content-Disposition",
        "content-encoding": "Content-Encoding", "content-language": "Content-Language",
        "content-type": "Content-Type", "expires": "Expires",
    ]

    /// The fields that a write's headers ask for, names in lower case.
    ///
    /// - Throws: ``S3Error`` with `MetadataTooLarge` or `InvalidRedirectLocation`.
    static func read(_ request: S3Request) throws(S3Error) -> [Field] {
        var fields = [
            Field("content-type", request.header("content-type") ?? defaultContentType)
        ]
        for name in system {
            guard var value = request.header(name) else { continue }
            if name == "content-encoding" { value = withoutChunkedEncoding(value) }
            if !value.isEmpty { fields.append(Field(name, value)) }
        }
        if let location = try WebsiteRedirect.read(request) {
            fields.append(Field(WebsiteRedirect.header, location))
        }
        let user = userMetadata(request.headers)
        try checkSize(of: user)
        return fields + user.map { Field($0.name, mailSafe($0.value)) }
    }

    /// The response headers that show fields to a reader, with `response-*` overrides applied.
    static func headers(_ fields: [Field], overrides: [String: String] = [:]) -> HTTPHeaders {
        var headers = HTTPHeaders()
        headers.reserveCapacity(fields.count + 12)
        for field in fields where overrides[field.name] == nil {
            headers.add(name: headerNames[field.name] ?? field.name, value: field.value)
        }
        for (name, value) in overrides.sorted(by: { $0.key < $1.key }) {
            headers.add(name: headerNames[name] ?? name, value: value)
        }
        return headers
    }

    /// The `response-*` parameters of a read, by the field that each replaces.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for a value that could not be a header's.
    static func overrides(_ query: Query) throws(S3Error) -> [String: String] {
        guard !query.isEmpty else { return [:] }
        var overrides: [String: String] = [:]
        for name in headerNames.keys {
            guard let value = query.nonEmpty("response-\(name)") else { continue }
            guard isHeaderValue(value) else {
                throw S3Error(
                    .invalidArgument,
                    "Header value cannot be represented using ISO-8859-1.",
                    details: [
                        .init("ArgumentName", "response-\(name)"), .init("ArgumentValue", value),
                    ]
                )
            }
            overrides[name] = value
        }
        return overrides
    }

    /// Whether a text could travel as a header's value.
    static func isHeaderValue(_ value: String) -> Bool {
        value.utf8.allSatisfy { ($0 >= 0x20 && $0 != 0x7F) || $0 == 0x09 }
    }

    /// What `x-amz-meta-` headers say.
    ///
    /// A name that comes more than once has its values joined, as HTTP has it.
    private static func userMetadata(_ headers: HTTPHeaders) -> [Field] {
        var fields: [Field] = []
        for (name, value) in headers where name.utf8.count > userPrefix.utf8.count {
            let name = name.lowercased()
            guard name.hasPrefix(userPrefix) else { continue }
            if let index = fields.firstIndex(where: { $0.name == name }) {
                fields[index] = Field(name, fields[index].value + "," + value)
            } else {
                fields.append(Field(name, value))
            }
        }
        return fields
    }

    /// A value as S3 gives it back: what it holds beyond ASCII, S3 takes byte by byte for ISO-8859-1, and
    /// writes in encoded words.
    ///
    /// [User-defined metadata](https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html#UserMetadata)
    private static func mailSafe(_ value: String) -> String {
        guard !value.utf8.allSatisfy({ $0 < 0x80 }) else { return value }
        var characters = String.UnicodeScalarView()
        characters.append(contentsOf: value.utf8.map { Unicode.Scalar($0) })
        return EncodedWords.encode(String(characters))
    }

    private static func checkSize(of user: [Field]) throws(S3Error) {
        let size = user.reduce(0) {
            $0 + $1.name.utf8.count - userPrefix.utf8.count + $1.value.utf8.count
        }
        guard size <= Limits.userMetadataBytes else {
            throw S3Error(
                .metadataTooLarge,
                details: [
                    .init("Size", String(size)),
                    .init("MaxSizeAllowed", String(Limits.userMetadataBytes)),
                ]
            )
        }
    }

    /// `aws-chunked` describes the way here, not the object; other tokens are kept.
    private static func withoutChunkedEncoding(_ value: String) -> String {
        value.split(separator: ",")
            .filter { $0.trimmingSpaces.lowercased() != "aws-chunked" }
            .joined(separator: ",")
            .trimmingSpaces
    }
}

extension StringProtocol {
    /// The text without the spaces around it.
    var trimmingSpaces: String {
        var bytes = Substring(self).utf8.drop { $0 == 0x20 || $0 == 0x09 }
        while let last = bytes.last, last == 0x20 || last == 0x09 { bytes.removeLast() }
        return String(Substring(bytes))
    }
}
