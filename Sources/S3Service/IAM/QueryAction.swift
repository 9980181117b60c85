import ObjectStore
import Policy
import S3Protocol

/// One action of IAM or STS: how it is allowed, read, carried out and answered.
///
/// An action is the whole of its own; those that are the same for users, groups and roles are one. To add
/// one, write it in `Actions/` and name it in `QueryAction+lists.swift`.
struct QueryAction: Sendable {
    /// Writes what is in the result of an answer; `nil` for an answer without one.
    typealias Result = (@Sendable (inout XMLWriter) -> Void)?

    /// The name, as AWS spells it.
    let name: String
    /// What must be allowed, and on what.
    let permission: Permission
    /// Whether it is for those who have no key yet.
    var isUnsigned = false
    /// Carries it out.
    let run: @Sendable (QueryCall) async throws -> Result

    /// What must be allowed.
    enum Permission: Sendable {
        /// Nothing, or what the action asks for itself.
        case none
        /// The permission of the action's name, on what this answers.
        case own(@Sendable (QueryCall) throws -> String)
    }

    init(
        _ name: String,
        on resource: @escaping @Sendable (QueryCall) throws -> String = { _ in "*" },
        run: @escaping @Sendable (QueryCall) async throws -> Result
    ) {
        self.name = name
        permission = .own(resource)
        self.run = run
    }

    /// An action that asks for what must be allowed itself, if anything must be.
    init(
        free name: String,
        isUnsigned: Bool = false,
        run: @escaping @Sendable (QueryCall) async throws -> Result
    ) {
        self.name = name
        permission = .none
        self.isUnsigned = isUnsigned
        self.run = run
    }

    /// Carries it out for whoever may ask for it.
    func perform(_ call: QueryCall) async throws -> Result {
        if case .own(let resource) = permission {
            try call.refuseSessionOfUser()
            try call.refuseUnknown()
            let arn = try resource(call)
            try call.authorization.require(
                Action(stringLiteral: "iam:\(name)"),
                on: .other(arn),
                told: call.told
            )
        }
        return try await run(call)
    }
}

/// A call of an action.
struct QueryCall: Sendable {
    let form: QueryForm
    /// The access key that the daemon was started with.
    let rootAccessKey: String
    let authorization: Authorization
    let configuration: ServiceConfiguration

    var caller: Caller { authorization.caller }
    var directory: Directory { authorization.store.directory }
    var account: Account { caller.account }

    /// An ARN of the caller's account.
    func arn(_ rest: String) -> String { "arn:aws:iam::\(account.number):\(rest)" }

    /// What conditions see of the form.
    var told: [String: [String]] {
        var told: [String: [String]] = [:]
        if let arn = form["PolicyArn"] { told["iam:policyarn"] = [arn] }
        let names = form.list("Tags", field: "Key")
        if !names.isEmpty { told["aws:tagkeys"] = names }
        for (index, name) in names.enumerated() {
            told["aws:requesttag/\(name)"] = [form.text("Tags.member.\(index + 1).Value") ?? ""]
        }
        return told
    }

    /// The session of a user or of the root, for which IAM wants a second factor that there is not here.
    func refuseSessionOfUser() throws(QueryError) {
        guard caller.temporary != nil else { return }
        if case .role = caller.identity { return }
        throw QueryError(.invalidClientToken, logged: "a session of GetSessionToken asks IAM")
    }

    /// Parameters that would change what an action means, and that are not understood here.
    func refuseUnknown() throws(QueryError) {
        guard form["PermissionsBoundary"] == nil else {
            throw QueryError(.notImplemented, "Permissions boundaries are not implemented.")
        }
    }

    // MARK: What a call is about

    /// The identity that the form names.
    ///
    /// - Throws: ``QueryError`` with `NoSuchEntity`.
    func identity(_ kind: ObjectStore.Identity.Kind) throws -> ObjectStore.Identity {
        let name = try name(of: kind)
        guard let found = directory.identity(kind, name, in: account.id) else {
            throw QueryError.missing(.init(kind), name)
        }
        return found
    }

    /// The name that the form gives; of users, the caller's own where it gives none.
    func name(of kind: ObjectStore.Identity.Kind) throws(QueryError) -> String {
        if kind == .user, form["UserName"] == nil {
            guard case .user(let user, _) = caller.identity else {
                throw QueryError(
                    .validation,
                    "Must specify userName when calling with non-User credentials"
                )
            }
            return user.name
        }
        return try form.name(kind.parameter, longest: kind.longestName)
    }

    /// The ARN of what the form names, as policies know it, whether it is there or not.
    func arn(of kind: ObjectStore.Identity.Kind) throws(QueryError) -> String {
        let name = try name(of: kind)
        return directory.identity(kind, name, in: account.id)?.arn
            ?? arn("\(kind.rawValue)/\(name)")
    }

    /// A page of a list in the order of its names, in which no two are the same.
    ///
    /// - Throws: ``QueryError`` with `ValidationError` for a marker or a size that is none.
    func page<T>(_ all: [T], by name: (T) -> String) throws -> (items: [T], marker: String?) {
        let size = Int(try form.number("MaxItems", in: 1...1000) ?? 100)
        var rest = all.sorted { name($0) < name($1) }[...]
        if let marker = form["Marker"] {
            guard let after = try? ContinuationToken.read(marker) else {
                throw QueryError(.validation, "Invalid Marker.")
            }
            rest = rest.drop { name($0) <= after }
        }
        let items = Array(rest.prefix(size))
        guard items.count < rest.count, let last = items.last else { return (items, nil) }
        return (items, ContinuationToken.write(name(last)))
    }

    /// Those of a list whose path begins as the form says.
    func within<T>(_ all: [T], _ path: (T) -> String) -> [T] {
        guard let prefix = form["PathPrefix"] else { return all }
        return all.filter { path($0).hasPrefix(prefix) }
    }
}

extension ObjectStore.Identity {
    /// The name by which it is in order: an account's names differ in more than their case.
    var order: String { name.lowercased() }
}

extension ObjectStore.Identity.Kind {
    /// As it stands in the names of actions.
    var title: String {
        switch self {
        case .user: "User"
        case .group: "Group"
        case .role: "Role"
        }
    }

    /// The parameter that names one.
    var parameter: String { "\(title)Name" }

    var longestName: Int { self == .group ? 128 : 64 }

    /// How much of inline policies one may have together, in characters without white space.
    var longestPolicies: Int {
        switch self {
        case .user: 2048
        case .group: 5120
        case .role: 10_240
        }
    }
}
