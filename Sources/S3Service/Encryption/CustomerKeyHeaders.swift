import Digests
import HTTPMessage
import NIOHTTP1
import ObjectStore
import S3Protocol

/// The client's own key, as a request brings it.
///
/// [Specifying server-side encryption with customer-provided keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/specifying-s3-c-encryption.html)
enum CustomerKeyHeaders {
    private static let prefix = "x-amz-server-side-encryption-customer-"
    private static let sourcePrefix = "x-amz-copy-source-server-side-encryption-customer-"
    private static let algorithm = "AES256"
    private static let subject =
        "Requests specifying Server Side Encryption with Customer provided keys must"

    /// Reads the headers.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - ofSource: Whether the key of a copy's source is meant.
    /// - Returns: The key, or `nil` where the request brings none.
    /// - Throws: ``S3Error`` with `InvalidArgument` or `InvalidEncryptionAlgorithmError`, also where
    ///   the key came from another machine in clear.
    static func read(
        _ request: S3Request,
        ofSource: Bool = false
    ) throws(S3Error) -> CustomerKey? {
        let prefix = ofSource ? sourcePrefix : prefix
        let named = request.header(prefix + "algorithm")
        let text = request.header(prefix + "key")
        let md5 = request.header(prefix + "key-md5")
        guard named != nil || text != nil || md5 != nil else { return nil }
        guard let named else { throw invalid("\(subject) provide a valid encryption algorithm.") }
        guard named == algorithm else {
            throw S3Error(.invalidEncryptionAlgorithm, details: argument(named))
        }
        guard let text else { throw invalid("\(subject) provide an appropriate secret key.") }
        guard let md5 else {
            throw invalid("\(subject) provide the client calculated MD5 of the secret key.")
        }
        let bytes = Base64.decode(text) ?? []
        guard Base64.encode(HashFunction.hash(.md5, bytes)) == md5 else {
            throw invalid(
                "The calculated MD5 hash of the key did not match the hash that was provided."
            )
        }
        guard let key = CustomerKey(bytes) else {
            throw invalid("The secret key was invalid for the specified algorithm.")
        }
        guard request.isPrivate else {
            throw invalid("\(subject) be made over a secure connection.")
        }
        return key
    }

    /// The headers that confirm a key.
    static func show(_ key: CustomerKey) -> HTTPHeaders {
        ["\(prefix)algorithm": algorithm, "\(prefix)key-MD5": key.md5]
    }

    private static func invalid(_ message: String) -> S3Error {
        S3Error(.invalidArgument, message, details: argument("null"))
    }

    /// S3 names this header whichever of the three is wrong.
    private static func argument(_ value: String) -> [S3Error.Detail] {
        [.init("ArgumentName", EncryptionHeader.method), .init("ArgumentValue", value)]
    }
}

extension StoredObject {
    /// Fails where the client's key is not the one that this object needs.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` where a key is missing or where none belongs, `AccessDenied` where it
    ///   is another.
    func require(_ key: CustomerKey?) throws(S3Error) {
        guard case .customer(let check) = encryption else {
            guard key == nil else {
                throw S3Error(
                    .invalidRequest,
                    "The encryption parameters are not applicable to this object."
                )
            }
            return
        }
        guard let key else {
            throw S3Error(
                .invalidRequest,
                "The object was stored using a form of Server Side Encryption. The correct parameters "
                    + "must be provided to retrieve the object."
            )
        }
        guard key.matches(check) else {
            throw S3Error(
                .accessDenied,
                "Requests specifying Server Side Encryption with Customer provided keys must provide "
                    + "the correct secret key.",
                logged: "the client's key is not the object's"
            )
        }
    }
}

extension Upload {
    /// Fails where the client's key is not the one that the upload was begun with.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest`.
    func require(_ key: CustomerKey?) throws(S3Error) {
        switch (encryption, key) {
        case (.customer(let check), let key?):
            guard !key.matches(check) else { return }
            throw S3Error(
                .invalidRequest,
                "The provided encryption parameters did not match the ones used originally."
            )
        case (.customer, nil), (_, .some):
            throw S3Error(
                .invalidRequest,
                "The multipart upload initiate requested encryption. Subsequent part requests must "
                    + "include the appropriate encryption parameters."
            )
        case (_, nil): return
        }
    }
}

extension S3Request {
    /// Whether nobody between the client and this process can read along: through TLS, or from this machine itself.
    var isPrivate: Bool {
        http.isSecure || http.peer == "::1" || http.peer.hasPrefix("127.")
            || http.peer.lowercased().hasPrefix("::ffff:127.")
    }
}
