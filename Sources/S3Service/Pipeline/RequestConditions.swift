import HTTPMessage
import NIOCore
import ObjectStore
import Policy
import S3Protocol

/// What a request has under the keys of conditions, looked up only where a statement asks.
///
/// [Condition keys](https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html#amazons3-policy-keys),
/// [global keys](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html)
struct RequestConditions: ConditionValues {
    let authorization: Authorization
    let target: Authorization.Target
    /// What the body tells.
    let told: [String: [String]]

    private var request: S3Request { authorization.request }
    private var caller: Caller { authorization.caller }

    /// Headers whose value is the key's, under `s3:`.
    private static let headers: Set = [
        "x-amz-acl", "x-amz-content-sha256", "x-amz-grant-full-control", "x-amz-grant-read",
        "x-amz-grant-read-acp", "x-amz-grant-write", "x-amz-grant-write-acp",
        "x-amz-metadata-directive", "x-amz-object-ownership", "x-amz-server-side-encryption",
        "x-amz-server-side-encryption-aws-kms-key-id",
        "x-amz-server-side-encryption-customer-algorithm", "x-amz-storage-class",
        "x-amz-website-redirect-location", "if-match", "if-none-match",
    ]

    func values(of key: String) throws -> [String]? {
        if let told = told[key] { return told }
        if key.hasPrefix("aws:") { return global(key.dropFirst(4)).map { [$0] } }
        guard key.hasPrefix("s3:") else { return nil }
        let name = String(key.dropFirst(3))
        if Self.headers.contains(name) { return request.header(name).map { [$0] } }
        if name.hasPrefix("object-lock-") { return try lock(name) }
        if name.contains("objecttag") { return try tags(name) }
        return single(name).map { [$0] }
    }

    private func global(_ name: Substring) -> String? {
        switch name {
        case "sourceip": return String(request.http.peer.prefix { $0 != "%" })
        case "securetransport": return request.http.isSecure ? "true" : "false"
        case "referer": return request.header("referer")
        case "useragent": return request.header("user-agent")
        case "currenttime": return ISO8601.format(authorization.now)
        case "epochtime": return String(authorization.now.seconds)
        case "requestedregion": return authorization.region
        case "resourceaccount": return owner
        case "viaawsservice", "principalisawsservice": return "false"
        case "tokenissuetime": return caller.temporary.map { ISO8601.format($0.began) }
        case "multifactorauthpresent": return caller.temporary == nil ? nil : "false"
        case _ where name.hasPrefix("principaltag/"): return caller.tag(String(name.dropFirst(13)))
        default: return principal(name)
        }
    }

    private func principal(_ name: Substring) -> String? {
        switch (name, caller.identity) {
        case ("principaltype", .anonymous): return "Anonymous"
        case ("principaltype", .root): return "Account"
        case ("principaltype", .user): return "User"
        case ("principaltype", .role): return "AssumedRole"
        case ("principalarn", _): return caller.requester.principalARN
        case ("principalaccount", _): return caller.requester.account?.number
        case ("userid", _): return caller.userID
        case ("username", .user(let user, _)): return user.name
        default: return nil
        }
    }

    private func single(_ name: String) -> String? {
        switch name {
        case "prefix", "delimiter", "max-keys": return request.query[name]
        case "versionid": return request.query["versionId"]
        case "x-amz-copy-source": return copySource
        case "resourceaccount": return owner
        case "authtype": return caller.proof?.type
        case "signatureversion": return caller.proof?.version
        case "signatureage": return signatureAge
        default: return nil
        }
    }

    private var owner: String? {
        target.bucket.flatMap { authorization.store.directory.account($0.ownerID)?.number }
    }

    /// The source as conditions spell it: `bucket/key`.
    private var copySource: String? {
        request.header("x-amz-copy-source").map { header in
            let decoded = PercentCoding.decode(Substring(header), plusIsSpace: true) ?? header
            return decoded.hasPrefix("/") ? String(decoded.dropFirst()) : decoded
        }
    }

    /// How old a presigned URL of version 4 is, in milliseconds.
    private var signatureAge: String? {
        guard let text = request.query["X-Amz-Date"] ?? request.header("x-amz-date"),
            let signed = ISO8601.parse(text), caller.proof != nil
        else { return nil }
        return String(max(0, authorization.now.milliseconds - signed.milliseconds))
    }
}

extension RequestConditions {
    private func lock(_ name: String) throws -> [String]? {
        switch name {
        case "object-lock-mode", "object-lock-legal-hold", "object-lock-retain-until-date":
            return request.header("x-amz-\(name)").map { [$0] }
        case "object-lock-remaining-retention-days":
            guard let text = request.header("x-amz-object-lock-retain-until-date"),
                let until = ISO8601.parse(text)
            else { return nil }
            return [LockHeaders.remainingDays(until: until, at: authorization.now)]
        default: return nil
        }
    }

    private func tags(_ name: String) throws -> [String]? {
        let parts = name.split(separator: "/", maxSplits: 1).map(String.init)
        switch parts[0] {
        case "existingobjecttag":
            guard parts.count == 2, case .object(let bucket, let key, let version) = target,
                let object = try authorization.store.version(version, of: key, in: bucket)
            else { return nil }
            return object.tags.first { $0.name == parts[1] }.map { [$0.value] }
        case "requestobjecttag":
            return try requestTags().first { $0.name == parts.last }.map { [$0.value] }
        case "requestobjecttagkeys":
            let names = try requestTags().map(\.name)
            return names.isEmpty ? nil : names
        default: return nil
        }
    }

    /// The tags that the head of a write asks for, or that its form does.
    private func requestTags() throws -> [Field] {
        if let told = told[Self.toldTags] { return Self.pairs(told) }
        if let document = request.header("tagging") {
            return try Tags(document: .init(string: document), of: .object).list
        }
        return try Tags(header: request)?.list ?? []
    }

    /// The place of a body's tags among what it tells: names and values in turn.
    static let toldTags = " tags"

    /// A body's tags as it tells them.
    static func told(_ tags: Tags) -> [String: [String]] {
        [toldTags: tags.list.flatMap { [$0.name, $0.value] }]
    }

    private static func pairs(_ list: [String]) -> [Field] {
        stride(from: 0, to: list.count - 1, by: 2).map { Field(list[$0], list[$0 + 1]) }
    }
}
