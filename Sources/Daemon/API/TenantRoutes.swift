import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol
import Signing

extension AdministrationRouter {
    /// The daemon's tenants, which are for its own root key alone.
    static let tenantRoutes = [
        AdministrationRoute(.GET, "tenants", "listTenants") { request in
            _ = try request.query()
            let tenants = try request.allTenants()
            return AdministrationReply(
                .object(["tenants": .array(tenants.all.map { tenants.description(of: $0) })])
            )
        },
        AdministrationRoute(.POST, "tenants", "createTenant") { request in
            let tenants = try request.allTenants()
            let made = try await create(
                request.body("name", "buckets", "accessKey", "secretKey", "from", "seed"),
                request,
                tenants
            )
            return AdministrationReply(status: 201, tenants.description(of: made))
        },
        AdministrationRoute(.GET, "tenants/{tenant}", "getTenant") { request in
            _ = try request.query()
            let tenants = try request.allTenants()
            return AdministrationReply(
                tenants.description(of: try tenants.named(request.parameters["tenant"] ?? ""))
            )
        },
        AdministrationRoute(.DELETE, "tenants/{tenant}", "dropTenant") { request in
            _ = try request.query()
            try await request.allTenants().drop(request.parameters["tenant"] ?? "")
            return .done
        },
    ]

    private static func create(
        _ fields: JSONFields,
        _ request: AdministrationRequest,
        _ tenants: Tenants
    ) async throws -> Tenant {
        let origin = try fields["from"].map { json throws(AdministrationError) in
            try JSONFields(json, ["tenant", "snapshot"])
        }
        let image = try origin.map { origin in
            try tenants.named(origin.text("tenant") ?? Tenant.standardName)
                .image(named: origin.text("snapshot"))
        }
        let seed = try fields.text("seed").map { try request.seedFolder(at: $0) }
        let tenant = try await tenants.create(
            fields.text("name"),
            credentials: credentials(fields, tenants.blueprint.configuration),
            buckets: fields.texts("buckets"),
            from: image
        )
        guard let seed else { return tenant }
        do {
            _ = try await tenant.seed(seed, .everything, tenants.blueprint.configuration)
        } catch {
            try await tenants.drop(tenant.name)
            throw AdministrationError.invalid(error.description)
        }
        return tenant
    }

    private static func credentials(
        _ fields: JSONFields,
        _ configuration: DaemonConfiguration
    ) throws(AdministrationError) -> RootCredentials? {
        switch (try fields.text("accessKey"), try fields.text("secretKey")) {
        case (nil, nil): return nil
        case (let accessKey?, let secret?):
            guard RootCredentials.isAccessKey(accessKey) else {
                throw .invalid("accessKey may have letters, digits and any of . _ - + @.")
            }
            let credentials = RootCredentials(accessKey: accessKey, secret: secret)
            do { try configuration.check(credentials) } catch {
                throw .invalid("secretKey is too short where other machines can reach the daemon.")
            }
            return credentials
        case (nil, _), (_, nil): throw .invalid("accessKey and secretKey come together.")
        }
    }
}

extension AdministrationRequest {
    /// All tenants, for the daemon's own root key.
    ///
    /// - Throws: ``AdministrationError`` for another.
    fileprivate func allTenants() throws(AdministrationError) -> Tenants {
        guard tenant === tenants.standard else {
            throw AdministrationError(
                status: 403,
                code: "AccessDenied",
                message: "Tenants are for the root key of the daemon."
            )
        }
        return tenants
    }
}

extension Tenants {
    /// What a client needs to use a tenant.
    fileprivate func description(of tenant: Tenant) -> JSON {
        .object([
            "name": .string(tenant.name),
            "accessKey": .string(tenant.credentials.accessKey),
            // The daemon's own is in the hands of who asks.
            "secretKey": tenant === standard
                ? nil : .string(tenant.credentials.secret.revealed()),
            "region": .string(blueprint.configuration.region),
            "hosts": .array(hosts.bases(of: tenant.name).map(JSON.string)),
            "inMemory": .bool(tenant.store.isInMemory),
            "snapshots": .array(tenant.snapshots.map(JSON.string)),
        ])
    }
}

extension JSONFields {
    /// A member that is an array of strings; empty where it is absent.
    func texts(_ name: String) throws(AdministrationError) -> [String] {
        guard let value = self[name] else { return [] }
        let texts = value.array?.compactMap(\.string)
        guard let texts, texts.count == value.array?.count else {
            throw .invalid("\(name) must be an array of strings.")
        }
        return texts
    }
}

extension AdministrationError {
    /// Says in the API's form what S3's says.
    init(_ error: S3Error) {
        self.init(status: error.code.status, code: error.code.name, message: error.message)
    }
}
