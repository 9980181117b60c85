import Digests
public import S3Protocol

/// What a browser may upload by a form, in the terms of whoever signs the form.
///
/// [POST policy](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-HTTPPOSTConstructPolicy.html)
public struct PostPolicy: Sendable, Hashable {
    /// A demand on one field of the form, or on the file.
    ///
    /// Every field of the form needs one, and so does the bucket.
    public enum Condition: Sendable, Hashable {
        /// The field has exactly this value.
        case equals(field: String, value: String)
        /// The field's value begins so; an empty prefix allows any.
        case startsWith(field: String, prefix: String)
        /// The file has so many bytes.
        case contentLength(ClosedRange<Int64>)
    }

    /// The demands; those of the signature itself are added when the policy is signed.
    public var conditions: [Condition]
    /// The last moment at which the form is accepted, in whole seconds.
    public var expiration: Timestamp

    /// Puts a policy together.
    public init(conditions: [Condition], expiration: Timestamp) {
        self.conditions = conditions
        self.expiration = expiration
    }

    /// Signs the policy by version 4.
    ///
    /// - Parameters:
    ///   - credential: The signer's.
    ///   - region: The bucket's.
    ///   - time: Now, by the signer's clock.
    /// - Returns: The fields that the form must have beside those that the conditions name, in order.
    public func sign(
        by credential: Credential,
        region: String,
        at time: Timestamp
    ) -> [(name: String, value: String)] {
        let date = ISO8601.formatBasic(time)
        let scope = CredentialScope(day: String(date.prefix(8)), region: region, service: "s3")
        var fields = [
            (name: "x-amz-algorithm", value: V4Claims.algorithm),
            (name: "x-amz-credential", value: "\(credential.accessKey)/\(scope)"),
            (name: "x-amz-date", value: date),
        ]
        if let token = credential.sessionToken {
            fields.append((name: "x-amz-security-token", value: token))
        }
        let signed = conditions + fields.map { .equals(field: $0.name, value: $0.value) }
        let policy = Base64.encode(Array(document(signed).utf8))
        let key = SigningKey(secret: credential.secret, scope: scope)
        let signature = String(decoding: key.sign(Array(policy.utf8)), as: UTF8.self)
        return fields + [("policy", policy), ("x-amz-signature", signature)]
    }

    private func document(_ conditions: [Condition]) -> String {
        let list = conditions.map(\.json).joined(separator: ", ")
        return #"{"expiration": "\#(expiration.inSeconds)", "conditions": [\#(list)]}"#
    }
}

extension PostPolicy.Condition {
    fileprivate var json: String {
        switch self {
        case .equals(let field, let value): "{\(quoted(field)): \(quoted(value))}"
        case .startsWith(let field, let prefix):
            #"["starts-with", \#(quoted("$" + field)), \#(quoted(prefix))]"#
        case .contentLength(let range):
            #"["content-length-range", \#(range.lowerBound), \#(range.upperBound)]"#
        }
    }

    /// A JSON string of ASCII alone, so that no reader can mistake its encoding.
    private func quoted(_ text: String) -> String {
        var json = "\""
        for unit in text.utf16 {
            switch unit {
            case 0x22: json += "\\\""
            case 0x5C: json += "\\\\"
            case 0x0A: json += "\\n"
            case 0x0D: json += "\\r"
            case 0x09: json += "\\t"
            case 0x20...0x7E: json.unicodeScalars.append(Unicode.Scalar(UInt8(unit)))
            default:
                json += "\\u" + Hex.encode([UInt8(unit >> 8), UInt8(truncatingIfNeeded: unit)])
            }
        }
        return json + "\""
    }
}
