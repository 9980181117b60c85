import ObjectStore
import Testing

@testable import Daemon

@Suite struct AdminMessagesTests {
    @Test(arguments: [
        AdminRequest.status, .listUsers, .check(CheckOptions(repairs: true)),
        .backUp(folder: "/a b\n", copying: true), .deleteUser(name: "ann", account: nil),
        .deleteUser(name: "ann", account: "team"), .createUser(NewUser(name: "ann")),
        .createUser(
            NewUser(
                name: "a\n\"b",
                account: "team",
                policies: [.managed("M"), .inline(name: "own", document: "{\n\"é\": 1}")],
                accessKey: "K",
                secretKey: "S"
            )
        ),
        .listPolicies(UserName(name: "ann", account: "team")),
        .attachPolicy(UserName(name: "ann", account: nil), "AmazonS3FullAccess"),
        .putPolicy(UserName(name: "ann", account: nil), name: "own", document: "{\n}"),
        .removePolicy(UserName(name: "ann", account: nil), "own"),
        .createKey(UserName(name: "ann", account: nil), accessKey: "K", secretKey: "S"),
        .createKey(UserName(name: "ann", account: nil), accessKey: nil, secretKey: nil),
        .listKeys(nil), .listKeys(UserName(name: "ann", account: "team")),
        .setKey("K", isActive: true), .setKey("K", isActive: false), .deleteKey("K"),
    ])
    func `a request is one line that reads back`(request: AdminRequest) throws {
        #expect(!request.line.contains("\n"))
        let read = try #require(AdminRequest(line: request.line))
        #expect("\(read)" == "\(request)")
    }

    @Test func `a reply is one line that reads back`() throws {
        let status = DaemonStatus(
            processID: 7,
            endpoints: [Endpoint(isSecure: true, host: "::1", port: 1)],
            region: "r",
            domains: ["d"],
            certificate: nil,
            hasGivenCredentials: true
        )
        let key = KeyDetails(accessKey: "K", user: "ann", account: "root", isActive: false)
        let policies = [PolicyAttachment.managed("M"), .inline(name: "own", document: "{}")]
        let replies = [
            AdminReply.status(status), .users([]), .refused("a\nb"), .keys([key]),
            .policies(policies),
        ]
        for reply in replies {
            #expect(!reply.line.contains("\n"))
            #expect(AdminReply(line: reply.line) == reply)
        }
    }

    @Test(arguments: [
        "", "{}", "status", #"{"command": "format"}"#, #"{"command": "createUser"}"#,
        #"{"command": "createUser", "name": "a"}"#, #"{"command": "deleteUser"}"#,
        #"{"command": "createUser", "name": "a", "policies": [1]}"#,
        #"{"command": "attachPolicy", "name": "a"}"#, #"{"command": "deleteKey"}"#,
        #"{"command": "putPolicy", "name": "a", "policy": "p"}"#,
    ])
    func `anything else is no request`(line: String) {
        #expect(AdminRequest(line: line) == nil)
    }

    @Test(arguments: ["", "{}", "[]", #"{"status": {}}"#])
    func `anything else is no reply`(line: String) {
        #expect(AdminReply(line: line) == nil)
    }
}
