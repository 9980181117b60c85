import Digests
import Policy
import S3Protocol

/// The policy of an upload form: what its signer allows to be uploaded, and until when.
///
/// [POST policy](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html)
struct PostPolicyDocument: Sendable {
    let expiration: Timestamp
    let conditions: [PostPolicyCondition]

    /// Arrays and objects inside one another: the document, its conditions, one of them.
    private static let depth = 4

    /// AWS documents these two beside JSON's own.
    private static let escapes: [Unicode.Scalar: String] = ["$": "$", "v": "\u{B}"]

    /// Reads a policy as a form carries it, in base64.
    ///
    /// - Throws: ``S3Error`` with `InvalidPolicyDocument`.
    init(base64: String) throws(S3Error) {
        guard let bytes = Base64.decode(base64), let text = String(validating: bytes, as: UTF8.self)
        else { throw .invalidPolicy("invalid Base64 encoding.") }
        let document = try Self.read(text)
        guard case .object(let members) = document else { throw .invalidPolicy("Invalid JSON.") }
        for member in members where !["expiration", "conditions"].contains(member.name) {
            throw .invalidPolicy("Unexpected: '\(member.name.lowercased())'")
        }
        guard let expiration = document["expiration"] else {
            throw .invalidPolicy("Policy missing expiration.")
        }
        guard let conditions = document["conditions"] else {
            throw .invalidPolicy("Policy missing conditions.")
        }
        guard let list = conditions.array else {
            throw .invalidPolicy("Invalid 'conditions' value: must be a List.")
        }
        self.expiration = try Self.moment(expiration)
        self.conditions = try list.map { json throws(S3Error) in try PostPolicyCondition(json) }
    }

    private static func read(_ text: String) throws(S3Error) -> JSON {
        do {
            return try JSON(
                parsing: text,
                limit: Limits.formFieldBytes,
                depth: depth,
                escapes: escapes
            )
        } catch {
            throw .invalidPolicy("Invalid JSON.", hint: error.description)
        }
    }

    /// A moment in UTC, spelled `2007-12-01T12:00:00.000Z`, with or without the fraction.
    private static func moment(_ json: JSON) throws(S3Error) -> Timestamp {
        let text = json.string ?? json.text
        let bytes = Array(text.utf8.prefix(20))
        let marks = [4: "-", 7: "-", 10: "T", 13: ":", 16: ":"]
        guard json.string != nil, bytes.count == 20,
            marks.allSatisfy({ bytes[$0.key] == $0.value.utf8.first }),
            let moment = ISO8601.parse(text)
        else { throw .invalidPolicy("Invalid 'expiration' value: '\(text)'") }
        return moment
    }

    /// Holds a form to the policy: its time, every condition, and a condition for every field.
    ///
    /// - Parameters:
    ///   - fields: The form's fields before its file.
    ///   - bucket: The bucket that the form was sent to.
    ///   - now: The time.
    /// - Returns: The sizes that the file may have.
    /// - Throws: ``S3Error`` with `AccessDenied`.
    func check(
        _ fields: PostFormFields,
        bucket: String,
        at now: Timestamp
    ) throws(S3Error) -> ContentLengthRange {
        guard now <= expiration else { throw .againstPolicy("Policy expired.") }
        var sizes = ContentLengthRange()
        var covered: Set<String> = []
        for condition in conditions {
            switch condition {
            case .field(let name, let match):
                guard match.holds(for: name == "bucket" ? bucket : fields[name], of: name) else {
                    throw .againstPolicy("Policy Condition failed: \(match.text)")
                }
                covered.insert(name)
            case .contentLength(let minimum, let maximum): sizes.narrow(minimum, maximum)
            case .impossible(let text):
                throw .againstPolicy("Policy Condition failed: \(text)")
            }
        }
        // The bucket is part of every form, named in it or not.
        for name in fields.lowercasedNames + ["bucket"] where !covered.contains(name) {
            guard Self.isUncovered(name) else {
                throw .againstPolicy("Extra input fields: \(fields.spelling(of: name))")
            }
        }
        return sizes
    }

    /// Whether a field needs no condition.
    ///
    /// AWS's documentation names the first five and `x-ignore-`, which ``PostFormFields`` leaves out. A
    /// checksum only narrows what may be uploaded, and the signer cannot know it; s3-tests expects it to
    /// be taken (`test_post_object_upload_checksum`).
    private static func isUncovered(_ name: String) -> Bool {
        ["policy", "x-amz-signature", "signature", "awsaccesskeyid", "file"].contains(name)
            || ChecksumAlgorithm.allCases.contains { $0.headerName == name }
    }
}

extension S3Error {
    static func invalidPolicy(_ reason: String, hint: String? = nil) -> S3Error {
        S3Error(
            .invalidPolicyDocument,
            "Invalid Policy: \(reason)",
            details: hint.map { [.init("Hint", $0)] } ?? []
        )
    }

    /// AWS's table has 400 for this; what S3 sends is 403.
    fileprivate static func againstPolicy(_ reason: String) -> S3Error {
        S3Error(.accessDenied, "Invalid according to Policy: \(reason)")
    }
}
