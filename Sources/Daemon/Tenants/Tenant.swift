package import HTTPMessage
package import Instruments
package import ObjectStore
package import S3Protocol
import S3Service
import Signing
import Synchronization

/// A whole S3 of its own inside one daemon: its buckets, its accounts and users, and a root key that reaches nothing else.
///
/// One is the daemon's own, and may be on disk; all others are in memory.
package final class Tenant: Sendable {
    /// The name of the daemon's own.
    package static let standardName = "default"
    /// The most snapshots that one keeps.
    static let snapshotLimit = 256

    /// Its name, which is a part of its hosts.
    package var name: String { maker.name }
    /// Its root key pair.
    package var credentials: RootCredentials { maker.credentials }
    /// What a test plays on: its clock, its faults, and the record of its calls.
    ///
    /// A reset does not touch them.
    package var instruments: Instruments { maker.instruments }

    private let maker: WorldMaker
    private let state: Mutex<State>

    private struct State {
        var world: World
        /// What a reset goes back to; `nil` for an empty store.
        var seed: StoreImage?
        var snapshots: [String: StoreImage] = [:]
        var isDropped = false
    }

    /// - Parameters:
    ///   - maker: Makes its worlds.
    ///   - world: The one that it begins in.
    init(_ maker: WorldMaker, beginningIn world: World) {
        self.maker = maker
        state = Mutex(State(world: world))
        // The clock outlives each of the worlds.
        maker.instruments.clock.onChange { [weak self] in await self?.world.clockChanged() }
    }

    /// What it is now: whoever asks twice may find two.
    var world: World { state.withLock { $0.world } }

    /// What it stores now.
    package var store: Store { world.store }

    /// Answers a request.
    package func respond(to request: HTTPRequest) async -> HTTPResponse {
        await world.front.respond(to: request)
    }

    /// Whether a key was made in it, for a user or a session.
    func made(_ accessKey: String) -> Bool {
        let directory = store.directory
        return directory.credential(accessKey) != nil || directory.session(accessKey) != nil
    }
}

// MARK: To and fro

extension Tenant {
    /// Where a reset goes.
    package enum Origin: String, Sendable, CaseIterable {
        /// To what the tenant was when it was made or last seeded.
        case seed
        /// To a store with nothing in it.
        case empty
    }

    /// Puts the tenant to what it was at its beginning.
    ///
    /// Requests under way end in the store that they began in,
    /// which nobody else sees any more.
    ///
    /// - Throws: ``S3Error/storeOnDisk``, or what making a store throws.
    package func reset(to origin: Origin = .seed) async throws {
        let image = try image(of: origin)
        try await enter(image)
    }

    /// Keeps what the tenant is now under a name, in place of what was kept under it.
    ///
    /// - Throws: ``S3Error/storeOnDisk``, ``S3Error/tooMany(_:_:)``, or what reading the store throws.
    package func takeSnapshot(_ name: String) throws {
        let image = try imageNow()
        try state.withLock { state throws(S3Error) in
            guard state.snapshots[name] != nil || state.snapshots.count < Self.snapshotLimit else {
                throw .tooMany("snapshots", Self.snapshotLimit)
            }
            state.snapshots[name] = image
        }
    }

    /// The names of its snapshots, in order.
    package var snapshots: [String] { state.withLock { $0.snapshots.keys.sorted() } }

    /// Forgets a snapshot.
    ///
    /// - Throws: ``S3Error/noSuchSnapshot``.
    package func deleteSnapshot(_ name: String) throws(S3Error) {
        let found = state.withLock { $0.snapshots.removeValue(forKey: name) }
        guard found != nil else { throw .noSuchSnapshot }
    }

    /// Puts the tenant to what it was when a snapshot was taken, as ``reset(to:)`` does to its beginning.
    ///
    /// - Throws: ``S3Error/noSuchSnapshot``, or what making a store throws.
    package func restore(_ name: String) async throws { try await enter(image(named: name)) }

    /// What a snapshot holds, or what the tenant is now.
    ///
    /// - Throws: ``S3Error/noSuchSnapshot``, ``S3Error/storeOnDisk``, or what reading the store throws.
    package func image(named snapshot: String?) throws -> StoreImage {
        guard let snapshot else { return try imageNow() }
        guard let image = state.withLock({ $0.snapshots[snapshot] }) else {
            throw S3Error.noSuchSnapshot
        }
        return image
    }

    /// Makes what the tenant is now what a reset goes back to; nothing where it is on disk, and cannot be reset.
    func keepAsSeed() throws {
        guard store.isInMemory else { return }
        let image = try imageNow()
        state.withLock { $0.seed = image }
    }

    /// Ends it: what is under way ends as it would have, and nothing runs for it after that.
    func drop() async {
        let world = state.withLock { state in
            state.isDropped = true
            state.snapshots = [:]
            state.seed = nil
            return state.world
        }
        await world.stop()
    }

    private func imageNow() throws -> StoreImage {
        do {
            return try store.image()
        } catch StoreError.notInMemory {
            throw S3Error.storeOnDisk
        }
    }

    private func image(of origin: Origin) throws -> StoreImage? {
        guard store.isInMemory else { throw S3Error.storeOnDisk }
        return origin == .seed ? state.withLock { $0.seed } : nil
    }

    /// Goes on in a world of its own that begins with an image.
    private func enter(_ image: StoreImage?) async throws {
        let new = try maker.world(
            from: image,
            canonicalID: store.directory.rootAccount.canonicalID
        )
        let old: World? = state.withLock { state in
            guard !state.isDropped else { return nil }
            defer { state.world = new }
            return state.world
        }
        await (old ?? new).stop()
        if old == nil { throw S3Error.noSuchTenant }
    }
}
