import Testing

@testable import Daemon

@Suite struct EnvironmentLinesTests {
    private let stored = RootCredentials(
        accessKey: "PAILA",
        secret: "s3cr3t",
        origin: .dataFolder
    )

    private func status(given: Bool = false, secure: Bool = false) -> DaemonStatus {
        DaemonStatus(
            processID: 1,
            endpoints: [Endpoint(isSecure: secure, host: "127.0.0.1", port: 4711)],
            region: "eu-west-1",
            domains: [],
            certificate: "/my certificates/c.pem",
            hasGivenCredentials: given
        )
    }

    private func lines(
        _ status: DaemonStatus,
        given: Bool = false,
        stored: RootCredentials?
    ) throws -> [String] {
        try EnvironmentLines(
            status,
            given: given,
            stored: stored,
            folder: "/d",
            resolvesLocalhost: true
        ).lines
    }

    @Test func `a shell gets the pair that Pail made, the endpoint and the region`() throws {
        #expect(
            try lines(status(), stored: stored) == [
                "export AWS_ACCESS_KEY_ID=PAILA",
                "export AWS_SECRET_ACCESS_KEY=s3cr3t",
                "export AWS_ENDPOINT_URL_S3=http://s3.localhost:4711",
                "export AWS_REGION=eu-west-1",
                "export AWS_DEFAULT_REGION=eu-west-1",
            ]
        )
    }

    @Test(arguments: [(true, false), (false, true), (true, true)])
    func `a pair that was given is not printed, nor one that is not in use`(
        here: Bool,
        daemon: Bool
    ) throws {
        let lines = try lines(status(given: daemon), given: here, stored: stored)

        #expect(lines.allSatisfy { !$0.contains("s3cr3t") && !$0.contains("export AWS_ACCESS") })
        #expect(lines.first?.hasPrefix("#") == true)
        #expect(lines.contains("export AWS_ENDPOINT_URL_S3=http://s3.localhost:4711"))
    }

    @Test func `https alone names the certificate too, quoted for a shell`() throws {
        let lines = try lines(status(secure: true), stored: stored)
        #expect(lines.last == "export AWS_CA_BUNDLE='/my certificates/c.pem'")
    }

    @Test func `a folder without a pair is told from one with`() {
        #expect(throws: Refusal.self) { try lines(status(), stored: nil) }
    }

    @Test(arguments: [
        ("plain-1.2_3/x:y+z=@,", "plain-1.2_3/x:y+z=@,"), ("", "''"), ("a b", "'a b'"),
        ("$x", "'$x'"),
        ("it's", #"'it'\''s'"#), ("`x`", "'`x`'"),
    ])
    func `a shell reads back what was quoted`(word: String, quoted: String) {
        #expect(Shell.quote(word) == quoted)
    }
}
