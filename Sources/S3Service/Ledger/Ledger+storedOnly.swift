import NIOHTTP1
import S3Protocol

// What is checked, kept and told, and does nothing else, says so in every reply; `--strict` refuses it.

extension Ledger {
    /// The header that names what a reply is about and is only stored.
    static let storedOnlyHeader = "x-pail-stored-only"

    private static let storedOperations = Dictionary(
        operations.compactMap { row in row.setting.map { (row.name, $0) } },
        uniquingKeysWith: { first, _ in first }
    )

    /// The setting that an operation only stores or tells; `nil` where it does what it says.
    static func settingStored(by operation: String) -> String? { storedOperations[operation] }

    /// Refuses an operation that only stores, where that is not wanted.
    ///
    /// - Throws: ``S3Error`` with `NotImplemented`.
    static func refuseStoring(_ operation: String, isStrict: Bool) throws(S3Error) {
        guard isStrict, storedOperations[operation] != nil else { return }
        throw strictRefusal(of: operation)
    }

    /// The error for what is only stored, where that is not wanted.
    static func strictRefusal(of name: String) -> S3Error {
        S3Error(
            .notImplemented,
            "\(name) would only be stored, without effect, which --strict refuses.",
            details: [.init("StoredOnly", name)]
        )
    }

    /// What a request asked for, or a reply tells, by headers that are only stored.
    static func settingsStored(by request: HTTPHeaders, told reply: HTTPHeaders) -> [String] {
        var names: [String] = []
        func look(at headers: HTTPHeaders) {
            for (name, value) in headers {
                guard let setting = setting(ofHeader: name), setting.state == .storedOnly,
                    !value.isEmpty, !isDefault(value, of: setting), !names.contains(setting.name)
                else { continue }
                names.append(setting.name)
            }
        }
        look(at: request)
        look(at: reply)
        return names
    }
}

extension HTTPHeaders {
    /// Says that something that a reply is about is only stored.
    mutating func addStoredOnly(_ setting: String) {
        add(name: Ledger.storedOnlyHeader, value: setting)
    }
}

extension HTTPHeaders {
    /// Says of a bucket's region that it is only told, where this server is another.
    mutating func addRegion(_ region: String, _ configuration: ServiceConfiguration) {
        if region != configuration.region { addStoredOnly("LocationConstraint") }
    }
}
