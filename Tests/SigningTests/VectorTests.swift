import NIOHTTP1
import S3Protocol
import Signing
import Testing

/// Requests that botocore signed: nasty keys, nasty queries, path and virtual hosts, with and without tokens.
@Suite struct VectorTests {
    static let files = ["v4-header", "v4-query", "v2-header", "v2-query"]

    @Test(arguments: files)
    func `what botocore signs verifies`(file: String) throws {
        let vectors = try Vectors(file)
        for vector in vectors.cases {
            do throws(S3Error) {
                let verification = try vectors.verify(vector, vector.request)
                guard case .verified(let signature) = verification else {
                    Issue.record("\(file): \(vector) is not verified")
                    continue
                }
                #expect(signature.accessKey == vectors.accessKey)
            } catch {
                Issue.record("\(file): \(vector): \(error.code.name) \(error.details)")
            }
        }
    }

    @Test func `there are many of them`() throws {
        let requests = try Self.files.map { try Vectors($0).cases.count }
        let forms = try ["v4-post", "v2-post"].map { try SignedForms($0).cases.count }
        #expect((requests + forms).reduce(0, +) >= 500)
    }

    @Test(arguments: files)
    func `another method, path, key or token is refused`(file: String) throws {
        let vectors = try Vectors(file)
        for vector in vectors.cases {
            let changes: [(inout SignableRequest) -> Void] = [
                { $0.method = $0.method == "GET" ? "PUT" : "GET" },
                { $0.target = "/other" + $0.target },
                { $0.headers.add(name: "x-amz-meta-added", value: "later") },
            ]
            for change in changes {
                var changed = vector.request
                change(&changed)
                let code = refusal { () throws(S3Error) in try vectors.verify(vector, changed) }
                #expect(["SignatureDoesNotMatch", "AccessDenied"].contains(code), "\(vector)")
            }
        }
    }

    @Test(arguments: files)
    func `a token that is missing or too much is refused`(file: String) throws {
        let vectors = try Vectors(file)
        for vector in vectors.cases.prefix(10) {
            let credential = vectors.credential(vector.token == nil ? "expected" : nil)
            let code = refusal { () throws(S3Error) in
                try vectors.verifier.verify(
                    vector.request,
                    virtualHostBucket: vector.bucket
                ) { _ in credential }
            }
            #expect(code == "InvalidToken")
        }
    }
}

/// The name of the error that a verification ends with, or `none`.
func refusal(_ verify: () throws(S3Error) -> Verification) -> String {
    do throws(S3Error) {
        _ = try verify()
        return "none"
    } catch {
        return error.code.name
    }
}
