import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol
import S3Service

extension AdministrationRouter {
    /// What a tenant's store goes back to, and begins with.
    static let storeRoutes = [
        AdministrationRoute(.POST, "reset", "resetStore") { request in
            let to = try request.body("to").text("to")
            guard let origin = Tenant.Origin(rawValue: to ?? Tenant.Origin.seed.rawValue) else {
                throw AdministrationError.invalid("to must be seed or empty.")
            }
            try await request.tenant.reset(to: origin)
            return .done
        },
        AdministrationRoute(.GET, "snapshots", "listSnapshots") { request in
            _ = try request.query()
            let names = request.tenant.snapshots.map(JSON.string)
            return AdministrationReply(.object(["snapshots": .array(names)]))
        },
        AdministrationRoute(.POST, "snapshots", "takeSnapshot") { request in
            let fields = try request.body("name")
            let name = try fields.required("name", fields.text("name"))
            guard TenantHosts.isName(name) else {
                throw AdministrationError.invalid("name must have 1 to 63 of a-z, 0-9 and -.")
            }
            try request.tenant.takeSnapshot(name)
            return AdministrationReply(status: 201, .object(["name": .string(name)]))
        },
        AdministrationRoute(.DELETE, "snapshots/{snapshot}", "deleteSnapshot") { request in
            _ = try request.query()
            try request.tenant.deleteSnapshot(request.parameters["snapshot"] ?? "")
            return .done
        },
        AdministrationRoute(.POST, "snapshots/{snapshot}/restore", "restoreSnapshot") { request in
            _ = try request.body()
            try await request.tenant.restore(request.parameters["snapshot"] ?? "")
            return .done
        },
        AdministrationRoute(.POST, "seed", "seedStore") { request in
            let fields = try request.body("folder")
            let folder = try request.seedFolder(
                at: fields.required("folder", fields.text("folder"))
            )
            let configuration = request.tenants.blueprint.configuration
            do throws(Refusal) {
                return AdministrationReply(
                    try await request.tenant.seed(folder, .everything, configuration).json
                )
            } catch {
                throw AdministrationError.invalid(error.description)
            }
        },
    ]
}

extension AdministrationRequest {
    /// Looks through a folder that the request names.
    ///
    /// Whoever has the root key over a network is not to read this machine's files: only the folder of `--seed`, and what is
    /// below it. On this machine itself that is a matter of what the daemon may read.
    ///
    /// - Throws: ``AdministrationError``.
    func seedFolder(at path: String) throws(AdministrationError) -> SeedFolder {
        let own = tenants.blueprint.configuration.seedFolder
        let path = FileText.absolute(path.hasPrefix("/") ? path : "\(own ?? ".")/\(path)")
        let home = own.map { FileText.absolute($0) }
        let isBelow = home.map { path == $0 || path.hasPrefix("\($0)/") } ?? false
        guard isBelow || Host(call.peer).isLoopback else {
            throw AdministrationError(
                status: 403,
                code: "AccessDenied",
                message:
                    "From another machine, only the folder of --seed and what is in it is read."
            )
        }
        do { return try SeedFolder(path) } catch { throw .invalid(error.description) }
    }
}

extension SeedReport {
    fileprivate var json: JSON {
        .object([
            "buckets": .array(buckets.map(JSON.string)), "objects": .number(String(objects)),
            "bytes": .number(String(bytes)), "skipped": .array(skipped.map(JSON.string)),
        ])
    }
}
