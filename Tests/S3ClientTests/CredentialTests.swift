import S3Protocol
import Signing
import TestSupport
import Testing

@testable import S3Client

/// Files of a test's own, by their paths.
func files(_ files: [String: String]) -> ReadFile {
    { path throws(S3ClientError) in files[path] }
}

@Suite struct EnvironmentCredentialsTests {
    @Test func `both halves and the token are taken`() async throws {
        let provider = EnvironmentCredentials([
            "AWS_ACCESS_KEY_ID": "A", "AWS_SECRET_ACCESS_KEY": "S", "AWS_SESSION_TOKEN": "T",
        ])
        let expected = Credential(accessKey: "A", secret: Secret("S"), sessionToken: "T")
        #expect(try await provider.resolve()?.credential == expected)
        #expect(try provider.resolveNow()?.credential == expected)
    }

    @Test func `none is none, and empty is none`() async throws {
        let provider = EnvironmentCredentials([
            "AWS_ACCESS_KEY_ID": "", "AWS_SECRET_ACCESS_KEY": "",
        ])
        #expect(try await provider.resolve() == nil)
    }

    @Test func `one half alone is refused with the other's name`() throws {
        let error = #expect(throws: S3ClientError.self) {
            try EnvironmentCredentials(["AWS_ACCESS_KEY_ID": "A"]).resolveNow()
        }
        #expect(error?.advice.contains("AWS_SECRET_ACCESS_KEY") == true)
    }
}

@Suite struct PrintedProfileTests {
    @Test func `what prints a profile prints none of its secrets`() throws {
        let file = """
            [default]
            aws_secret_access_key = hush-hush
            aws_session_token = hush-token
            """
        let profile = try AWSProfile.load(
            environment: ["HOME": "/h"],
            readFile: files(["/h/.aws/credentials": file])
        )
        var dumped = ""
        dump(profile, to: &dumped)
        for text in ["\(profile)", String(reflecting: profile), dumped] {
            #expect(!text.contains("hush"))
            #expect(text.contains("default"))
        }
        #expect(profile.settings["aws_session_token"] == "hush-token")
    }
}

@Suite struct ProfileCredentialsTests {
    private let home = ["HOME": "/h"]
    private let configuration = """
        # a comment
        [default]
        region = eu-west-1
        s3 =
            addressing_style = path
            aws_access_key_id = nested-is-not-ours

        [profile work]
        region=us-west-2
        endpoint_url = http://127.0.0.1:9000
        credential_process = "/opt/key helper" --name "my key"
        [profile  spaced ]
        aws_access_key_id = CONFIG
        aws_secret_access_key = from-config
        [profile sso]
        sso_session = corp
        [services work]
        aws_access_key_id = no
        """
    private let credentials = """
        [default]
        aws_access_key_id = AKIDEFAULT
        aws_secret_access_key = a=b/c+d==
        ; another comment
        [spaced]
        aws_access_key_id = SHARED
        aws_secret_access_key = from-shared
        aws_session_token = token
        [half]
        aws_access_key_id = AKIHALF
        """

    private func provider(
        _ environment: [String: String],
        run: @escaping RunCredentialProcess = { _ in throw S3ClientError.credentials("not run") }
    ) -> ProfileCredentials {
        ProfileCredentials(
            environment: home.merging(environment) { $1 },
            readFile: files([
                "/h/.aws/config": configuration, "/h/.aws/credentials": credentials,
                "/other": "[default]\naws_access_key_id=O\naws_secret_access_key=P\n",
            ]),
            run: run
        )
    }

    @Test func `the default profile is the one where none is chosen`() async throws {
        let found = try await provider([:]).resolve()
        #expect(found?.credential.accessKey == "AKIDEFAULT")
        #expect(found?.credential.secret.revealed() == "a=b/c+d==")
        #expect(found?.source.contains("default") == true)
    }

