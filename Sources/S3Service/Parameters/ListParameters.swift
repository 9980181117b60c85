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
        let encoding = request.query.nonEmpty("encoding-type")
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
    /// A name that is itself what keys are rolled up to stands for all of them.
    func start(after name: String) -> ListQuery.Start {
        guard !name.isEmpty else { return .beginning }
        // By bytes, as keys are: to a string, `e` is no prefix of an `e` with an accent behind it.
        guard let delimiter, name.utf8.starts(with: prefix.utf8) else { return .afterKey(name) }
        let rest = name.utf8.dropFirst(prefix.utf8.count)
        let first = rest.indices.first { rest[$0...].starts(with: delimiter.utf8) }
        let isRolledUp = first.map { rest[$0...].count == delimiter.utf8.count } ?? false
        return isRolledUp ? .afterPrefix(name) : .afterKey(name)
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
