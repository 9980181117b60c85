import ObjectStore
import S3Protocol

// Who is in which group.

extension QueryAction {
    /// Tells what a group is, and who is in it, in pages.
    ///
    /// [GetGroup](https://docs.aws.amazon.com/IAM/latest/APIReference/API_GetGroup.html)
    static let getGroup = QueryAction("GetGroup", on: { try $0.arn(of: .group) }) { call in
        let group = try call.identity(.group)
        let (page, marker) = try call.page(call.directory.members(of: group), by: \.order)
        return { xml in
            xml.element("Group") { $0.identity(group) }
            xml.list("Users", page) { $0.identity($1) }
            xml.page(marker)
        }
    }

    /// Puts a user into a group.
    ///
    /// [AddUserToGroup](https://docs.aws.amazon.com/IAM/latest/APIReference/API_AddUserToGroup.html)
    static let addUserToGroup = member("AddUserToGroup", true)

    /// Takes a user out of a group.
    ///
    /// [RemoveUserFromGroup](https://docs.aws.amazon.com/IAM/latest/APIReference/API_RemoveUserFromGroup.html)
    static let removeUserFromGroup = member("RemoveUserFromGroup", false)

    private static func member(_ name: String, _ isMember: Bool) -> QueryAction {
        QueryAction(name, on: { try $0.arn(of: .group) }) { call in
            _ = try call.form.required("UserName")
            let (group, user) = (try call.identity(.group), try call.identity(.user))
            guard isMember || user.groups.contains(group.id) else {
                throw QueryError(
                    .noSuchEntity,
                    "User \(user.name) not in group \(group.name)."
                )
            }
            try await call.directory.set(isMember, user, in: group)
            return nil
        }
    }

    /// Lists the groups that a user is in, in pages.
    ///
    /// [ListGroupsForUser](https://docs.aws.amazon.com/IAM/latest/APIReference/API_ListGroupsForUser.html)
    static let listGroupsForUser = QueryAction(
        "ListGroupsForUser",
        on: { try $0.arn(of: .user) }
    ) { call in
        _ = try call.form.required("UserName")
        let groups = try call.identity(.user).groups.compactMap { call.directory.identity($0) }
        let (page, marker) = try call.page(groups, by: \.order)
        return { xml in
            xml.list("Groups", page) { $0.identity($1) }
            xml.page(marker)
        }
    }
}
