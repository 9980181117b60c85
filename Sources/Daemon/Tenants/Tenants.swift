package import HTTPMessage
import Instruments
import NIOHTTP1
package import ObjectStore
package import S3Protocol
import S3Service
import Signing
import Synchronization

/// The tenants of one daemon, and which of them a request is for.
///
/// A host of a tenant's own decides, else the access key that a request claims; whatever has neither is for the daemon's own
/// tenant. No tenant can see another: each has a store of its own, and believes only keys of its own.
package final class Tenants: Sendable {
    /// The most that there are at a time, the daemon's own aside.
    static let limit = 4096
    /// The most keys made in tenants that are remembered; then it starts over.
    private static let keyLimit = 4096

    /// The daemon's own.
    package let standard: Tenant
    let hosts: TenantHosts

    let blueprint: WorldBlueprint
    private let link: TenantsLink
    private let state = Mutex(State())

    private struct State {
        var byName: [String: Tenant] = [:]
        var byKey: [String: Tenant] = [:]
        /// In the order in which they were made.
        var all: [Tenant] = []
        /// Whose keys are that were made in tenants and asked for.
        var made: [String: Tenant] = [:]
    }

    /// - Parameters:
    ///   - blueprint: How worlds are made.
    ///   - store: What the daemon's own tenant begins with.
    ///   - credentials: Its root key pair.
    ///   - instruments: What a test plays on in it.
    init(
        _ blueprint: WorldBlueprint,
        store: Store,
        credentials: RootCredentials,
        instruments: Instruments
    ) {
        self.blueprint = blueprint
        let hosts = TenantHosts(domains: blueprint.configuration.domains)
        self.hosts = hosts
        let link = TenantsLink()
        self.link = link
        let maker = WorldMaker(
            blueprint: blueprint,
            name: Tenant.standardName,
            credentials: credentials,
            instruments: instruments,
            workers: store.workers,
            hosts: hosts,
            link: link
        )
        standard = Tenant(maker, beginningIn: maker.world(over: store))
        link.lead(to: self)
    }

    // MARK: Serving

    /// Answers a request, in the tenant that it is for.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        do throws(S3Error) {
            return try await tenant(for: request).respond(to: request)
        } catch {
            return await standard.world.service.respond(to: request, Intervention(failure: error))
        }
    }

    /// The tenant that a request is for.
    ///
    /// - Throws: ``S3Error/noSuchTenant`` where its host names one that is not there: it is for nobody else.
    func tenant(for request: HTTPRequest) throws(S3Error) -> Tenant {
        if let host = request.headers.first(name: "host"), let name = hosts.name(in: host) {
            return try named(name)
        }
        guard !state.withLock({ $0.all.isEmpty }), let key = ClaimedKey.of(request) else {
            return standard
        }
        return holder(of: key)
    }

    /// Whose a key is; the daemon's own tenant's where it is nobody's, which is then told so.
    ///
    /// A key that several have, as a fork has what was made in its origin, leads to the oldest of them.
    private func holder(of key: String) -> Tenant {
        let (root, made, all) = state.withLock { ($0.byKey[key], $0.made[key], $0.all) }
        if let root { return root }
        if key == standard.credentials.accessKey || standard.made(key) { return standard }
        if let made, made.made(key) { return made }
        guard let found = all.first(where: { $0.made(key) }) else { return standard }
        state.withLock { state in
            if state.made.count >= Self.keyLimit { state.made = [:] }
            // It may have been dropped meanwhile, and is not to be kept for that.
            if state.byName[found.name] === found { state.made[key] = found }
        }
        return found
    }

    // MARK: Making and dropping

    /// All tenants in the order in which they were made, the daemon's own first.
    package var all: [Tenant] { [standard] + state.withLock { $0.all } }

    /// The tenant of a name.
    ///
    /// - Throws: ``S3Error/noSuchTenant``.
    package func named(_ name: String) throws(S3Error) -> Tenant {
        if name == Tenant.standardName { return standard }
        guard let tenant = state.withLock({ $0.byName[name] }) else { throw .noSuchTenant }
        return tenant
    }

    /// Makes a tenant.
    ///
    /// - Parameters:
    ///   - name: Its name, a label of a host; `nil` for one that is made up.
    ///   - credentials: Its root key pair; `nil` for one that is made up.
    ///   - buckets: The buckets that it is to begin with.
    ///   - image: What it is to begin with; `nil` for nothing.
    /// - Returns: The tenant, which answers requests already.
    /// - Throws: ``S3Error``: the name or the key is taken or cannot be one, or there are too many; or what making a
    ///   store throws.
    package func create(
        _ name: String? = nil,
        credentials: RootCredentials? = nil,
        buckets: [String] = [],
        from image: StoreImage? = nil
    ) async throws -> Tenant {
        var random = SystemRandomNumberGenerator()
        let name =
            name ?? "t-" + String(UInt64.random(in: .min ... .max, using: &random), radix: 36)
        guard TenantHosts.isName(name) else {
            throw S3Error(.invalidArgument, "A tenant's name has 1 to 63 of a-z, 0-9 and -.")
        }
        let credentials = credentials ?? .generate(origin: .process, using: &random)
        // Looked at before the work and after it: another may be made meanwhile.
        try state.withLock { state throws(S3Error) in try check(state, name, credentials) }
        let maker = WorldMaker(
            blueprint: blueprint,
            name: name,
            credentials: credentials,
            instruments: Instruments(),
            workers: standard.store.workers,
            hosts: hosts,
            link: link
        )
        let tenant = Tenant(maker, beginningIn: try maker.world(from: image, canonicalID: nil))
        do {
            for bucket in buckets {
                try await blueprint.configuration.makeBucket(bucket, in: tenant.store)
            }
            if image != nil || !buckets.isEmpty { try tenant.keepAsSeed() }
            try state.withLock { state throws(S3Error) in
                try check(state, name, credentials)
                state.byName[name] = tenant
                state.byKey[credentials.accessKey] = tenant
                state.all.append(tenant)
            }
        } catch {
            await tenant.drop()
            throw error
        }
        return tenant
    }

    /// Drops a tenant with everything in it.
    ///
    /// Its requests are refused from now on; those under way end as they would have, for nobody to see.
    ///
    /// - Throws: ``S3Error/noSuchTenant``, or ``S3Error/tenantIsStandard``.
    package func drop(_ name: String) async throws(S3Error) {
        guard name != Tenant.standardName else { throw .tenantIsStandard }
        let tenant = state.withLock { state -> Tenant? in
            guard let tenant = state.byName.removeValue(forKey: name) else { return nil }
            state.byKey[tenant.credentials.accessKey] = nil
            state.all.removeAll { $0 === tenant }
            state.made = state.made.filter { $0.value !== tenant }
            return tenant
        }
        guard let tenant else { throw .noSuchTenant }
        await tenant.drop()
    }

    private func check(
        _ state: State,
        _ name: String,
        _ credentials: RootCredentials
    ) throws(S3Error) {
        guard state.all.count < Self.limit else { throw .tooMany("tenants", Self.limit) }
        guard name != Tenant.standardName, state.byName[name] == nil else {
            throw .tenantAlreadyExists
        }
        guard state.byKey[credentials.accessKey] == nil,
            credentials.accessKey != standard.credentials.accessKey
        else { throw .accessKeyTaken }
    }

    // MARK: Ending

    /// Lets nobody wait for a message any more.
    func stopWaiting() {
        for tenant in all {
            tenant.world.stopWaiting()
            tenant.instruments.recorder.stopWaiting()
        }
    }

    /// Ends what runs in the background.
    func stop() async {
        for tenant in all { await tenant.world.stop() }
    }

    /// Ends all of them.
    func close() async {
        for tenant in all.dropFirst() { await tenant.drop() }
        await standard.world.close()
    }
}
