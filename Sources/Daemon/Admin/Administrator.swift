import ObjectStore
import Policy

/// Carries out what administrators ask, in the one process that has the store open.
struct Administrator: Sendable {
    let store: Store
    /// The root key's public half, which no user may have.
    let rootAccessKey: String?
    /// What the daemon tells about itself; `nil` where no daemon runs.
    var status: DaemonStatus?
    /// What it refused lately; `nil` where no daemon runs.
    var refusals: RecentRefusals?
    /// What scrubbing has found.
    var scrubCounter = ScrubCounter()

    private var directory: Directory { store.directory }

    /// Answers a request; a refusal is an answer too.
    ///
    /// `progress` is told what there is to say before.
    func answer(
        _ request: AdminRequest,
        progress: @escaping @Sendable (AdminReply) async throws -> Void = { _ in }
    ) async -> AdminReply {
        do {
            switch request {
            case .check(let options): return try await check(options, progress)
            case .backUp(let folder, let copying):
                return try await backUp(to: folder, copying: copying, progress)
            case .status:
                return currentStatus.map(AdminReply.status) ?? .refused("No daemon runs here.")
            case .explain(let requestID):
                return refusals?.explanation(of: requestID).map(AdminReply.explanation)
                    ?? .refused(
                        "No refused request \(requestID) is remembered: only the last \(RecentRefusals.limit) are."
                    )
            case .createUser, .listUsers, .deleteUser: return try await answerOfUsers(request)
            case .listPolicies, .attachPolicy, .putPolicy, .removePolicy:
                return try await answerOfPolicies(request)
            case .createKey, .listKeys, .setKey, .deleteKey: return try await answerOfKeys(request)
            }
        } catch {
            return .refused(Refusal(error).description)
        }
    }

    private func answerOfUsers(_ request: AdminRequest) async throws -> AdminReply {
        switch request {
        case .createUser(let new):
            try check(new)
            let key = try await directory.createUser(new)
            return .users([UserDetails(key, tellingSecret: true)])
        case .deleteUser(let name, let account):
            try await directory.deleteUser(name, account: account)
            return .users([])
        default:
            let users = directory.users.flatMap { user in
                let keys = directory.accessKeys(of: user)
                return keys.isEmpty
                    ? [UserDetails(user)] : keys.map { UserDetails($0, tellingSecret: false) }
            }
            return .users(users)
        }
    }

    private func answerOfKeys(_ request: AdminRequest) async throws -> AdminReply {
        switch request {
        case .createKey(let user, let accessKey, let secretKey):
            try check(accessKey, secretKey)
            let key =
                user.name == UserName.root
                ? try await directory.createRootKey(
                    of: try account(user.account),
                    id: accessKey,
                    secret: secretKey
                )
                : try await directory.createKey(
                    of: try find(user),
                    id: accessKey,
                    secret: secretKey
                )
            return .users([UserDetails(key, tellingSecret: true)])
        case .setKey(let id, let isActive):
            try await directory.setKey(try key(id), isActive: isActive)
        case .deleteKey(let id): try await directory.deleteKey(try key(id))
        case .listKeys(let user?) where user.name == UserName.root:
            let keys = directory.rootKeys(of: try account(user.account).id)
            return .keys(keys.map { KeyDetails($0) })
        case .listKeys(let user?):
            return .keys(directory.accessKeys(of: try find(user)).map { KeyDetails($0) })
        default:
            let keys =
                directory.accounts.flatMap { directory.rootKeys(of: $0.id) }
                + directory.users.flatMap { directory.accessKeys(of: $0) }
            return .keys(keys.map { KeyDetails($0) })
        }
        return .keys([])
    }

    private func find(_ user: UserName) throws -> Identity {
        try directory.user(user.name, account: user.account)
    }

    /// An account by its name, or the root account for none.
    private func account(_ name: String?) throws -> Account {
        guard let name else { return directory.rootAccount }
        guard let account = directory.account(named: name) else {
            throw DirectoryError.missing(.account, name)
        }
        return account
    }

    private func key(_ id: String) throws -> AccessKey {
        guard let key = directory.credential(id) else {
            throw DirectoryError.missing(.accessKey, id)
        }
        return key
    }

