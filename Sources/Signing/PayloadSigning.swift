public import S3Protocol

/// What `x-amz-content-sha256` says about a request's body: the six ways to sign one.
///
/// [Authenticating requests: the Authorization header](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-auth-using-authorization-header.html)
public enum PayloadSigning: Sendable, Hashable {
    /// The body has this SHA-256, in lower-case hex.
    case sha256(String)
    /// The signature leaves the body open.
    case unsigned
    /// The body comes in `aws-chunked` pieces, each signed.
    case streamingSigned
    /// The body comes in `aws-chunked` pieces, each signed, with signed trailers after them.
    case streamingSignedTrailer
    /// The body comes in `aws-chunked` pieces, with trailers after them, none signed.
    case streamingUnsignedTrailer
    /// The request does not say; its signature covers the hash of whatever body comes (curl does so).
    case absent

    /// Whether the body is framed as `aws-chunked`, to be read with ``ChunkedPayload``.
    public var isStreaming: Bool {
        switch self {
        case .streamingSigned, .streamingSignedTrailer, .streamingUnsignedTrailer: true
        case .sha256, .unsigned, .absent: false
        }
    }

    /// The header's value; `nil` where the header is absent.
    public var headerValue: String? {
        switch self {
        case .sha256(let hex): hex
        case .unsigned: "UNSIGNED-PAYLOAD"
        case .streamingSigned: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD"
        case .streamingSignedTrailer: "STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER"
        case .streamingUnsignedTrailer: "STREAMING-UNSIGNED-PAYLOAD-TRAILER"
        case .absent: nil
        }
    }

    /// Reads the header's value.
    ///
    /// - Throws: `InvalidArgument` for a value that is none of the six; `NotImplemented` for version 4A.
    public init(headerValue: String?) throws(S3Error) {
        let plain: [PayloadSigning] = [
            .unsigned, .streamingSigned, .streamingSignedTrailer, .streamingUnsignedTrailer,
        ]
        guard let headerValue else {
            self = .absent
            return
        }
        if headerValue.utf8.count == 64, headerValue.utf8.allSatisfy(\.isHexDigit) {
            self = .sha256(headerValue.lowercased())
        } else if let known = plain.first(where: { $0.headerValue == headerValue }) {
            self = known
        } else if headerValue.hasPrefix("STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD") {
            throw S3Error(.notImplemented, "Signature version 4A is not implemented.")
        } else {
            throw S3Error(
                .invalidArgument,
                Self.refusal,
                details: [
                    .init("ArgumentName", "x-amz-content-sha256"),
                    .init("ArgumentValue", headerValue),
                ]
            )
        }
    }

    private static let refusal = """
        x-amz-content-sha256 must be UNSIGNED-PAYLOAD, STREAMING-UNSIGNED-PAYLOAD-TRAILER, \
        STREAMING-AWS4-HMAC-SHA256-PAYLOAD, STREAMING-AWS4-HMAC-SHA256-PAYLOAD-TRAILER, \
        STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD, STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD-TRAILER \
        or a valid sha256 value.
        """
}

extension UInt8 {
    fileprivate var isHexDigit: Bool {
        switch self {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
