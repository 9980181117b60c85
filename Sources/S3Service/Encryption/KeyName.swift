import ObjectStore
import Policy
import S3Protocol

/// The full name of a key that SSE-KMS is asked to use.
///
/// Keys need not be made: each name is a key, which follows from the store's own by that name. So names are
/// only completed, as S3 does, with the region and the account.
enum KeyName {
    /// What is used where no key is named.
    private static let standard = "alias/aws/s3"

    /// Completes a key's ID, alias or ARN.
    ///
    /// - Throws: ``S3Error`` with `KMS.NotFoundException` for what cannot be one.
    static func full(_ name: String?, _ context: Context) throws(S3Error) -> String {
        let name = name ?? standard
        if name.hasPrefix("arn:") {
            guard isARN(name) else { throw notFound("Invalid arn \(name)") }
            return name
        }
        let isAlias = name.hasPrefix("alias/")
        let rest = isAlias ? name.dropFirst("alias/".count) : name[...]
        guard isName(rest, slashes: isAlias) else { throw notFound("Invalid keyId '\(name)'") }
        let place = "\(context.configuration.region):\(context.caller.account.number)"
        return "arn:aws:kms:\(place):\(isAlias ? "" : "key/")\(name)"
    }

    /// `arn:aws:kms:region:account:key/id`, or `alias/name` at the end.
    private static func isARN(_ text: String) -> Bool {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 6, parts[1].hasPrefix("aws"), parts[2] == "kms",
            isName(parts[1], slashes: false), isName(parts[3], slashes: false),
            parts[4].utf8.count == 12, parts[4].utf8.allSatisfy({ (48...57).contains($0) })
        else { return false }
        if parts[5].hasPrefix("key/") { return isName(parts[5].dropFirst(4), slashes: false) }
        return parts[5].hasPrefix("alias/") && isName(parts[5].dropFirst(6), slashes: true)
    }

    private static func isName(_ text: Substring, slashes: Bool) -> Bool {
        (1...256).contains(text.utf8.count)
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
                    UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "-"), UInt8(ascii: "_"):
                    true
                default: slashes && byte == UInt8(ascii: "/")
                }
            }
    }

    private static func notFound(_ message: String) -> S3Error {
        S3Error(.kmsNotFound, message)
    }
}
