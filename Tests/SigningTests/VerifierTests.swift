import NIOHTTP1
import S3Protocol
import Signing
import Testing

@Suite struct VerifierTests {
    let now = Timestamp(seconds: 1_773_500_966)
    let credential = Credential(accessKey: "AKID", secret: Secret("secret"))
    let get = SignableRequest(
        method: "GET",
        target: "/photos/cat.jpg",
        headers: ["Host": "localhost:9000"]
    )

    // MARK: Who asks

    @Test func `nobody signs an anonymous request`() throws {
        guard case .anonymous(.unsigned) = try verify(get) else {
            Issue.record("not anonymous")
            return
        }
        #expect(refusal(with("Authorization", "")) == "none")
    }

    @Test func `an unknown key is named`() {
        let error = error(signed(by: Credential(accessKey: "OTHER", secret: Secret("x"))))
        #expect(error?.code == .invalidAccessKeyID)
        #expect(error?.details == [.init("AWSAccessKeyId", "OTHER")])
    }

    @Test(arguments: [
        ("Bearer abc", "InvalidArgument"), ("AWS", "InvalidArgument"),
        ("AWS HAHAHA", "InvalidArgument"), ("AWS :sig", "InvalidArgument"),
        ("AWS AKID:sig", "AccessDenied"),
        ("AWS4-ECDSA-P256-SHA256 Credential=x", "NotImplemented"),
        ("AWS4-HMAC-SHA256", "AuthorizationHeaderMalformed"),
        ("AWS4-HMAC-SHA256 Credential", "AuthorizationHeaderMalformed"),
        (
            "AWS4-HMAC-SHA256 Credential=AKID/20260314/us-east-1/s3/aws4_request, Signature=1",
            "AuthorizationHeaderMalformed"
        ),
        (v4("AKID/20260314/us-east-1/s3"), "AuthorizationHeaderMalformed"),
        (v4("/20260314/us-east-1/s3/aws4_request"), "AuthorizationHeaderMalformed"),
        (v4("AKID/2026-03-14/us-east-1/s3/aws4_request"), "AuthorizationHeaderMalformed"),
        (v4("AKID/20260314/us-east-1/ec2/aws4_request"), "AuthorizationHeaderMalformed"),
        (v4("AKID/20260314/us-east-1/s3/aws5_request"), "AuthorizationHeaderMalformed"),
        (v4("AKID/20260314/us-east-1/s3/aws4_request"), "AccessDenied"),
    ])
    func `an Authorization header that cannot be read is refused`(value: String, code: String) {
        #expect(refusal(with("Authorization", value)) == code)
    }

    private static func v4(_ credential: String) -> String {
        "AWS4-HMAC-SHA256 Credential=\(credential), SignedHeaders=host, Signature=1"
    }

    @Test func `only one mechanism at a time`() {
        var request = signed()
        request.target += "?AWSAccessKeyId=AKID&Signature=x&Expires=1"
        let found = error(request)
        #expect(found?.code == .invalidArgument)
        #expect(found?.message.hasPrefix("Only one auth mechanism allowed") == true)
        request = signed()
        request.target += "?X-Amz-Algorithm=AWS4-HMAC-SHA256"
        #expect(error(request)?.code == .invalidArgument)
        request = signed()
        request.headers.add(name: "Authorization", value: "AWS a:b")
        #expect(error(request)?.code == .invalidArgument)
    }

    @Test func `a key that holds slashes is read whole`() throws {
        let slashed = Credential(accessKey: "a/b", secret: Secret("secret"))
        let verification = try verify(signed(by: slashed), as: slashed)
        guard case .verified(let signature) = verification else { return }
        #expect(signature.accessKey == "a/b")
    }

    // MARK: The clock

    @Test(arguments: [-900, -899, 0, 899, 900])
    func `a clock within 15 minutes is right`(seconds: Int64) {
        #expect(refusal(signed(at: now.advanced(bySeconds: seconds))) == "none")
    }

