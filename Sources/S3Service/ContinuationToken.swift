import Digests
import S3Protocol

/// Where a listing goes on, as a word that clients hand back unread.
enum ContinuationToken {
    /// The mark that tells our tokens from anything else.
    private static let mark = "1"

    /// The word for a position.
    static func write(_ position: String) -> String {
        Base64.encode(Array((mark + position).utf8))
    }

    /// The position in a word; none in no word.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for a word that is none of ours.
    static func read(_ token: String?) throws(S3Error) -> String? {
        guard let token else { return nil }
        guard let bytes = Base64.decode(token),
            let text = String(validating: bytes, as: UTF8.self), text.hasPrefix(mark)
        else {
            throw S3Error(
                .invalidArgument,
                "The continuation token provided is incorrect",
                details: [.init("ArgumentName", "continuation-token")]
            )
        }
        return String(text.dropFirst(mark.count))
    }
}
