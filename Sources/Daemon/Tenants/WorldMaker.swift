import Instruments
import ObjectStore
import Synchronization

/// Makes the worlds of one tenant, one after the other.
struct WorldMaker: Sendable {
    let blueprint: WorldBlueprint
    let name: String
    let credentials: RootCredentials
    let instruments: Instruments
    /// The threads that all tenants of a daemon share.
    let workers: WorkerPool
    let hosts: TenantHosts
    let link: TenantsLink

    /// A world over a store that is open.
    func world(over store: Store) -> World {
        blueprint.world(
            over: store,
            root: credentials.credential,
            hosts: hosts,
            tenant: name,
            instruments: instruments
        ) { [name, link] call in
            await link.tenants?.answer(call, to: name)
        }
    }

    /// A world in memory.
    ///
    /// - Parameters:
    ///   - image: What it begins with; `nil` for nothing.
    ///   - canonicalID: That of its root account, where it has nothing; `nil` for one that is made up.
    /// - Returns: The world.
    /// - Throws: What making a store throws.
    func world(from image: StoreImage?, canonicalID: String?) throws -> World {
        let store = try blueprint.store(
            from: image,
            canonicalID: canonicalID,
            workers: workers,
            time: instruments.clock
        )
        return world(over: store)
    }
}

/// Leads from the services of tenants, which the tenants hold, back to all of them.
final class TenantsLink: Sendable {
    private struct Target {
        weak var tenants: Tenants?
    }

    private let target = Mutex(Target())

    /// The tenants, while there are any.
    var tenants: Tenants? { target.withLock { $0.tenants } }

    func lead(to tenants: Tenants) { target.withLock { $0.tenants = tenants } }
}
