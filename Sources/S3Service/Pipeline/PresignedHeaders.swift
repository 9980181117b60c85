import Digests
import NIOHTTP1
import S3Protocol

/// The headers that a presigned URL has in its query.
///
/// SDKs write there what the one who uploads shall not have to send, such as `x-amz-meta-*`, `x-amz-acl` or
/// `x-amz-storage-class`, and S3 takes it for the headers of these names. What comes as a header counts before.
///
/// [Query parameters of a presigned URL](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-query-string-auth.html)
enum PresignedHeaders {
    /// Headers of other names that S3 was seen to take from a query, or that SDKs write there.
    private static let names: Set<String> = [
        "if-match", "if-none-match", "content-type", "cache-control",
        "content-disposition", "content-encoding", "content-language",
    ]

    /// Parts of the signature.
    private static let ofSignature: Set<String> = [
        "x-amz-algorithm", "x-amz-credential", "x-amz-date", "x-amz-expires",
        "x-amz-signedheaders", "x-amz-signature", "x-amz-security-token", "x-amz-content-sha256",
    ]

    /// The request with the headers of its query among its own, where it is presigned.
    ///
    /// The checksum of a body is left where it is, since many write it before they have one (``PresignedChecksum``), and so
    /// is encryption, which S3 does not take from a query and which is refused there.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for a value that no header could have.
    static func applied(to request: S3Request) throws(S3Error) -> S3Request {
        guard let signature = Signature(request) else { return request }
        let checksums = Set(PresignedChecksum.promises(of: request).map { $0.name })
        var headers = request.headers
        var seen: Set<String> = []
        for (raw, value) in request.query.parameters {
            let name = raw.lowercased()
            // Of a name that comes twice, the first counts, which alone is signed by version 2.
            guard isHeader(name), signature.covers(raw), seen.insert(name).inserted,
                !value.isEmpty, !checksums.contains(name), !headers.contains(name: name)
            else { continue }
            guard ObjectFields.isHeaderValue(value), isToken(name) else {
                throw invalid(name, value)
            }
            // The text is Unicode already, which a header's bytes would not be taken for.
            let isUser = name.hasPrefix(ObjectFields.userPrefix)
            headers.add(name: name, value: isUser ? EncodedWords.encode(value) : value)
        }
        return try S3Request(request, key: request.key, headers: headers)
    }

    /// What a presigned query is signed by.
    private enum Signature {
        case version4
        case version2

        init?(_ request: S3Request) {
            let query = request.query
            guard !query.isEmpty, !request.headers.contains(name: "authorization") else {
                return nil
            }
            if query["AWSAccessKeyId"] != nil || query["Signature"] != nil {
                self = .version2
            } else if query["X-Amz-Signature"] != nil {
                self = .version4
            } else {
                return nil
            }
        }

        /// Whether nobody but the signer can have written a parameter: version 4 signs all of them, version 2 those alone that
        /// stand for headers that it signs, spelled as these.
        func covers(_ name: String) -> Bool {
            self == .version4 || name == "content-type" || name.hasPrefix("x-amz-")
        }
    }

    private static func isHeader(_ name: String) -> Bool {
        guard name.hasPrefix("x-amz-") else { return names.contains(name) }
        return !ofSignature.contains(name) && !EncryptionUse.isEncryption(name)
    }

    /// Whether a text could be a header's name.
    private static func isToken(_ name: String) -> Bool {
        name.utf8.allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
            default: "-._~!#$%&'*+^`|".utf8.contains(byte)
            }
        }
    }

    private static func invalid(_ name: String, _ value: String) -> S3Error {
        S3Error(
            .invalidArgument,
            "Header value cannot be represented using ISO-8859-1.",
            details: [.init("ArgumentName", name), .init("ArgumentValue", value)]
        )
    }
}
