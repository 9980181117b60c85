/// The value of an `If-Match` or `If-None-Match` header.
///
/// [RFC 9110, 13.1](https://www.rfc-editor.org/rfc/rfc9110#section-13.1)
public enum ETagMatch: Hashable, Sendable {
    /// `*`: whatever there is.
    case any
    /// Any of these tags, without quotes.
    case tags([String])

    /// Reads a header; tags may come without quotes, as many clients send them.
    public init(_ header: some StringProtocol) {
        let tags = header.split(separator: ",").map { ETagMatch.unquoted($0) }
        self = tags == ["*"] ? .any : .tags(tags)
    }

    /// Whether the entity with this tag (without quotes) is meant; `nil` is no entity.
    public func matches(_ etag: String?) -> Bool {
        guard let etag else { return false }
        return switch self {
        case .any: true
        case .tags(let tags): tags.contains(etag) || tags.contains("*")
        }
    }

    /// A tag without white space, weakness and quotes.
    public static func unquoted(_ tag: some StringProtocol) -> String {
        var bytes = Substring(tag).utf8.drop { $0 == 0x20 }
        while bytes.last == 0x20 { bytes.removeLast() }
        if bytes.starts(with: "W/".utf8) { bytes.removeFirst(2) }
        // S3 takes a tag with one quote lost as well.
        if bytes.first == 0x22 { bytes.removeFirst() }
        if bytes.last == 0x22 { bytes.removeLast() }
        return String(Substring(bytes))
    }
}
