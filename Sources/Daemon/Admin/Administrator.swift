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

    /// Answers a request; a refusal is an answer too.
    func answer(_ request: AdminRequest) async -> AdminReply {
        do {
            switch request {
            case .status:
                return status.map(AdminReply.status) ?? .refused("No daemon runs here.")
            case .explain(let requestID):
                return refusals?.explanation(of: requestID).map(AdminReply.explanation)
                    ?? .refused(
                        "No refused request \(requestID) is remembered: only the last \(RecentRefusals.limit) are."
                    )
            case .listUsers:
                let users = store.directory.users.flatMap(store.directory.accessKeys)
                return .users(users.map { UserDetails($0, tellingSecret: false) })
            case .deleteUser(let name, let account):
                try await store.directory.deleteUser(name, account: account)
                return .users([])
            case .createUser(let new):
                try check(new)
                let key = try await store.directory.createUser(new)
                return .users([UserDetails(key, tellingSecret: true)])
            }
        } catch {
            return .refused(Refusal(error).description)
        }
    }

    /// Refuses a user whose policies would not be applied as written, before anything is stored.
    private func check(_ new: NewUser) throws {
        for policy in new.policies {
            switch policy {
            case .managed(let name): _ = try ManagedPolicy.named(name)
            case .inline(let name, let document):
                do { _ = try PolicyDocument(json: document) } catch {
                    throw Refusal("The policy \(name) is refused. \(error)")
                }
            }
        }
        guard Set(new.policies.map(\.name)).count == new.policies.count else {
            throw Refusal("Two of the policies have the same name.")
        }
        guard (new.accessKey == nil) == (new.secretKey == nil) else {
            throw Refusal("--access-key and --secret-key must come together.")
        }
        guard let accessKey = new.accessKey else { return }
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
