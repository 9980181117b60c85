import HTTPMessage
import NIOHTTP1
import Signing

/// The access key that a request names, whether it is a valid one or not.
enum ClaimedKey {
    /// Reads a request's head; a form's key is in its body and is not seen.
    static func of(_ http: HTTPRequest) -> String? {
        let request = SignableRequest(
            method: http.method.rawValue,
            target: http.target,
            headers: http.headers
        )
        for service in ["s3", "iam", "sts"] {
            switch try? Authentication.parse(request, service: service) {
            case .v4(let claims)?: return claims.accessKey
            case .v2(let claims)?: return claims.accessKey
            case .anonymous?: return nil
            case nil: continue
            }
        }
        return nil
    }
}