    /// Refuses a user whose policies would not be applied as written, before anything is stored.
    private func check(_ new: NewUser) throws {
        for policy in new.policies { try check(policy) }
        guard Set(new.policies.map(\.name)).count == new.policies.count else {
            throw Refusal("Two of the policies have the same name.")
        }
        try check(new.accessKey, new.secretKey)
    }

    private func check(_ accessKey: String?, _ secretKey: String?) throws {
        guard (accessKey == nil) == (secretKey == nil) else {
            throw Refusal("--access-key and --secret-key must come together.")
        }
        guard let accessKey else { return }
        guard RootCredentials.isAccessKey(accessKey) else {
            throw Refusal(
                "An access key has letters, digits and any of . _ - + @, and nothing else."
            )
        }
        guard accessKey != rootAccessKey else {
            throw Refusal("The access key \(accessKey) is the root account's own.")
        }
    }
}

// MARK: Policies

extension Administrator {
    fileprivate func answerOfPolicies(_ request: AdminRequest) async throws -> AdminReply {
        switch request {
        case .attachPolicy(let name, let policy):
            let user = try find(name)
            try await directory.put(try attachment(policy, of: user), on: user)
        case .putPolicy(let name, let policy, let document):
            let inline = PolicyAttachment.inline(name: policy, document: document)
            let user = try find(name)
            guard Self.isPolicyName(policy) else {
                throw Refusal(
                    "A policy's name has 1 to 128 of the characters A-Z a-z 0-9 + = , . @ _ -."
                )
            }
            try check(inline)
            try await directory.put(inline, on: user)
        case .removePolicy(let name, let policy):
            let user = try find(name)
            let found = user.policies.first { $0.name == policy || $0 == .attached(arn: policy) }
            guard let found else { throw DirectoryError.missing(.policy, policy) }
            try await directory.remove(found, from: user)
        case .listPolicies(let name): return .policies(try find(name).policies)
        default: break
        }
        return .policies([])
    }

    /// Refuses a policy that would not be applied as written.
    private func check(_ policy: PolicyAttachment) throws {
        switch policy {
        case .attached(let arn): _ = try ManagedPolicy.named(arn)
        case .inline(let name, let document):
            do { _ = try PolicyDocument(json: document) } catch {
                throw Refusal("The policy \(name) is refused. \(error)")
            }
        }
    }

    /// One of AWS's policies or of the account's, by its name or ARN.
    private func attachment(_ policy: String, of user: Identity) throws -> PolicyAttachment {
        if let managed = ManagedPolicy.all.first(where: { [$0.name, $0.arn].contains(policy) }) {
            return .attached(arn: managed.arn)
        }
        let own = directory.policies(in: user.account.id)
            .first { [$0.name, $0.arn].contains(policy) }
        guard let own else { throw DirectoryError.missing(.policy, policy) }
        return .attached(arn: own.arn)
    }

    private static func isPolicyName(_ name: String) -> Bool {
        (1...128).contains(name.utf8.count)
            && name.unicodeScalars.allSatisfy { scalar in
                scalar.isASCII
                    && (Character(scalar).isLetter || Character(scalar).isNumber
                        || "+=,.@_-".unicodeScalars.contains(scalar))
            }
    }
}

// MARK: Looking after the folder

extension Administrator {
    private var currentStatus: DaemonStatus? {
        var status = status
        status?.scrub = scrubCounter.counts
        status?.readOnlyReason = store.readOnlyReason
        return status
    }

    private func check(
        _ options: CheckOptions,
        _ progress: @escaping @Sendable (AdminReply) async throws -> Void
    ) async throws -> AdminReply {
        let report = try await LongWork.follow {
            try await progress(.progress($0))
        } _: { tell in
            try await store.check(options, progress: tell)
        }
        for finding in report.findings { try await progress(.finding(finding)) }
        return .check(report)
    }

    private func backUp(
        to folder: String,
        copying: Bool,
        _ progress: @escaping @Sendable (AdminReply) async throws -> Void
    ) async throws -> AdminReply {
        .backup(
            try await LongWork.follow {
                try await progress(.progress($0))
            } _: { tell in
                try await store.backUp(to: folder, copying: copying, progress: tell)
            }
        )
    }
}
