extension PolicyReader {
    /// Whom a statement is about; `nil` in a user's policy.
    func principals(_ members: [String: JSON]) throws(PolicyError) -> Principals? {
        guard subject != .identity else { return nil }
        switch (members["Principal"], members["NotPrincipal"]) {
        case (nil, nil): throw missing("Principal")
        case (_?, _?): throw PolicyError("Invalid policy syntax.")
        case (let value?, nil): return .these(try principals(value))
        case (nil, let value?): return .allBut(try principals(value))
        }
    }

    private func principals(_ value: JSON) throws(PolicyError) -> [Principal] {
        if value.string == "*" { return [.everyone] }
        guard case .object(let members) = value, !members.isEmpty else { throw Self.invalid }
        var principals: [Principal] = []
        for member in members {
            let names = member.value.array ?? [member.value]
            guard !names.isEmpty else { throw Self.invalid }
            for name in names {
                guard let text = name.string, let principal = principal(member.name, text) else {
                    throw Self.invalid
                }
                principals.append(principal)
            }
        }
        return principals
    }

    private func principal(_ kind: String, _ text: String) -> Principal? {
        switch kind {
        case "AWS": return Principal(aws: text)
        case "CanonicalUser":
            let isHex = text.utf8.allSatisfy {
                Character(Unicode.Scalar($0)).isHexDigit
            }
            return text.utf8.count == 64 && isHex ? .canonicalUser(text.lowercased()) : nil
        case "Service": return text.contains(".") ? .service(text) : nil
        case "Federated": return text.isEmpty ? nil : .federated(text)
        default: return nil
        }
    }

    private static let invalid = PolicyError("Invalid principal in policy")
}
