import ObjectStore
import Policy

extension Directory {
    /// Whether there is such a principal; services and providers are taken on trust, as nobody is one here.
    func knows(_ principal: Principal) -> Bool {
        switch principal {
        case .everyone, .other, .service, .federated: true
        case .account(let number): accounts.contains { $0.number == number }
        case .canonicalUser(let id): accounts.contains { $0.canonicalID == id }
        case .user(let number, let path, let name): has(.user, name, path, number)
        case .role(let number, let path, let name): has(.role, name, path, number)
        case .session(let number, let role, _): has(.role, role, nil, number)
        }
    }

    private func has(
        _ kind: Identity.Kind,
        _ name: String,
        _ path: String?,
        _ number: String
    ) -> Bool {
        guard let account = account(number: number),
            // Names are found in any case, and ARNs are not.
            let found = identity(kind, name, in: account.id), found.name == name
        else { return false }
        return path == nil || path == found.path
    }

    /// The account of twelve digits.
    func account(number: String) -> Account? { accounts.first { $0.number == number } }
}