    @Test func `the credentials file wins over the configuration file`() async throws {
        let found = try await provider(["AWS_PROFILE": "spaced"]).resolve()
        #expect(
            found?.credential
                == Credential(
                    accessKey: "SHARED",
                    secret: Secret("from-shared"),
                    sessionToken: "token"
                )
        )
    }

    @Test func `files are elsewhere where the environment says so`() async throws {
        let found = try await provider(["AWS_SHARED_CREDENTIALS_FILE": "/other"]).resolve()
        #expect(found?.credential.accessKey == "O")
    }

    @Test func `region and endpoint come from the profile`() throws {
        let files = files(["/h/.aws/config": configuration])
        let profile = try AWSProfile.load(
            environment: home.merging(["AWS_PROFILE": "work"]) { $1 },
            readFile: files
        )
        #expect(profile.region == "us-west-2")
        #expect(profile.endpointURL == "http://127.0.0.1:9000")
        #expect(try AWSProfile.load(environment: home, readFile: files).region == "eu-west-1")
    }

    @Test func `no files are no profile, and no error`() async throws {
        let provider = ProfileCredentials(environment: home, readFile: files([:]))
        #expect(try await provider.resolve() == nil)
        #expect(
            try await ProfileCredentials(environment: [:], readFile: files([:])).resolve() == nil
        )
    }

    @Test func `a profile that was chosen and is not there is refused`() async {
        let error = await #expect(throws: S3ClientError.self) {
            try await provider(["AWS_PROFILE": "nobody"]).resolve()
        }
        #expect(error?.message.contains("nobody") == true)
    }

    @Test func `half a key is refused`() async {
        let error = await #expect(throws: S3ClientError.self) {
            try await provider(["AWS_PROFILE": "half"]).resolve()
        }
        #expect(error?.kind == .credentials)
    }

    @Test func `a way that is not offered is refused with the way around it`() async {
        let error = await #expect(throws: S3ClientError.self) {
            try await provider(["AWS_PROFILE": "sso"]).resolve()
        }
        #expect(error?.advice.contains("aws configure export-credentials") == true)
    }

    @Test func `a process is run by its words, and its end is kept`() async throws {
        let provider = provider(["AWS_PROFILE": "work"]) { words in
            #expect(words == ["/opt/key helper", "--name", "my key"])
            return Array(
                """
                {"Version": 1, "AccessKeyId": "A", "SecretAccessKey": "S", "SessionToken": "T",
                 "Expiration": "2023-11-14T23:13:20Z"}
                """.utf8
            )
        }
        #expect(try provider.resolveNow() == nil)
        let found = try await provider.resolve()
        #expect(found?.credential.sessionToken == "T")
        #expect(found?.expires == Timestamp(seconds: 1_700_003_600))
    }
}

@Suite struct CredentialProcessTests {
    @Test(arguments: [
        ("a b  c", ["a", "b", "c"]), ("'a b' \"c d\"", ["a b", "c d"]), ("a\\ b", ["a b"]),
        ("'a\\b'", ["a\\b"]), ("\"a\\\"b\"", ["a\"b"]), ("a''b", ["ab"]), ("''", [""]), ("", []),
    ])
    func `words are split as a shell splits them`(command: String, words: [String]) throws {
        #expect(try CredentialProcess.words(of: command) == words)
    }

    @Test func `a quotation mark without its partner is refused`() {
        #expect(throws: S3ClientError.self) { try CredentialProcess.words(of: "'a") }
    }

    @Test(arguments: [
        "", "{}", "no JSON", #"{"Version": 2, "AccessKeyId": "A", "SecretAccessKey": "hunter2"}"#,
        #"{"Version": 1, "AccessKeyId": "A"}"#,
        #"{"Version":1,"AccessKeyId":"A","SecretAccessKey":"hunter2","Expiration":"soon"}"#,
    ])
    func `what is no document is refused and not repeated`(output: String) {
        let error = #expect(throws: S3ClientError.self) {
            try CredentialProcess.parse(Array(output.utf8), source: "test")
        }
        #expect(error?.kind == .credentials)
        #expect(error.map { "\($0)".contains("hunter2") } == false)
    }

    @Test func `a program is run and its output read`() async throws {
        #expect(try await CredentialProcess.run(["echo", "a  b"]) == Array("a  b\n".utf8))
    }

    @Test(arguments: [["false"], ["/nowhere/at/all"], ["no-such-program-anywhere"], []])
    func `a program that fails or is not there is refused`(words: [String]) async {
        let error = await #expect(throws: S3ClientError.self) {
            try await CredentialProcess.run(words)
        }
        #expect(error?.kind == .credentials)
    }

    @Test(arguments: [
        ("2026-03-14T15:09:26Z", 1_773_500_966), ("2026-03-14T17:09:26+02:00", 1_773_500_966),
        ("2026-03-14T10:09:26.123456-05:00", 1_773_500_966),
    ])
    func `an end may have an offset`(text: String, seconds: Int64) {
        #expect(Expiry.parse(text)?.seconds == seconds)
    }

    @Test(arguments: [
        "", "soon", "2026-03-14", "+", "2026-03-14T15:09:26+0x:00", "-----------+1:2",
    ])
    func `an end that is no time is none`(text: String) {
        #expect(Expiry.parse(text) == nil || text == "2026-03-14")
    }
}
