import HTTPMessage
import Instruments
import NIOHTTP1
import Testing

@Suite struct ClaimedKeyTests {
    @Test(arguments: [
        (
            "AWS4-HMAC-SHA256 Credential=AKIA/20260101/us-east-1/s3/aws4_request, SignedHeaders=host",
            "AKIA"
        ),
        (
            "AWS4-HMAC-SHA256 SignedHeaders=host,Credential=a.b@c/20260101/r/s3/aws4_request",
            "a.b@c"
        ),
        ("AWS AKIA:c2lnbmF0dXJl", "AKIA"), ("AWS a:b:c2ln", "a:b"), ("AWS none", nil),
        ("AWS4-HMAC-SHA256 Credential=short", "short"), ("Basic dXNlcjpwYXNz", nil), ("", nil),
    ])
    func `a header names a key`(value: String, key: String?) {
        #expect(ClaimedKey.of(request("/", ["Authorization": value])) == key)
    }

    @Test(arguments: [
        (
            "/b/k?X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=d",
            "AKIA"
        ),
        ("/b/k?x=1&AWSAccessKeyId=AKIA&Signature=s", "AKIA"), ("/b/k?AWSAccessKeyId=a%2Bb", "a+b"),
        ("/b/k?x-amz-credential=AKIA", nil), ("/b/AWSAccessKeyId=AKIA", nil), ("/b/k?", nil),
        ("/b/k?X-Amz-Credential=%zz", nil), ("/b/k", nil),
    ])
    func `a query names a key`(target: String, key: String?) {
        #expect(ClaimedKey.of(request(target)) == key)
    }

    private func request(_ target: String, _ headers: HTTPHeaders = [:]) -> HTTPRequest {
        HTTPRequest(method: .GET, target: target, headers: headers)
    }
}
