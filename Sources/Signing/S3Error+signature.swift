import Digests
import S3Protocol

extension S3Error {
    /// The 403 that explains itself: all that went into the signature, and never the one that was expected.
    static func signatureDoesNotMatch(
        accessKey: String,
        stringToSign: [UInt8],
        provided: String,
        canonicalRequest: [UInt8]? = nil,
        hint: String
    ) -> S3Error {
        var details: [Detail] = [
            .init("AWSAccessKeyId", accessKey),
            .init("StringToSign", String(decoding: stringToSign, as: UTF8.self)),
            .init("SignatureProvided", provided),
            .init("StringToSignBytes", spaced(stringToSign)),
        ]
        if let canonicalRequest {
            details += [
                .init("CanonicalRequest", String(decoding: canonicalRequest, as: UTF8.self)),
                .init("CanonicalRequestBytes", spaced(canonicalRequest)),
            ]
        }
        details.append(.init("Hint", hint))
        return S3Error(.signatureDoesNotMatch, details: details)
    }

    /// Bytes in hex with a space between them, as AWS shows them.
    private static func spaced(_ bytes: [UInt8]) -> String {
        bytes.map { Hex.encode(CollectionOfOne($0)) }.joined(separator: " ")
    }
}
