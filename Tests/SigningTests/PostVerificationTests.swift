import Digests
import S3Protocol
import Signing
import Testing

/// The rules around a form's signature.
@Suite struct PostVerificationTests {
    private static let credential = Credential(accessKey: "AKID", secret: Secret("secret"))
    private static let signed = Timestamp(seconds: 1_700_000_000)
    private static let policy = PostPolicy(conditions: [], expiration: signed)

    private static var v4: [String: String] {
        let fields = policy.sign(by: credential, region: "us-east-1", at: signed)
        return Dictionary(uniqueKeysWithValues: fields.map { ($0.name, $0.value) })
    }

    private static func v2(_ policy: String, signing text: String? = nil) -> [String: String] {
        let digest = HMAC.sha1(key: Array("secret".utf8), (text ?? policy).utf8)
        return [
            "awsaccesskeyid": "AKID", "policy": policy, "signature": Base64.encode(digest),
        ]
    }

    @Test func `a form without a signature's fields is anonymous, with a policy or without`() throws
    {
        #expect(try PostClaims.parse { _ in nil } == .anonymous)
        #expect(try PostClaims.parse { $0 == "policy" ? "e30=" : nil } == .anonymous)
        #expect(try Self.verify(["policy": "e30="]) == nil)
    }

    @Test(arguments: [
        ("x-amz-signature", "X-Amz-Signature"), ("x-amz-algorithm", "X-Amz-Algorithm"),
        ("x-amz-credential", "X-Amz-Credential"), ("x-amz-date", "X-Amz-Date"),
        ("policy", "policy"),
    ])
    func `a field of version 4 that is missing is named`(field: String, name: String) {
        var fields = Self.v4
        fields[field] = nil

        let error = Self.error(fields)

        #expect(error?.code == .invalidArgument)
        #expect(
            error?.message
                == "Bucket POST must contain a field named '\(name)'.  If it is specified, "
                + "please check the order of the fields."
        )
        #expect(error?.details == [.init("ArgumentName", name), .init("ArgumentValue", "")])
    }

    @Test(arguments: [
        ("signature", "Signature"), ("awsaccesskeyid", "AWSAccessKeyId"), ("policy", "policy"),
    ])
    func `a field of version 2 that is missing is named`(field: String, name: String) {
        var fields = Self.v2("e30=")
        fields[field] = nil

        #expect(Self.error(fields)?.details.first == .init("ArgumentName", name))
    }

    @Test func `two signatures on one form are refused`() {
        let fields = Self.v4.merging(Self.v2("e30=")) { first, _ in first }
        #expect(Self.error(fields)?.code == .invalidArgument)
    }

    @Test(arguments: [
        ("x-amz-algorithm", "AWS4-HMAC-SHA1", "X-Amz-Algorithm"),
        ("x-amz-credential", "AKID", "X-Amz-Credential"),
        ("x-amz-credential", "/20231114/us-east-1/s3/aws4_request", "X-Amz-Credential"),
        ("x-amz-credential", "AKID/2023/us-east-1/s3/aws4_request", "X-Amz-Credential"),
        ("x-amz-credential", "AKID/20231114/us-east-1/ec2/aws4_request", "X-Amz-Credential"),
        ("x-amz-credential", "AKID/20231114/us-east-1/s3/aws5", "X-Amz-Credential"),
        ("x-amz-credential", "AKID/20231113/us-east-1/s3/aws4_request", "X-Amz-Credential"),
        ("x-amz-date", "2023-11-14T22:13:20Z", "X-Amz-Date"), ("x-amz-date", "", "X-Amz-Date"),
    ])
    func `a field that cannot be used is named with its value`(
        field: String,
        value: String,
        name: String
    ) {
        var fields = Self.v4
        fields[field] = value

        let error = Self.error(fields)

        #expect(error?.code == .invalidArgument)
        #expect(error?.details == [.init("ArgumentName", name), .init("ArgumentValue", value)])
    }

    @Test(
        arguments: [
            (-900, nil), (-901, "Request is not yet valid"), (604_800, nil),
            (604_801, "Request has expired"),
        ] as [(Int64, String?)]
    )
    func `version 4 lasts from 15 minutes before its date to a week after it`(
        offset: Int64,
        message: String?
    ) {
        let error = Self.error(Self.v4, at: Self.signed.advanced(bySeconds: offset))

        #expect(error?.message == message)
        #expect(error == nil || error?.code == .accessDenied)
    }

    @Test func `version 2 has no date of its own`() throws {
        let later = Self.signed.advanced(bySeconds: 100_000_000)
        #expect(try Self.verify(Self.v2("e30="), at: later)?.accessKey == "AKID")
    }

    @Test func `another region is refused where the server is strict`() {
        let verifier = Verifier(
            region: "eu-west-1",
            isStrict: true,
            time: ManualTime(Self.signed)
        )
        let error = Self.error(Self.v4, verifier)

        #expect(error?.message == "the region 'us-east-1' is wrong; expecting 'eu-west-1'")
        #expect(error?.details.last == .init("Region", "eu-west-1"))
    }

    @Test func `version 2 is refused where only version 4 is wanted`() {
        let verifier = Verifier(
            region: "us-east-1",
            v4Only: true,
            time: ManualTime(Self.signed)
        )

        #expect(Self.error(Self.v2("e30="), verifier)?.code == .invalidRequest)
        #expect(Self.error(Self.v4, verifier) == nil)
    }

    @Test func `an access key that nobody has is refused by its name`() {
        var fields = Self.v2("e30=")
        fields["awsaccesskeyid"] = "nobody"

        let error = Self.error(fields)

        #expect(error?.code == .invalidAccessKeyID)
        #expect(error?.details == [.init("AWSAccessKeyId", "nobody")])
    }

    @Test(arguments: [
        ("e30=", "{}", "signed the policy's JSON, not its base64"),
        ("e3\r\n0=", "e30=", "signed the policy without its line ends, received it with them"),
        ("e30=", "e31=", "the secret key differs, or the policy is not the one that was signed"),
    ])
    func `a wrong signature is explained with the policy as the string to sign`(
        policy: String,
        signed: String,
        hint: String
    ) {
        let fields = Self.v2(policy, signing: signed)
        let error = Self.error(fields)

        #expect(error?.code == .signatureDoesNotMatch)
        #expect(
            error?.details.map(\.name) == [
                "AWSAccessKeyId", "StringToSign", "SignatureProvided", "StringToSignBytes", "Hint",
            ]
        )
        #expect(error?.details[1].value == policy)
        #expect(error?.details[2].value == fields["signature"])
        #expect(error?.details.last?.value == hint)
    }

    private static func verify(
        _ fields: [String: String],
        at time: Timestamp = signed
    ) throws(S3Error) -> VerifiedSignature? {
        try verify(fields, Verifier(region: "us-east-1", time: ManualTime(time)))
    }

    private static func verify(
        _ fields: [String: String],
        _ verifier: Verifier
    ) throws(S3Error) -> VerifiedSignature? {
        try verifier.verify(try PostClaims.parse { fields[$0] }) { key in
            key == credential.accessKey ? credential : nil
        }
    }

    private static func error(
        _ fields: [String: String],
        _ verifier: Verifier? = nil,
        at time: Timestamp = signed
    ) -> S3Error? {
        do throws(S3Error) {
            let own = Verifier(region: "us-east-1", time: ManualTime(time))
            _ = try verify(fields, verifier ?? own)
            return nil
        } catch {
            return error
        }
    }
}
