import NIOHTTP1
import Policy

extension Control {
    /// What a new tenant begins with.
    public struct NewTenant: Sendable, Hashable {
        /// Its name; `nil` for one that is made up.
        public var name: String?
        /// Its buckets.
        public var buckets: [String] = []
        /// The folder that it is filled from.
        public var seed: String?
        /// The tenant that it is a fork of.
        public var origin: String?
        /// The snapshot of that tenant; `nil` for what it is now.
        public var snapshot: String?
        /// The public half of its root key; `nil` for a pair that is made up.
        public var accessKey: String?
        /// The secret half.
        public var secretKey: String?

        /// Begins with nothing.
        public init() {}
    }

    /// Makes a tenant.
    ///
    /// - Returns: The tenant with its key, as JSON on one line.
    /// - Throws: ``Refusal``.
    public func createTenant(_ new: NewTenant) async throws(Refusal) -> String {
        let from: JSON? = new.origin.map { origin in
            .object([
                "tenant": .string(origin), "snapshot": new.snapshot.map(JSON.string),
            ])
        }
        return try await ask(
            .POST,
            "tenants",
            .object([
                "name": new.name.map(JSON.string),
                "buckets": new.buckets.isEmpty ? nil : .array(new.buckets.map(JSON.string)),
                "seed": new.seed.map { .string(FileText.absolute($0)) },
                "from": from,
                "accessKey": new.accessKey.map(JSON.string),
                "secretKey": new.secretKey.map(JSON.string),
            ])
        ).text
    }

    /// The tenants, one JSON object a line.
    ///
    /// - Throws: ``Refusal``.
    public func tenants() async throws(Refusal) -> [String] {
        try await ask(.GET, "tenants")["tenants"]?.array?.map(\.text) ?? []
    }

    /// Drops a tenant with everything in it.
    ///
    /// - Throws: ``Refusal``.
    public func dropTenant(_ name: String) async throws(Refusal) {
        _ = try await ask(.DELETE, "tenants/\(name)")
    }

    /// Puts a tenant to what it was at its beginning, or to nothing.
    ///
    /// - Throws: ``Refusal``.
    public func reset(_ tenant: String?, toNothing: Bool) async throws(Refusal) {
        _ = try await ask(
            .POST,
            Self.path("reset", of: tenant),
            .object(["to": .string(toNothing ? "empty" : "seed")])
        )
    }

    /// Keeps what a tenant is now under a name.
    ///
    /// - Throws: ``Refusal``.
    public func takeSnapshot(_ name: String, of tenant: String?) async throws(Refusal) {
        _ = try await ask(
            .POST,
            Self.path("snapshots", of: tenant),
            .object(["name": .string(name)])
        )
    }

    /// The names of a tenant's snapshots.
    ///
    /// - Throws: ``Refusal``.
    public func snapshots(of tenant: String?) async throws(Refusal) -> [String] {
        try await ask(.GET, Self.path("snapshots", of: tenant))["snapshots"]?.array?
            .compactMap(\.string) ?? []
    }

    /// Puts a tenant to what it was when a snapshot was taken.
    ///
    /// - Throws: ``Refusal``.
    public func restore(_ snapshot: String, of tenant: String?) async throws(Refusal) {
        _ = try await ask(.POST, Self.path("snapshots/\(snapshot)/restore", of: tenant))
    }

    /// Forgets a snapshot.
    ///
    /// - Throws: ``Refusal``.
    public func deleteSnapshot(_ snapshot: String, of tenant: String?) async throws(Refusal) {
        _ = try await ask(.DELETE, Self.path("snapshots/\(snapshot)", of: tenant))
    }

    /// Puts a folder into a tenant's store.
    ///
    /// - Returns: What became of it, as JSON on one line.
    /// - Throws: ``Refusal``.
    public func seed(_ folder: String, into tenant: String?) async throws(Refusal) -> String {
        try await ask(
            .POST,
            Self.path("seed", of: tenant),
            .object(["folder": .string(FileText.absolute(folder))])
        ).text
    }

    private static func path(_ path: String, of tenant: String?) -> String {
        tenant.map { "tenants/\($0)/\(path)" } ?? path
    }
}
