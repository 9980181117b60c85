import ObjectStore
import S3Protocol

/// What every listing of keys takes, and how it spells keys in its answer.
struct ListParameters: Sendable {
    let prefix: String
    let delimiter: String?
    /// Entries on the page, at most ``Limits/listPage``.
    let limit: Int
    let isURLEncoded: Bool

    /// Reads the parameters; an empty delimiter is none.
    ///
    /// - Parameters:
    ///   - request: the request.
    ///   - limitName: `max-keys` or `max-uploads`.
    /// - Throws: ``S3Error`` with `InvalidArgument` for a limit or an encoding that is none.
    init(_ request: S3Request, limitName: String = "max-keys") throws(S3Error) {
        prefix = request.query["prefix"] ?? ""
        delimiter = request.query.nonEmpty("delimiter")
        let limit = try request.number(limitName, in: 0...Int(Int32.max))
        self.limit = min(limit ?? Limits.listPage, Limits.listPage)
        let encoding = request.query["encoding-type"]
        guard encoding == nil || encoding?.lowercased() == "url" else {
            throw S3Error(
                .invalidArgument,
                "Invalid Encoding Method specified in Request",
                details: [
                    .init("ArgumentName", "encoding-type"),
                    .init("ArgumentValue", encoding ?? ""),
                ]
            )
        }
        isURLEncoded = encoding != nil
    }

    /// Where a listing begins that is to go on after a name; "" is the beginning.
    ///
    /// A name that is itself what keys are rolled up to stands for all of them. So does, as a marker, any name that is
    /// rolled up; to ListObjectsV2 such a one is a key, behind which there may be more of the same prefix.
    func start(after name: String, isMarker: Bool = true) -> ListQuery.Start {
        guard !name.isEmpty else { return .beginning }
        // By bytes, as keys are: to a string, `e` is no prefix of an `e` with an accent behind it.
        guard let delimiter, name.utf8.starts(with: prefix.utf8) else { return .afterKey(name) }
        let rest = name.utf8.dropFirst(prefix.utf8.count)
        guard let first = rest.indices.first(where: { rest[$0...].starts(with: delimiter.utf8) })
        else { return .afterKey(name) }
        let end = rest.index(first, offsetBy: delimiter.utf8.count)
        guard isMarker || end == rest.endIndex else { return .afterKey(name) }
        return .afterPrefix(String(Substring(name.utf8[..<end])))
    }

    /// A key, prefix or marker as the answer spells it.
    func spell(_ text: String) -> String {
        isURLEncoded ? PercentCoding.encode(text, keeping: .slashes) : text
    }

    /// `Delimiter` and `EncodingType`, where they were given.
    func writeDelimiter(_ xml: inout XMLWriter) {
        xml.element("Delimiter", ifPresent: delimiter.map(spell))
        if isURLEncoded { xml.element("EncodingType", "url") }
    }

    /// The common prefixes of a page.
    func writeCommonPrefixes(_ prefixes: [String], _ xml: inout XMLWriter) {
        for prefix in prefixes {
            xml.element("CommonPrefixes") { xml in xml.element("Prefix", spell(prefix)) }
        }
    }
}
