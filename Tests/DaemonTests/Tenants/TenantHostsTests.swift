import Testing

@testable import Daemon

@Suite struct TenantHostsTests {
    private let hosts = TenantHosts(domains: ["S3.example"])

    @Test(arguments: [
        ("a.tenant.localhost", "a"), ("a.tenant.localhost:9000", "a"), ("A.TENANT.localhost", "a"),
        ("photos.a.tenant.localhost:1", "a"), ("my.photos.a.tenant.s3.example", "a"),
        ("photos.s3-website.a.tenant.localhost", "a"), ("tenant.localhost", nil),
        ("localhost", nil),
        ("tenant.s3.localhost", nil), ("a.tenant.example", nil), ("127.0.0.1:9000", nil),
        ("[::1]:9000", nil), ("", nil), (".tenant.localhost", ""),
    ])
    func `a host names a tenant`(host: String, name: String?) {
        #expect(hosts.name(in: host) == name)
    }

    @Test func `a tenant has a base under each domain`() {
        #expect(hosts.bases(of: "a") == ["a.tenant.localhost", "a.tenant.s3.example"])
    }

    @Test(arguments: [
        ("a", true), ("t-1", true), ("0", true), ("", false), ("-a", false), ("a-", false),
        ("A", false), ("a.b", false), ("a_b", false), (String(repeating: "a", count: 63), true),
        (String(repeating: "a", count: 64), false),
    ])
    func `a name is a label`(name: String, isOne: Bool) {
        #expect(TenantHosts.isName(name) == isOne)
    }
}
