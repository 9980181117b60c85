import Foundation
import S3Protocol
import Signing
import Testing

/// Forms that botocore's `generate_presigned_post` signed: see `Fixtures/make-signing-vectors.py`.
@Suite struct PostPolicyTests {
    @Test func `signs exactly as botocore does`() throws {
        let forms = try SignedForms("v4-post")
        #expect(forms.cases.count > 90)

        for form in forms.cases {
            let policy = PostPolicy(
                conditions: form.conditions.map(\.condition),
                expiration: forms.time.advanced(bySeconds: 3600)
            )
            let fields = policy.sign(
                by: forms.credential(form.token),
                region: forms.region,
                at: forms.time
            )
            #expect(fields.count == form.fields.count)
            for (name, value) in fields { #expect(form.fields[name] == value, "\(name)") }
        }
    }

    @Test(arguments: ["v4-post", "v2-post"])
    func `what botocore signs verifies, and nothing else does`(file: String) throws {
        let forms = try SignedForms(file)
        #expect(forms.cases.count > 90)

        for form in forms.cases {
            #expect(try forms.verify(form, form.fields)?.accessKey == forms.accessKey)
            let signature = form.fields["x-amz-signature"] == nil ? "signature" : "x-amz-signature"
            for name in ["policy", signature] {
                var changed = form.fields
                changed[name]?.removeFirst()
                #expect(forms.refusal(form, changed) == "SignatureDoesNotMatch", "\(name)")
            }
        }
    }

    @Test(arguments: ["v4-post", "v2-post"])
    func `a temporary key needs its own token, and any other key none`(file: String) throws {
        let forms = try SignedForms(file)
        let temporary = try #require(forms.cases.first { $0.token != nil })
        var fields = temporary.fields
        fields["x-amz-security-token"] = "another"
        #expect(forms.refusal(temporary, fields) == "InvalidToken")
        fields["x-amz-security-token"] = nil
        #expect(forms.refusal(temporary, fields) == "InvalidToken")

        let lasting = try #require(forms.cases.first { $0.token == nil })
        fields = lasting.fields
        fields["x-amz-security-token"] = "one too many"
        #expect(forms.refusal(lasting, fields) == "InvalidToken")
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-post-example.html
    @Test func `verifies AWS's own example`() throws {
        let fields = [
            "policy": Self.publishedPolicy, "x-amz-algorithm": "AWS4-HMAC-SHA256",
            "x-amz-credential": "AKIAIOSFODNN7EXAMPLE/20151229/us-east-1/s3/aws4_request",
            "x-amz-date": "20151229T000000Z",
            "x-amz-signature": "8afdbf4008c03f22c2cd3cdb72e4afbb1f6a588f3255ac628749a66d7f09699e",
        ]
        let verifier = Verifier(
            region: "us-east-1",
            isStrict: true,
            time: ManualTime(Timestamp(seconds: 1_451_390_400))
        )

        let signature = try verifier.verify(try PostClaims.parse { fields[$0] }) { key in
            Credential(
                accessKey: key,
                secret: Secret("wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY")
            )
        }

        #expect(signature?.accessKey == "AKIAIOSFODNN7EXAMPLE")
    }

    private static let publishedPolicy = """
        eyAiZXhwaXJhdGlvbiI6ICIyMDE1LTEyLTMwVDEyOjAwOjAwLjAwMFoiLA0KICAiY29uZGl0aW9ucyI6IFsNCiAgICB7ImJ1Y2tldCI6ICJz\
        aWd2NGV4YW1wbGVidWNrZXQifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRrZXkiLCAidXNlci91c2VyMS8iXSwNCiAgICB7ImFjbCI6ICJw\
        dWJsaWMtcmVhZCJ9LA0KICAgIHsic3VjY2Vzc19hY3Rpb25fcmVkaXJlY3QiOiAiaHR0cDovL3NpZ3Y0ZXhhbXBsZWJ1Y2tldC5zMy5hbWF6\
        b25hd3MuY29tL3N1Y2Nlc3NmdWxfdXBsb2FkLmh0bWwifSwNCiAgICBbInN0YXJ0cy13aXRoIiwgIiRDb250ZW50LVR5cGUiLCAiaW1hZ2Uv\
        Il0sDQogICAgeyJ4LWFtei1tZXRhLXV1aWQiOiAiMTQzNjUxMjM2NTEyNzQifSwNCiAgICB7IngtYW16LXNlcnZlci1zaWRlLWVuY3J5cHRp\
        b24iOiAiQUVTMjU2In0sDQogICAgWyJzdGFydHMtd2l0aCIsICIkeC1hbXotbWV0YS10YWciLCAiIl0sDQoNCiAgICB7IngtYW16LWNyZWRl\
        bnRpYWwiOiAiQUtJQUlPU0ZPRE5ON0VYQU1QTEUvMjAxNTEyMjkvdXMtZWFzdC0xL3MzL2F3czRfcmVxdWVzdCJ9LA0KICAgIHsieC1hbXot\
        YWxnb3JpdGhtIjogIkFXUzQtSE1BQy1TSEEyNTYifSwNCiAgICB7IngtYW16LWRhdGUiOiAiMjAxNTEyMjlUMDAwMDAwWiIgfQ0KICBdDQp9
        """
}

/// A file of forms that botocore signed.
struct SignedForms: Decodable {
    struct Form: Decodable {
        let conditions: [Condition]
        let fields: [String: String]
        let token: String?
    }

    struct Condition: Decodable {
        let condition: PostPolicy.Condition

        init(from decoder: any Decoder) throws {
            var values = try decoder.unkeyedContainer()
            switch try values.decode(String.self) {
            case "eq":
                condition = .equals(
                    field: try values.decode(String.self),
                    value: try values.decode(String.self)
                )
            case "starts-with":
                condition = .startsWith(
                    field: try values.decode(String.self),
                    prefix: try values.decode(String.self)
                )
            default:
                let minimum = try values.decode(Int64.self)
                condition = .contentLength(minimum...(try values.decode(Int64.self)))
            }
        }
    }

    let accessKey: String
    let secret: String
    let region: String
    let seconds: Int64
    let cases: [Form]

    var time: Timestamp { Timestamp(seconds: seconds) }

    init(_ name: String) throws {
        let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .deletingLastPathComponent().deletingLastPathComponent()
        let data = try Data(contentsOf: folder.appending(path: "Fixtures/signing/\(name).json"))
        self = try JSONDecoder().decode(SignedForms.self, from: data)
    }

    func credential(_ token: String?) -> Credential {
        Credential(accessKey: accessKey, secret: Secret(secret), sessionToken: token)
    }

    /// Verifies a form's fields, whose names count in lower case.
    func verify(
        _ form: Form,
        _ fields: [String: String]
    ) throws(S3Error) -> VerifiedSignature? {
        let fields = Dictionary(
            uniqueKeysWithValues: fields.map { ($0.key.lowercased(), $0.value) }
        )
        let claims = try PostClaims.parse { fields[$0] }
        return try Verifier(region: region, time: ManualTime(time)).verify(claims) { _ in
            credential(form.token)
        }
    }

    /// The name of the error that a form's fields meet, or `none`.
    func refusal(_ form: Form, _ fields: [String: String]) -> String {
        do throws(S3Error) {
            _ = try verify(form, fields)
            return "none"
        } catch {
            return error.code.name
        }
    }
}
