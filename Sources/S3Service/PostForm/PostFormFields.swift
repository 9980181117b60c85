import S3Protocol
import Signing

/// The fields of an upload form that came before its file, by their names in lower case.
struct PostFormFields: Sendable {
    private struct Entry: Sendable {
        /// The name as the form spells it.
        let name: String
        var value: String
    }

    private var names: [String] = []
    private var entries: [String: Entry] = [:]

    /// Names that only tell a form apart: no condition need name them, and they may come twice.
    private static let ignoredPrefix = "x-ignore-"

    /// The names in lower case, in the order they came.
    var lowercasedNames: [String] { names }

    /// A field's value, by its name in lower case.
    subscript(_ name: String) -> String? { entries[name]?.value }

    /// A field's name as it came.
    func spelling(of name: String) -> String { entries[name]?.name ?? name }

    /// Adds a field.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for one that is there already: two readers could
    ///   disagree about which of the two counts.
    mutating func add(_ name: String, _ value: String) throws(S3Error) {
        let lowercased = name.lowercased()
        guard !lowercased.hasPrefix(Self.ignoredPrefix) else { return }
        guard entries.updateValue(Entry(name: name, value: value), forKey: lowercased) == nil else {
            throw .invalidField(name, value, "The form has more than one field named '\(name)'.")
        }
        names.append(lowercased)
    }

    /// Puts the file's name where fields say `${filename}`.
    ///
    /// What is signed stays as it came. Where the file has no name, so does the rest: S3 does that,
    /// though its documentation speaks of an empty string
    /// ([HTML form fields](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTForms.html)).
    mutating func replaceFileName(by fileName: String?) {
        guard let fileName else { return }
        for name in names where !Self.signed.contains(name) {
            guard let value = entries[name]?.value, value.contains("${filename}") else { continue }
            entries[name]?.value = value.replacing("${filename}", with: fileName)
        }
    }

    private static let signed: Set = ["policy", "signature", "x-amz-signature", "awsaccesskeyid"]
}
