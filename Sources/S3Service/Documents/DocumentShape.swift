import NIOCore
import S3Protocol

/// What the schema of S3 lets an element hold: the one way in which documents that are only kept are checked and written.
///
/// [The S3 API reference](https://docs.aws.amazon.com/AmazonS3/latest/API/API_Types_Amazon_Simple_Storage_Service.html)
indirect enum DocumentShape: Sendable {
    /// A text of so many characters.
    case text(ClosedRange<Int>)
    /// One of these words.
    case word([String])
    /// A whole number in a range.
    case number(ClosedRange<Int>)
    /// `true` or `false`.
    case flag
    /// Elements, each by its name as often as it may come, and no others.
    case elements([DocumentElement])

    /// The words that switch things on and off.
    static let status = word(["Enabled", "Disabled"])
    /// A key, or the beginning of keys.
    static let key = text(0...Limits.keyBytes)

    /// An element that only says whether something is on.
    static let switched = elements([.one("Status", .status)])
}

/// An element of a document, and how often it comes.
struct DocumentElement: Sendable {
    let name: String
    let count: ClosedRange<Int>
    let shape: DocumentShape

    /// An element that must be there.
    static func one(_ name: String, _ shape: DocumentShape) -> DocumentElement {
        DocumentElement(name: name, count: 1...1, shape: shape)
    }

    /// An element that may be there.
    static func optional(_ name: String, _ shape: DocumentShape) -> DocumentElement {
        DocumentElement(name: name, count: 0...1, shape: shape)
    }

    /// An element that may come often.
    static func many(
        _ name: String,
        _ count: ClosedRange<Int>,
        _ shape: DocumentShape
    ) -> DocumentElement {
        DocumentElement(name: name, count: count, shape: shape)
    }
}

extension DocumentShape {
    /// Fails for what S3's schema has not.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`.
    func check(_ element: XMLElement) throws(S3Error) {
        let isSound =
            switch self {
            case .text(let length): element.children.isEmpty && length.contains(element.text.count)
            case .word(let words): element.children.isEmpty && words.contains(element.trimmed)
            case .number(let range): Int(element.trimmed).map { range.contains($0) } ?? false
            case .flag: ["true", "false"].contains(element.trimmed)
            case .elements(let known):
                element.children.allSatisfy { child in known.contains { $0.name == child.name } }
                    && known.allSatisfy { $0.count.contains(element.all($0.name).count) }
            }
        guard isSound else { throw S3Error(.malformedXML) }
        guard case .elements(let known) = self else { return }
        for member in known {
            for child in element.all(member.name) { try member.shape.check(child) }
        }
    }

    /// Writes what an element holds, in the order of the schema; the element has been checked.
    func write(_ element: XMLElement, to xml: inout XMLWriter) {
        switch self {
        case .text: xml.text(element.text)
        case .word, .number, .flag: xml.text(element.trimmed)
        case .elements(let known):
            for member in known {
                for child in element.all(member.name) {
                    xml.element(named: member.name) { member.shape.write(child, to: &$0) }
                }
            }
        }
    }

    /// Writes a whole document.
    func document(_ root: StaticString, _ element: XMLElement) -> [UInt8] {
        Array(XMLWriter.document(root) { write(element, to: &$0) }.readableBytesView)
    }
}

// Shapes that several documents have.
extension DocumentShape {
    static let tag = elements([.one("Key", .text(1...128)), .one("Value", .text(0...256))])

    /// A choice of objects by a prefix, a tag, or several of both; `extra` is what only some documents have.
    static func filter(_ extra: [DocumentElement] = []) -> DocumentShape {
        .elements(
            [
                .optional("Prefix", .key), .optional("Tag", .tag),
                .optional(
                    "And",
                    .elements([.optional("Prefix", .key), .many("Tag", 0...10, .tag)] + extra)
                ),
            ] + extra
        )
    }

    /// Fails unless a filter says one thing, or several in `And`.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, and `InvalidRequest` for a tag that comes twice.
    static func checkFilter(_ filter: XMLElement?) throws(S3Error) {
        guard let filter else { return }
        guard filter.children.count <= 1, filter["And"].map({ $0.children.count > 1 }) ?? true
        else { throw S3Error(.malformedXML) }
        let keys = filter["And"]?.all("Tag").compactMap { $0["Key"]?.text } ?? []
        guard Set(keys).count == keys.count else {
            throw S3Error(.invalidRequest, "Duplicate Tag Keys are not allowed.")
        }
    }
}

extension S3Error {
    /// The error for a bucket that a document names and that is none.
    static func invalidDestination(_ bucket: String) -> S3Error {
        S3Error(
            .invalidArgument,
            "Invalid bucket ARN.",
            details: [.init("ArgumentName", "Bucket"), .init("ArgumentValue", bucket)]
        )
    }

    /// The name in a bucket's ARN.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for anything else.
    static func bucketName(inARN arn: String?) throws(S3Error) -> String {
        let prefix = "arn:aws:s3:::"
        guard let arn = arn, arn.hasPrefix(prefix) else { throw .invalidDestination(arn ?? "") }
        let name = String(arn.dropFirst(prefix.count))
        guard BucketName.isValid(name) else { throw .invalidDestination(arn) }
        return name
    }
}
