import Testing

@testable import S3Service

@Suite struct LoggedTargetTests {
    @Test(arguments: [
        ("/a/b", "/a/b"), ("/a?", "/a?"), ("/a?versionId=1&x", "/a?versionId=1&x"),
        (
            "/a?X-Amz-Expires=9&X-Amz-Signature=abc&X-Amz-Security-Token=t",
            "/a?X-Amz-Expires=9&X-Amz-Signature=REDACTED&X-Amz-Security-Token=REDACTED"
        ),
        ("/a?AWSAccessKeyId=K&Signature=s%3D", "/a?AWSAccessKeyId=K&Signature=REDACTED"),
        ("/a?x-amz-%53ignature=abc", "/a?x-amz-%53ignature=REDACTED"),
        ("https://b.example/?x=1&signature=abc", "https://b.example/?x=1&signature=REDACTED"),
    ])
    func `a log has no signature and no token by which a request could be sent again`(
        target: String,
        shown: String
    ) {
        #expect(LoggedTarget.withoutSecrets(target) == shown)
    }
}
