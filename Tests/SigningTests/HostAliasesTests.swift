import NIOHTTP1
import S3Protocol
import Signing
import Testing

@Suite struct HostAliasesTests {
    let now = Timestamp(seconds: 1_773_500_966)
    let credential = Credential(accessKey: "AKID", secret: Secret("secret"))
    let aliases = ["s3:9000", "localhost", "media.example"]

    @Test(arguments: [
        ("s3:9000", "localhost:9000"), ("s3:9000", "localhost"), ("s3:9000", "S3:80"),
        ("localhost:9000", "s3:9000"), ("media.example", "localhost:9000"),
        ("localhost:9000", "media.example:9000"), ("localhost", "localhost:9000"),
        ("photos.s3:9000", "photos.localhost:9000"), ("photos.media.example", "photos.s3:9000"),
        ("a.b.localhost:9000", "a.b.s3:9000"),
    ])
    func `a signature for a declared host verifies on any other`(signed: String, received: String) {
        #expect(signedHost(signed, received) == signed)
    }

    @Test(arguments: [
        ("evil.example", "localhost:9000"), ("localhost:9000", "evil.example"),
        ("evils3:9000", "localhost:9000"), ("photos.s3:9000", "localhost:9000"),
        ("photos.s3:9000", "other.localhost:9000"), ("localhost:9000", "photos.s3:9000"),
        ("127.0.0.1:9000", "127.0.0.1"),
    ])
    func `a signature for another host does not`(signed: String, received: String) {
        #expect(signedHost(signed, received) == "SignatureDoesNotMatch")
    }

    @Test func `without aliases only the host itself will do`() {
        #expect(signedHost("localhost:9000", "localhost:9000", aliases: []) == "itself")
        #expect(signedHost("localhost:9000", "localhost", aliases: []) == "SignatureDoesNotMatch")
    }

    @Test func `addresses of version 6 are hosts too`() {
        #expect(signedHost("[::1]:9000", "s3:9000", aliases: ["[::1]:9000", "s3"]) == "[::1]:9000")
    }

    /// The host that the verified signature was made for, or the error's name.
    private func signedHost(
        _ signed: String,
        _ received: String,
        aliases: [String]? = nil
    ) -> String {
        var request = SignableRequest(
            method: "GET",
            target: "/photos/cat.jpg",
            headers: ["Host": signed]
        )
        request.headers =
            SignatureV4.sign(
                request,
                by: credential,
                region: "us-east-1",
                payload: .unsigned,
                at: now
            ).headers
        request.headers.replaceOrAdd(name: "host", value: received)
        let verifier = Verifier(
            region: "us-east-1",
            hosts: HostAliases(aliases ?? self.aliases),
            time: ManualTime(now)
        )
        do throws(S3Error) {
            let verification = try verifier.verify(request) { _ in credential }
            guard case .verified(let signature) = verification else { return "unverified" }
            return signature.signedHost ?? "itself"
        } catch {
            return error.code.name
        }
    }
}
