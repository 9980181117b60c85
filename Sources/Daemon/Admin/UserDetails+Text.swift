import Policy

extension UserDetails {
    /// The user as one line of JSON.
    public var jsonText: String { json.text }

    /// The user as lines for people.
    public var text: String {
        let policies =
            policies.isEmpty ? "none: may do nothing yet" : policies.joined(separator: ", ")
        var lines = [
            "User               \(name)",
            "Account            \(account) (\(accountNumber))",
            "Canonical ID       \(canonicalID)",
            "Policies           \(policies)",
            "Access key ID      \(accessKey ?? "none")",
        ]
        if let secret { lines.append("Secret access key  \(secret)") }
        return lines.joined(separator: "\n")
    }

    /// The user as a row: columns that `cut` and `awk` can take apart.
    public var row: String {
        let policies = policies.isEmpty ? "-" : policies.joined(separator: ",")
        return [name, account, accessKey ?? "-", policies].joined(separator: "\t")
    }
}
