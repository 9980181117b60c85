import Testing

@testable import Daemon

@Suite struct LocalNamesTests {
    @Test(arguments: [
        ("hosts: files dns", "nameserver 192.168.1.1", false),
        ("hosts: files myhostname dns", "", true),
        ("hosts:\tfiles mdns4_minimal [NOTFOUND=return] resolve dns", "", true),
        ("hosts: files dns # myhostname", "", false),
        ("passwd: files myhostname", "", false),
        ("hosts: files dns", "nameserver 127.0.0.53\noptions edns0", true),
        ("", "", false),
    ])
    func `nss-myhostname and systemd-resolved find names under localhost`(
        nsswitch: String,
        resolver: String,
        resolve: Bool
    ) {
        #expect(LocalNames.resolve(nsswitch: nsswitch, resolver: resolver) == resolve)
    }

    @Test(arguments: [
        ("127.0.0.1", [], true, "http://s3.localhost:9000"),
        ("127.0.0.1", [], false, "http://127.0.0.1:9000"),
        ("localhost", [], false, "http://127.0.0.1:9000"),
        ("0.0.0.0", [], true, "http://s3.localhost:9000"),
        ("::1", [], false, "http://[::1]:9000"),
        ("192.168.1.2", [], true, "http://192.168.1.2:9000"),
        ("192.168.1.2", ["s3.home.test"], false, "http://s3.home.test:9000"),
    ])
    func `a client is sent to a name where one leads to the daemon, else to an address`(
        host: String,
        domains: [String],
        resolvesLocalhost: Bool,
        url: String
    ) {
        let endpoint = Endpoint(isSecure: false, host: host, port: 9000)
        #expect(endpoint.clientURL(domains: domains, resolvesLocalhost: resolvesLocalhost) == url)
    }
}
