import ObjectStore
import S3Protocol

// What can be done to users, groups and roles alike.

extension QueryAction {
    /// Makes one, with a path and tags.
    ///
    /// [CreateUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateUser.html),
    /// [CreateGroup](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateGroup.html),
    /// [CreateRole](https://docs.aws.amazon.com/IAM/latest/APIReference/API_CreateRole.html)
    static func create(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Create\(kind.title)", on: { try $0.arnOfNew(kind) }) { call in
            let role = kind == .role ? try call.role() : nil
            let made = try await call.directory.create(
                kind,
                try call.form.name(kind.parameter, longest: kind.longestName),
                path: try call.form.path(),
                role: role,
                tags: try call.form.tags(),
                in: call.account.id
            )
            return { xml in
                xml.element(named: kind.title) { $0.identity(made, withTags: true) }
            }
        }
    }

    /// Tells what one is, with its tags.
    ///
    /// [GetUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetUser.html),
    /// [GetRole](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetRole.html)
    static func get(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Get\(kind.title)", on: { try $0.arnOfExisting(kind) }) { call in
            if let root = call.rootItself(kind) { return root }
            let found = try call.identity(kind)
            return { xml in
                xml.element(named: kind.title) { $0.identity(found, withTags: true) }
            }
        }
    }

    /// Lists those of the account, in pages.
    ///
    /// [ListUsers](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListUsers.html),
    /// [ListGroups](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroups.html),
    /// [ListRoles](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListRoles.html)
    static func list(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction(
            "List\(kind.title)s",
            on: { $0.arn("\(kind.rawValue)\($0.form["PathPrefix"] ?? "/")") }
        ) { call in
            let all = call.directory.identities(kind, in: call.account.id)
            let (page, marker) = try call.page(call.within(all, \.path), by: \.order)
            return { xml in
                xml.element(named: "\(kind.title)s") { xml in
                    for one in page { xml.element("member") { $0.identity(one) } }
                }
                xml.page(marker)
            }
        }
    }

    /// Gives one another name or path.
    ///
    /// [UpdateUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateUser.html),
    /// [UpdateGroup](https://docs.aws.amazon.com/IAM/latest/APIReference/API_UpdateGroup.html)
    static func update(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Update\(kind.title)", on: { try $0.arn(of: kind) }) { call in
            let form = call.form
            let name =
                form["New\(kind.parameter)"] == nil
                ? nil : try form.name("New\(kind.parameter)", longest: kind.longestName)
            let path = form["NewPath"] == nil ? nil : try form.path("NewPath")
            let identity = try call.identity(kind)
            // Policies know it by its name and path, so whoever gives others needs the right to those too.
            try call.authorization.require(
                Action(stringLiteral: "iam:Update\(kind.title)"),
                on: .other(
                    call.arn("\(kind.rawValue)\(path ?? identity.path)\(name ?? identity.name)")
                ),
                told: call.told
            )
            try await call.directory.rename(identity, to: name, path: path)
            return nil
        }
    }

    /// Deletes one of which there is nothing left.
    ///
    /// [DeleteUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteUser.html),
    /// [DeleteGroup](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteGroup.html),
    /// [DeleteRole](https://docs.aws.amazon.com/IAM/latest/APIReference/API_DeleteRole.html)
    static func delete(_ kind: ObjectStore.Identity.Kind) -> QueryAction {
        QueryAction("Delete\(kind.title)", on: { try $0.arn(of: kind) }) { call in
            try await call.directory.delete(try call.identity(kind))
            return nil
        }
    }
}

extension QueryCall {
    /// The answer to the root that asks for itself, which is no user and has neither name nor path.
    fileprivate func rootItself(_ kind: ObjectStore.Identity.Kind) -> QueryAction.Result {
        guard kind == .user, form["UserName"] == nil, case .root(let account) = caller.identity
        else { return nil }
        return { xml in
            xml.element("User") { xml in
                xml.element("UserId", account.number)
                xml.element("Arn", "arn:aws:iam::\(account.number):root")
            }
        }
    }

    fileprivate func arnOfExisting(
        _ kind: ObjectStore.Identity.Kind
    ) throws(QueryError) -> String {
        guard rootItself(kind) == nil else { return arn("root") }
        return try arn(of: kind)
    }

    /// The ARN of what is to be made.
    fileprivate func arnOfNew(_ kind: ObjectStore.Identity.Kind) throws(QueryError) -> String {
        let name = try form.name(kind.parameter, longest: kind.longestName)
        return arn("\(kind.rawValue)\(try form.path())\(name)")
    }
}
