import NIOHTTP1
import S3Protocol
import Signing
import Testing

/// A request is signed as one thing and arrives as another: the hint names the difference.
@Suite struct SignatureDiagnosisTests {
    struct Change: Sendable, CustomStringConvertible {
        let hint: String
        var target = "/photos/a%20b.jpg"
        var headers: HTTPHeaders = [:]
        let change: @Sendable (inout SignableRequest) -> Void
        var description: String { hint }
    }

    static let changes = [
        Change(hint: "signed host localhost:9000, received 127.0.0.1:9000: see --alias") {
            $0.headers.replaceOrAdd(name: "host", value: "127.0.0.1:9000")
        },
        Change(hint: "signed host localhost:9000, received localhost: see --alias") {
            $0.headers.replaceOrAdd(name: "host", value: "localhost")
        },
        Change(hint: "signed host localhost:9000, received pail: see --alias") {
            $0.headers.replaceOrAdd(name: "host", value: "pail")
            $0.headers.add(name: "X-Forwarded-Host", value: "localhost:9000")
        },
        Change(hint: "signed method GET, received HEAD") { $0.method = "HEAD" },
        Change(
            hint: "content-type was signed as 'image/png', received 'text/html'",
            headers: ["Content-Type": "image/png"]
        ) { $0.headers.replaceOrAdd(name: "content-type", value: "text/html") },
        Change(
            hint: "content-type was signed as 'image/png', received ''",
            headers: ["Content-Type": "image/png"]
        ) { $0.headers.remove(name: "content-type") },
        Change(
            hint: "signed the path encoded twice: /photos/a%2520b.jpg",
            target: "/photos/a%2520b.jpg"
        ) {
            $0.target = "/photos/a%20b.jpg"
        },
        Change(hint: "signed the path normalised: /photos/b", target: "/photos/b") {
            $0.target = "/photos//a/../b"
        },
        Change(hint: "signed the query left out", target: "/photos") { $0.target += "?uploads" },
        Change(
            hint:
                "signed the payload hash UNSIGNED-PAYLOAD, received \(PublishedExampleTests.empty)"
        ) {
            $0.headers.replaceOrAdd(
                name: "x-amz-content-sha256",
                value: PublishedExampleTests.empty
            )
        },
        Change(
            hint: "the secret key differs, or the value of a signed header does",
            headers: ["Range": "bytes=0-1"]
        ) { $0.headers.replaceOrAdd(name: "range", value: "bytes=0-2") },
    ]

    let now = Timestamp(seconds: 1_773_500_966)
    let credential = Credential(accessKey: "AKID", secret: Secret("secret"))

    @Test(arguments: changes)
    func `the hint names what changed on the way`(change: Change) {
        var request = signed(change.target, change.headers, by: credential)
        change.change(&request)
        #expect(hint(request) == change.hint)
    }

    @Test func `the hint names white space around the client's secret`() {
        let padded = Credential(accessKey: "AKID", secret: Secret("secret\n"))
        #expect(
            hint(signed("/photos", [:], by: padded))
                == "the client's secret key has white space around it"
        )
    }

    @Test func `the hint says no more than it knows`() {
        let other = Credential(accessKey: "AKID", secret: Secret("another"))
        #expect(
            hint(signed("/photos", [:], by: other))?.hasPrefix("the secret key differs") == true
        )
    }

    @Test func `a request that is long to look into gets no closer hint`() {
        var request = signed("/photos?" + String(repeating: "a&", count: 1000), [:], by: credential)
        request.method = "HEAD"
        #expect(hint(request) == Self.changes.last?.hint)
    }

    @Test func `a version 2 signature has hints too`() {
        var request = SignableRequest(
            method: "GET",
            target: "/photos/cat.jpg",
            headers: ["Host": "localhost"]
        )
        request.headers = SignatureV2.sign(request, by: credential, at: now)
        request.method = "HEAD"
        #expect(hint(request) == "signed method GET, received HEAD")
        request.method = "GET"
        #expect(hint(request, bucket: "photos") == "signed without the bucket photos of the host")
        request.headers.add(name: "Content-Type", value: "image/png")
        #expect(hint(request) == "content-type was signed as '', received 'image/png'")
    }

    private func signed(
        _ target: String,
        _ headers: HTTPHeaders,
        by credential: Credential
    ) -> SignableRequest {
        var request = SignableRequest(method: "GET", target: target, headers: headers)
        request.headers.add(name: "Host", value: "localhost:9000")
        request.headers =
            SignatureV4.sign(
                request,
                by: credential,
                region: "us-east-1",
                payload: .unsigned,
                at: now
            ).headers
        return request
    }

    private func hint(_ request: SignableRequest, bucket: String? = nil) -> String? {
        let verifier = Verifier(region: "us-east-1", time: ManualTime(now))
        do throws(S3Error) {
            _ = try verifier.verify(request, virtualHostBucket: bucket) { _ in credential }
            return nil
        } catch {
            return error.details.last?.value
        }
    }
}