    @Test(arguments: [-901, 901, -86_400, 86_400 * 365])
    func `a clock beyond 15 minutes is told both times`(seconds: Int64) {
        let found = error(signed(at: now.advanced(bySeconds: seconds)))
        #expect(found?.code == .requestTimeTooSkewed)
        #expect(
            found?.details.map(\.name) == [
                "RequestTime", "ServerTime", "MaxAllowedSkewMilliseconds",
            ]
        )
        #expect(found?.details.dropFirst().map(\.value) == ["2026-03-14T15:09:26Z", "900000"])
    }

    @Test(arguments: ["", "yesterday", "2026-03", "Tue, 07 Jul 1950 21:53:04 GMT"])
    func `a date that is none is refused`(date: String) {
        for version in ["AWS AKID:x", Self.v4("AKID/20260314/us-east-1/s3/aws4_request")] {
            var request = with("Authorization", version)
            request.headers.add(name: "x-amz-date", value: date)
            #expect(
                error(request)?.message
                    == "AWS authentication requires a valid Date or x-amz-date header"
            )
        }
    }

    @Test func `the scope's day must be the date's`() {
        var request = with(
            "Authorization",
            Self.v4("AKID/20260313/us-east-1/s3/aws4_request")
        )
        request.headers.add(name: "x-amz-date", value: "20260314T150926Z")
        #expect(error(request)?.code == .authorizationHeaderMalformed)
    }

    @Test(arguments: [
        (1, 0, "none"), (604_800, 604_800, "none"), (60, 61, "AccessDenied"),
        (0, 0, "AccessDenied"), (60, -900, "none"), (60, -901, "AccessDenied"),
        (604_801, 0, "AuthorizationQueryParametersError"),
        (-1, 0, "AuthorizationQueryParametersError"),
    ])
    func `a presigned URL is good for its time`(expires: Int, age: Int64, code: String) {
        let target = SignatureV4.presign(
            get,
            by: credential,
            region: "us-east-1",
            expiresIn: expires,
            at: now.advanced(bySeconds: -age)
        )
        #expect(refusal(with(target)) == code)
    }

    @Test func `an expired URL tells when it was good`() {
        let target = SignatureV4.presign(
            get,
            by: credential,
            region: "us-east-1",
            expiresIn: 60,
            at: now.advanced(bySeconds: -61)
        )
        let found = error(with(target))
        #expect(found?.message == "Request has expired")
        #expect(
            found?.details == [
                .init("X-Amz-Expires", "60"), .init("Expires", "2026-03-14T15:09:25Z"),
                .init("ServerTime", "2026-03-14T15:09:26Z"),
            ]
        )
    }

    @Test(arguments: [
        ("X-Amz-Expires=60", "X-Amz-Expires=soon", "X-Amz-Expires should be a number"),
        ("X-Amz-Date=2026", "X-Amz-Date=12026", "X-Amz-Date must be in the ISO8601 Long Format"),
        (
            "%2Fs3%2F", "%2Fec2%2F",
            "Error parsing the X-Amz-Credential parameter; incorrect service"
        ),
        ("&X-Amz-SignedHeaders=host", "", "Query-string authentication version 4 requires"),
        ("AWS4-HMAC-SHA256", "AWS4-HMAC-SHA512", "X-Amz-Algorithm only supports"),
        ("%2F20260314%2F", "%2F20260313%2F", "Invalid credential date \"20260313\""),
    ])
    func `a presigned URL that cannot be read is refused`(
        part: String,
        replacement: String,
        message: String
    ) {
        let target = SignatureV4.presign(
            get,
            by: credential,
            region: "us-east-1",
            expiresIn: 60,
            at: now
        )
        let found = error(with(target.replacing(part, with: replacement)))
        #expect(found?.code == .authorizationQueryParametersError)
        #expect(found?.message.hasPrefix(message) == true)
    }

    @Test(arguments: [(0, "none"), (-1, "AccessDenied")])
    func `a version 2 URL is good until its moment`(seconds: Int64, code: String) {
        let target = SignatureV2.presign(
            get,
            by: credential,
            until: now.advanced(bySeconds: seconds)
        )
        #expect(refusal(with(target)) == code)
    }

    @Test(arguments: [
        ("Expires=0", "Request has expired"), ("Expires=-5", "Request has expired"),
        ("Expires=soon", "Invalid date (should be seconds since epoch): soon"),
        (
            "Expires=99999999999999999999",
            "Invalid date (should be seconds since epoch): 99999999999999999999"
        ),
        (
            "x=y",
            "Query-string authentication requires the Signature, Expires and AWSAccessKeyId parameters"
        ),
    ])
    func `a version 2 URL without a good moment is refused`(parameter: String, message: String) {
        let found = error(with("/photos/cat.jpg?AWSAccessKeyId=AKID&Signature=x&\(parameter)"))
        #expect(found?.code == .accessDenied)
        #expect(found?.message == message)
    }

    // MARK: What is signed

    @Test func `every Amazon header that came must be signed`() {
        var request = signed()
        request.headers.add(name: "X-Amz-Acl", value: "public-read")
        request.headers.add(name: "x-amz-meta-a", value: "b")
        let found = error(request)
        #expect(found?.code == .accessDenied)
        #expect(found?.details == [.init("HeadersNotSigned", "x-amz-acl, x-amz-meta-a")])
    }

    @Test func `the host must be signed`() {
        var request = signed()
        let value = request.headers.first(name: "authorization") ?? ""
        request.headers.replaceOrAdd(
            name: "authorization",
            value: value.replacing("=host;", with: "=")
        )
        #expect(error(request)?.details == [.init("HeadersNotSigned", "host")])
    }

    @Test func `a list of signed headers has an end`() {
        var request = signed()
        let value = request.headers.first(name: "authorization") ?? ""
        let names = String(repeating: "a;", count: 100)
        request.headers.replaceOrAdd(
            name: "authorization",
            value: value.replacing("=host;", with: "=\(names)host;")
        )
        #expect(error(request)?.code == .requestHeaderSectionTooLarge)
    }

    @Test(arguments: ["", "abc", "STREAMING-NONSENSE", String(repeating: "g", count: 64)])
    func `a payload hash that is none is refused`(hash: String) {
        var request = signed()
        request.headers.replaceOrAdd(name: "x-amz-content-sha256", value: hash)
        #expect(error(request)?.code == .invalidArgument)
    }

    @Test func `signed chunks of version 4A are not implemented`() {
        var request = signed()
        request.headers.replaceOrAdd(
            name: "x-amz-content-sha256",
            value: "STREAMING-AWS4-ECDSA-P256-SHA256-PAYLOAD"
        )
        #expect(error(request)?.code == .notImplemented)
    }

    @Test func `a request that does not tell its body's hash waits for the body`() throws {
        let hash = String(repeating: "ab", count: 32)
        let request = signed(payload: .absent, bodySHA256: hash)
        guard case .awaitingPayloadHash(let pending) = try verify(request) else {
            Issue.record("not pending")
            return
        }
        #expect(pending.accessKey == "AKID")
        #expect(try pending.finish(payloadSHA256: hash).accessKey == "AKID")
        #expect(throws: S3Error.self) {
            _ = try pending.finish(payloadSHA256: String(hash.reversed()))
        }
        #expect(error(request, isStrict: true)?.code == .invalidRequest)
    }

    @Test func `any region is good, unless strict`() {
        let request = signed(region: "eu-west-1")
        #expect(refusal(request) == "none")
        #expect(refusal(signed(region: "")) == "none")
        let found = error(request, isStrict: true)
        #expect(found?.code == .authorizationHeaderMalformed)
        #expect(
            found?.message == """
                The authorization header is malformed; the region 'eu-west-1' is wrong; expecting \
                'us-east-1'
                """
        )
        #expect(found?.details == [.init("Region", "us-east-1")])
    }

    @Test(arguments: ["/photos", "/photos?location", "/photos?prefix=a/b"])
    func `version 2 signs a slash behind a bucket that is asked for without`(target: String) {
        var request = SignableRequest(method: "GET", target: target, headers: get.headers)
        let end = target.firstIndex(of: "?") ?? target.endIndex
        var withSlash = request
        withSlash.target = target[..<end] + "/" + target[end...]
        request.headers = SignatureV2.sign(withSlash, by: credential, at: now)
        #expect(refusal(request) == "none")
        request.target = "/photos/k"
        #expect(refusal(request) == "SignatureDoesNotMatch")
    }

    @Test func `version 2 can be switched off`() {
        var request = get
        request.headers = SignatureV2.sign(get, by: credential, at: now)
        #expect(refusal(request) == "none")
        let verifier = Verifier(region: "us-east-1", v4Only: true, time: ManualTime(now))
        #expect(throws: S3Error.self) { _ = try verifier.verify(request) { _ in credential } }
    }

    // MARK: What the refusal says

    @Test func `a mismatch explains itself and keeps the expected signature to itself`() throws {
        var request = signed()
        let good = try #require(request.headers.first(name: "authorization")?.suffix(64))
        let bad = String(repeating: "0", count: 64)
        let value = request.headers.first(name: "authorization") ?? ""
        request.headers.replaceOrAdd(
            name: "authorization",
            value: value.replacing(good, with: bad)
        )
        let found = try #require(error(request))
        #expect(found.code == .signatureDoesNotMatch)
        #expect(
            found.details.map(\.name) == [
                "AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes",
                "CanonicalRequest", "CanonicalRequestBytes", "Hint",
            ]
        )
        #expect(found.details[2].value == bad)
        #expect(found.details[3].value.hasPrefix("41 57 53 34 2d"))
        #expect(found.details[4].value.hasPrefix("GET\n/photos/cat.jpg\n\nhost:localhost:9000\n"))
        #expect(!"\(found)".contains(good))
        #expect(!"\(found)".contains(credential.secret.revealed() + "\""))
    }

    @Test func `a secret never prints`() {
        #expect(
            "\(credential)"
                == #"Credential(accessKey: "AKID", secret: redacted, sessionToken: nil, expires: nil)"#
        )
        #expect(String(reflecting: credential.secret) == "redacted")
    }

    // MARK: Requests

    private func with(_ target: String) -> SignableRequest {
        SignableRequest(method: "GET", target: target, headers: get.headers)
    }

    private func with(_ name: String, _ value: String) -> SignableRequest {
        var request = get
        request.headers.add(name: name, value: value)
        return request
    }

    private func signed(
        by other: Credential? = nil,
        region: String = "us-east-1",
        payload: PayloadSigning = .unsigned,
        bodySHA256: String = "",
        at time: Timestamp? = nil
    ) -> SignableRequest {
        var request = get
        request.headers =
            SignatureV4.sign(
                get,
                by: other ?? credential,
                region: region,
                payload: payload,
                bodySHA256: bodySHA256,
                at: time ?? now
            ).headers
        return request
    }

    private func verify(
        _ request: SignableRequest,
        as other: Credential? = nil,
        isStrict: Bool = false
    ) throws(S3Error) -> Verification {
        let expected = other ?? credential
        let verifier = Verifier(region: "us-east-1", isStrict: isStrict, time: ManualTime(now))
        return try verifier.verify(request) { $0 == expected.accessKey ? expected : nil }
    }

    private func error(_ request: SignableRequest, isStrict: Bool = false) -> S3Error? {
        do throws(S3Error) {
            _ = try verify(request, isStrict: isStrict)
            return nil
        } catch {
            return error
        }
    }

    private func refusal(_ request: SignableRequest) -> String {
        error(request)?.code.name ?? "none"
    }
}
