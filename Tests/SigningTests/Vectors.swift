import Foundation
import NIOHTTP1
import S3Protocol
import Signing

/// A file of requests that botocore signed: see `Fixtures/make-signing-vectors.py`.
struct Vectors: Decodable {
    struct Case: Decodable, CustomStringConvertible {
        let method: String
        let target: String
        let headers: [[String]]
        let bucket: String?
        let token: String?
        let body: String?

        var description: String { "\(method) \(target) \(headers.dropFirst())" }

        var request: SignableRequest {
            SignableRequest(
                method: method,
                target: target,
                headers: HTTPHeaders(headers.map { ($0[0], $0[1]) })
            )
        }
    }

    let accessKey: String
    let secret: String
    let region: String
    let seconds: Int64
    let cases: [Case]

    init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Fixtures/signing/\(name).json"))
        self = try JSONDecoder().decode(Vectors.self, from: data)
    }

    var verifier: Verifier {
        Verifier(region: region, time: ManualTime(Timestamp(seconds: seconds)))
    }

    func credential(_ token: String?) -> Credential {
        Credential(accessKey: accessKey, secret: Secret(secret), sessionToken: token)
    }

    /// Verifies a case, or a changed copy of its request.
    func verify(_ vector: Case, _ request: SignableRequest) throws(S3Error) -> Verification {
        try verifier.verify(request, virtualHostBucket: vector.bucket) { key in
            key == accessKey ? credential(vector.token) : nil
        }
    }
}
