import NIOHTTP1
import Policy
import S3Protocol

/// What a sidecar says about the object of the file that it stands beside: `cat.jpg.pail.json` beside `cat.jpg`.
struct SeedProperties: Sendable, Hashable {
    /// What the name of a sidecar ends with.
    static let suffix = ".pail.json"
    /// The longest sidecar that is read, in bytes.
    private static let maximumSize = 64 * 1024

    /// The headers that the object is put with, by their names in a sidecar.
    private static let headers = [
        "contentType": "Content-Type", "cacheControl": "Cache-Control",
        "contentDisposition": "Content-Disposition", "contentEncoding": "Content-Encoding",
        "contentLanguage": "Content-Language", "expires": "Expires",
        "storageClass": "x-amz-storage-class",
        "websiteRedirectLocation": "x-amz-website-redirect-location",
    ]

    /// The header fields of the request that puts the object.
    private(set) var fields: [String: String] = [:]

    /// Says nothing about an object.
    init() {}

    /// Reads a sidecar.
    ///
    /// - Throws: ``Refusal`` that names the file: a word that nobody heeds must not pass for one that is.
    init(file path: String) throws(Refusal) {
        let text: String
        do { text = try FileText.read(path, limit: Self.maximumSize) } catch {
            throw Refusal("\(path) cannot be read: \(error).")
        }
        do {
            try self.init(text)
        } catch {
            throw Refusal("\(path): \(error)")
        }
    }

    /// Reads the text of a sidecar.
    ///
    /// - Throws: ``Refusal``.
    init(_ text: String) throws(Refusal) {
        let json: JSON
        do { json = try JSON(parsing: text, limit: Self.maximumSize) } catch {
            throw Refusal("this is not JSON: \(error).")
        }
        guard case .object(let members) = json else { throw Refusal("this is no JSON object.") }
        for member in members {
            switch member.name {
            case "metadata":
                for (name, value) in try Self.texts(member) {
                    guard Self.isToken(name) else {
                        throw Refusal("\"\(name)\" cannot be the name of metadata.")
                    }
                    fields["x-amz-meta-\(name)"] = value
                }
            case "tags":
                fields["x-amz-tagging"] = try Self.texts(member).map { name, value in
                    "\(PercentCoding.encode(name))=\(PercentCoding.encode(value))"
                }
                .joined(separator: "&")
            case let name:
                guard let header = Self.headers[name] else {
                    let known = (Self.headers.keys + ["metadata", "tags"]).sorted()
                    throw Refusal(
                        "\"\(name)\" means nothing here; what does is \(known.joined(separator: ", "))."
                    )
                }
                fields[header] = try Self.line(member)
            }
        }
    }

    /// A string that can be a header's value.
    private static func line(_ member: JSON.Member) throws(Refusal) -> String {
        guard let value = member.value.string, value.utf8.allSatisfy({ $0 >= 0x20 && $0 != 0x7F })
        else { throw Refusal("\"\(member.name)\" must be a string of one line.") }
        return value
    }

    /// Whether a text can be a part of a header's name.
    private static func isToken(_ name: String) -> Bool {
        !name.isEmpty
            && name.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "0")...UInt8(ascii: "9"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }

    private static func texts(_ member: JSON.Member) throws(Refusal) -> [(String, String)] {
        guard case .object(let members) = member.value else {
            throw Refusal("\"\(member.name)\" must be an object of strings.")
        }
        var texts: [(String, String)] = []
        for member in members { texts.append((member.name, try line(member))) }
        return texts
    }
}
