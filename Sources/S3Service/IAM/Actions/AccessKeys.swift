import ObjectStore
import S3Protocol

extension QueryAction {
    /// The most access keys that a user or a root may have.
    static let mostKeys = 2

    /// Makes an access key, whose secret is told this once.
    ///
    /// [CreateAccessKey](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html)
    static let createAccessKey = QueryAction(
        "CreateAccessKey",
        on: { try $0.arnOfHolder() }
    ) { call in
        let key =
            switch try call.holder() {
            case .user(let user): try await call.directory.createKey(of: user, limit: mostKeys)
            case .root(let account):
                try await call.directory.createRootKey(
                    of: account,
                    limit: mostKeys,
                    others: call.givenKeys(of: account).count
                )
            }
        return { xml in
            xml.element("AccessKey") { xml in
                xml.key(key.id, of: key.user, isActive: key.isActive)
                xml.element("SecretAccessKey", key.secret)
                xml.element("CreateDate", key.created)
            }
        }
    }

    /// Lists access keys, without their secrets.
    ///
    /// [ListAccessKeys](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListAccessKeys.html)
    static let listAccessKeys = QueryAction(
        "ListAccessKeys",
        on: { try $0.arnOfHolder() }
    ) { call in
        let keys: [ListedKey] =
            switch try call.holder() {
            case .user(let user): call.directory.accessKeys(of: user).map { ListedKey($0) }
            case .root(let account):
                call.directory.rootKeys(of: account.id).map { ListedKey($0) }
                    + call.givenKeys(of: account).map { ListedKey(id: $0) }
            }
        let (page, marker) = try call.page(keys, by: \.id)
        return { xml in
            xml.list("AccessKeyMetadata", page) { xml, key in
                xml.key(key.id, of: key.user, isActive: key.isActive)
                if let created = key.created { xml.element("CreateDate", created) }
            }
            xml.page(marker)
        }
    }

    /// Enables or disables an access key.
    ///
    /// [UpdateAccessKey](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html)
    static let updateAccessKey = QueryAction(
        "UpdateAccessKey",
        on: { try $0.arnOfHolder() }
    ) { call in
        let status = try call.form.required("Status")
        guard ["Active", "Inactive"].contains(status) else {
            throw QueryForm.invalid(
                "Status",
                "'\(status)'",
                "must satisfy enum value set: [Active, Inactive]"
            )
        }
        try await call.directory.setKey(try call.key(), isActive: status == "Active")
        return nil
    }

    /// Deletes an access key.
    ///
    /// [DeleteAccessKey](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteAccessKey.html)
    static let deleteAccessKey = QueryAction(
        "DeleteAccessKey",
        on: { try $0.arnOfHolder() }
    ) { call in
        try await call.directory.deleteKey(try call.key())
        return nil
    }

    /// Tells when and for what a key was last used, whoever's in the account it is.
    ///
    /// [GetAccessKeyLastUsed](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetAccessKeyLastUsed.html)
    static let getAccessKeyLastUsed = QueryAction(
        "GetAccessKeyLastUsed",
        on: { call in
            let key = call.directory.credential(try call.form.required("AccessKeyId"))
            guard let user = key?.user, user.account.id == call.account.id else {
                return call.arn("root")
            }
            return user.arn
        }
    ) { call in
        let id = try call.form.required("AccessKeyId")
        let key = call.directory.credential(id).flatMap {
            $0.account.id == call.account.id ? $0 : nil
        }
        guard key != nil || call.givenKeys(of: call.account).contains(id) else {
            throw QueryError.missing(.accessKey, id)
        }
        let use = call.directory.lastUse(of: id)
        return { xml in
            xml.element("UserName", ifPresent: key?.user?.name)
            xml.element("AccessKeyLastUsed") { xml in
                xml.element("Region", use?.region ?? "N/A")
                if let use { xml.element("LastUsedDate", use.time) }
                xml.element("ServiceName", use?.service ?? "N/A")
            }
        }
    }
}

/// A key as it is listed.
private struct ListedKey: Sendable {
    let id: String
    var user: ObjectStore.Identity?
    var isActive = true
    /// When it was made; of the key that the daemon was started with that is not known.
    var created: Timestamp?
}

extension ListedKey {
    init(_ key: AccessKey) {
        self.init(id: key.id, user: key.user, isActive: key.isActive, created: key.created)
    }
}

extension QueryCall {
    /// Whose keys the form means: those of a user, or of the root that asks without a name.
    fileprivate func holder() throws -> AccessKey.Holder {
        if form["UserName"] == nil, case .root(let account) = caller.identity {
            return .root(account)
        }
        return .user(try identity(.user))
    }

    fileprivate func arnOfHolder() throws(QueryError) -> String {
        if form["UserName"] == nil, case .root = caller.identity { return arn("root") }
        return try arn(of: .user)
    }

    /// The keys that the root of an account has because the daemon was started with them.
    func givenKeys(of account: Account) -> [String] { account.isRoot ? [rootAccessKey] : [] }

    /// The key that the form names, which must be whose the form says.
    fileprivate func key() throws -> AccessKey {
        let id = try form.required("AccessKeyId")
        let holder = try holder()
        if case .root(let account) = holder, givenKeys(of: account).contains(id) {
            throw QueryError(
                .unmodifiable,
                "The Access Key with id \(id) is the one that the service was started with."
            )
        }
        guard let key = directory.credential(id), key.holder.isSame(as: holder) else {
            throw QueryError.missing(.accessKey, id)
        }
        return key
    }
}

extension AccessKey.Holder {
    fileprivate func isSame(as other: AccessKey.Holder) -> Bool {
        switch (self, other) {
        case (.user(let one), .user(let two)): one.id == two.id
        case (.root(let one), .root(let two)): one.id == two.id
        default: false
        }
    }
}
