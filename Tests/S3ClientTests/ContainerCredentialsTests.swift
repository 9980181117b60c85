import NIOHTTP1
import S3Client
import S3Protocol
import Signing
import TestSupport
import Testing

@Suite struct ContainerCredentialsTests {
    private let document = """
        {"AccessKeyId": "A", "SecretAccessKey": "S", "Token": "T", "RoleArn": "r",
         "Expiration": "2023-11-14T23:13:20Z"}
        """

    private func service(
        _ status: HTTPResponseStatus = .ok,
        _ body: String? = nil
    ) -> FaultyTransport {
        let body = body ?? document
        return FaultyTransport(Unreachable()) { _, _ in .answer(status, [:], body) }
    }

    @Test func `a relative URI leads to the address of ECS`() async throws {
        let service = service()
        let provider = ContainerCredentials(
            environment: ["AWS_CONTAINER_CREDENTIALS_RELATIVE_URI": "/v2/credentials/1?a=b"],
            transport: service
        )
        let found = try await provider.resolve()
        #expect(found?.credential.sessionToken == "T")
        #expect(found?.expires == Timestamp(seconds: 1_700_003_600))
        #expect(service.sent.first?.line == "GET /v2/credentials/1?a=b")
        #expect(
            service.sent.first?.origin
                == HTTPOrigin(isSecure: false, host: "169.254.170.2", port: 80)
        )
    }

    @Test func `the token is read from its file each time`() async throws {
        let service = service()
        let provider = ContainerCredentials(
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://169.254.170.23/v1/credentials",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": "/token",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "unused",
            ],
            transport: service,
            readFile: files(["/token": "a-token"])
        )
        _ = try await provider.resolve()
        #expect(service.sent.first?.header("Authorization") == "a-token")
    }

    @Test(arguments: [
        "http://127.0.0.1:51679/c", "http://localhost/c", "http://[::1]:80/c",
        "https://example.com/c",
        "http://[fd00:ec2::23]/v1/credentials",
    ])
    func `this machine, EKS and https may be asked`(url: String) async throws {
        let provider = ContainerCredentials(
            environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": url],
            transport: service()
        )
        #expect(try await provider.resolve() != nil)
    }

    @Test(arguments: [
        "http://example.com/c", "http://169.254.169.254/latest", "http://127.0.0.1.example.com/",
        "http://10.0.0.1/c", "no URL",
    ])
    func `another host is not asked without TLS`(url: String) async {
        let service = service()
        let provider = ContainerCredentials(
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": url,
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "secret",
            ],
            transport: service
        )
        await #expect(throws: S3ClientError.self) { try await provider.resolve() }
        #expect(service.sent.isEmpty)
    }

    @Test func `a token of two lines is not sent`() async {
        let service = service()
        let provider = ContainerCredentials(
            environment: [
                "AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/c",
                "AWS_CONTAINER_AUTHORIZATION_TOKEN": "a\r\nHost: b",
            ],
            transport: service
        )
        await #expect(throws: S3ClientError.self) { try await provider.resolve() }
        #expect(service.sent.isEmpty)
    }

    @Test func `a refusal and what is no document are told without the document`() async {
        for service in [service(.forbidden), service(.ok, "{\"SecretAccessKey\": \"hunter2\"}")] {
            let provider = ContainerCredentials(
                environment: ["AWS_CONTAINER_CREDENTIALS_FULL_URI": "http://localhost/c"],
                transport: service
            )
            let error = await #expect(throws: S3ClientError.self) { try await provider.resolve() }
            #expect(error?.kind == .credentials)
            #expect(error.map { "\($0)".contains("hunter2") } == false)
        }
    }

    @Test func `an environment that names no service is not this place`() async throws {
        let provider = ContainerCredentials(environment: [:], transport: service())
        #expect(try await provider.resolve() == nil)
    }
}
