import ObjectStore
import S3Protocol

extension QueryAction {
    /// The most access keys that a user may have.
    private static let most = 2

    /// Makes an access key, whose secret is told this once.
    ///
    /// [CreateAccessKey](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateAccessKey.html)
    static let createAccessKey = QueryAction(
        "CreateAccessKey",
        on: { try $0.arn(of: .user) }
    ) { call in
        let key = try await call.directory.createKey(of: try call.identity(.user), limit: most)
        return { xml in
            xml.element("AccessKey") { xml in
                xml.key(key)
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
        on: { try $0.arn(of: .user) }
    ) { call in
        let keys = call.directory.accessKeys(of: try call.identity(.user))
        let (page, marker) = try call.page(keys, by: \.id)
        return { xml in
            xml.list("AccessKeyMetadata", page) { xml, key in
                xml.key(key)
                xml.element("CreateDate", key.created)
            }
            xml.page(marker)
        }
    }

    /// Enables or disables an access key.
    ///
    /// [UpdateAccessKey](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateAccessKey.html)
    static let updateAccessKey = QueryAction(
        "UpdateAccessKey",
        on: { try $0.arn(of: .user) }
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
        on: { try $0.arn(of: .user) }
    ) { call in
        try await call.directory.deleteKey(try call.key())
        return nil
    }
}

extension QueryCall {
    /// The key that the form names, which must be the user's.
    fileprivate func key() throws -> AccessKey {
        let id = try form.required("AccessKeyId")
        let user = try identity(.user)
        guard let key = directory.credential(id), key.user.id == user.id else {
            throw QueryError(.noSuchEntity, "The Access Key with id \(id) cannot be found.")
        }
        return key
    }
}
