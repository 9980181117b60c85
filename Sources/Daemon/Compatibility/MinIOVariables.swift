/// What of MinIO's environment means something to Pail.
///
/// [MinIO's settings](https://min.io/docs/minio/linux/reference/minio-server/settings.html)
enum MinIOVariables {
    private static let accessKeys = ["MINIO_ROOT_USER", "MINIO_ACCESS_KEY"]
    private static let secretKeys = ["MINIO_ROOT_PASSWORD", "MINIO_SECRET_KEY"]
    private static let regions = ["MINIO_SITE_REGION", "MINIO_REGION", "MINIO_REGION_NAME"]
    private static let domain = "MINIO_DOMAIN"
    private static let address = "MINIO_ADDRESS"
    private static let folder = "MINIO_VOLUMES"

    /// Where a container's secrets are, which a name without a path is looked for in.
    private static let secrets = "/run/secrets/"
    /// The longest file with a key, in bytes.
    private static let longestKey = 4096

    /// Every name that is read.
    static let names =
        (accessKeys + secretKeys).flatMap { [$0, $0 + "_FILE"] }
        + regions + [domain, address, folder]

    /// Variables with MinIO's under Pail's names among them.
    ///
    /// A pair of keys by MinIO's names wins over one by AWS's, which may be an application's of the same
    /// environment; of all else Pail's own names win.
    static func translate(_ variables: Environment) throws(Refusal) -> Environment {
        var fallbacks: [String: String] = [:]
        fallbacks[Setting.region.variable] = first(of: regions, in: variables)
        fallbacks[Setting.domain.variable] = variables[domain]
        fallbacks[Setting.data.variable] = try variables[folder].map(oneFolder)
        if let text = variables[address] {
            guard let address = ListenAddress(text) else {
                throw Refusal("MINIO_ADDRESS must be HOST:PORT or :PORT, not \"\(text)\".")
            }
            fallbacks.merge(address.variables) { first, _ in first }
        }
        return try withKeys(variables).over(Environment(fallbacks))
    }

    /// The one folder that objects are kept in.
    ///
    /// - Throws: ``Refusal`` for several, which is how MinIO spreads what it keeps.
    static func oneFolder(_ text: String) throws(Refusal) -> String {
        guard !text.contains("{"), !text.contains(where: \.isWhitespace), !text.contains("://")
        else {
            throw Refusal(
                "Pail keeps its buckets in one folder of this machine, and \"\(text)\" names several."
            )
        }
        return text
    }

    /// Variables with MinIO's pair of keys, where there is one, in place of AWS's.
    private static func withKeys(_ variables: Environment) throws(Refusal) -> Environment {
        switch (try key(accessKeys, variables), try key(secretKeys, variables)) {
        case (nil, nil): return variables
        case (let access?, let secret?):
            // A session token is of the other pair.
            let others = variables.names.subtracting(RootCredentials.variables)
                .compactMap { name in variables[name].map { (name, $0) } }
            let pair = [("AWS_ACCESS_KEY_ID", access), ("AWS_SECRET_ACCESS_KEY", secret)]
            return Environment(Dictionary(others + pair) { _, last in last })
        case (nil, _), (_, nil):
            throw Refusal("MINIO_ROOT_USER and MINIO_ROOT_PASSWORD must both be set, or neither.")
        }
    }

    /// A key, from a variable or from the file that another one names.
    private static func key(_ names: [String], _ variables: Environment) throws(Refusal) -> String?
    {
        if let value = first(of: names, in: variables) { return value }
        guard let file = first(of: names.map { $0 + "_FILE" }, in: variables) else { return nil }
        let path = file.hasPrefix("/") ? file : secrets + file
        do {
            return try FileText.read(path, limit: longestKey).filter { !$0.isNewline }
        } catch {
            throw Refusal("The key in \(path) cannot be read: \(error).")
        }
    }

    private static func first(of names: [String], in variables: Environment) -> String? {
        names.lazy.compactMap { variables[$0] }.first
    }
}
