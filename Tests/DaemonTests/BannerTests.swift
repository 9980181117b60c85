import Testing

@testable import Daemon

@Suite struct BannerTests {
    private let http = Endpoint(isSecure: false, host: "127.0.0.1", port: 9000)
    private let https = Endpoint(isSecure: true, host: "127.0.0.1", port: 9443)

    private func banner(
        _ origin: RootCredentials.Origin,
        _ endpoints: [Endpoint],
        storage: DaemonConfiguration.Storage = .folder("/srv/my pail"),
        resolvesLocalhost: Bool = true
    ) -> [String] {
        var configuration = DaemonConfiguration()
        configuration.storage = storage
        let text = Banner(
            configuration,
            program: "pail",
            endpoints: endpoints,
            credentials: RootCredentials(accessKey: "AKIA", secret: "s3cr3t", origin: origin),
            resolvesLocalhost: resolvesLocalhost
        ).text
        return text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
    }

    @Test func `the first line is the promise that scripts wait for, and https comes second`() {
        #expect(banner(.given, [http]).first == "pail: listening on http://127.0.0.1:9000")
        #expect(
            banner(.given, [http, https]).prefix(2) == [
                "pail: listening on http://127.0.0.1:9000",
                "pail: listening on https://127.0.0.1:9443",
            ]
        )
        #expect(banner(.given, [https]).first == "pail: listening on https://127.0.0.1:9443")
    }

    @Test(arguments: [RootCredentials.Origin.given, .dataFolder])
    func `a secret that can be had elsewhere is not printed`(origin: RootCredentials.Origin) {
        #expect(!banner(origin, [http]).contains { $0.contains("s3cr3t") })
    }

    @Test func `the lines to paste fit where the key comes from`() {
        let made = banner(.dataFolder, [http])
        #expect(made.contains(#"    eval "$(pail env --data '/srv/my pail')""#))
        let given = banner(.given, [http])
        #expect(
            given.contains(
                "    export AWS_ENDPOINT_URL_S3=http://s3.localhost:9000 AWS_DEFAULT_REGION=us-east-1"
            )
        )
        let memory = banner(.process, [http], storage: .memory)
        #expect(memory.contains("    export AWS_SECRET_ACCESS_KEY=s3cr3t"))
    }

    @Test func `where names do not resolve, the address is used and the remedy told`() {
        let lines = banner(.given, [http], resolvesLocalhost: false)

        #expect(lines.contains("    AWS_S3_ENDPOINT_URL = \"http://127.0.0.1:9000\""))
        #expect(lines.contains("    sudo apt install libnss-myhostname"))
    }
}
