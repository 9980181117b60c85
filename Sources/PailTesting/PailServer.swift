import Daemon
import FoundationEssentials
import ObjectStore
import Synchronization

/// A Pail in this process: the daemon itself on a port of its own, for tests.
///
/// ```swift
/// let server = try await PailServer.start(PailOptions(buckets: ["photos"]))
/// let storage = try await server.own.gallery("photos")
/// ```
///
/// There may be many in one process. A test that wants to be alone needs none of its own: a ``PailTenant`` of one server is
/// made in a millisecond.
public final class PailServer: Sendable {
    /// Where it is, such as `http://127.0.0.1:49152`.
    public let endpoint: String
    /// Its port.
    public let port: Int
    /// Its region.
    public let region: String
    /// What it serves itself, beside the tenants that are made in it.
    public let own: PailTenant

    private let daemon: Daemon
    private let folder: String?

    private init(_ daemon: Daemon, folder: String?) {
        self.daemon = daemon
        self.folder = folder
        let listener = daemon.endpoints.first
        endpoint = listener?.url ?? ""
        port = listener?.port ?? 0
        region = daemon.configuration.region
        own = PailTenant(daemon.tenants.standard, of: daemon)
    }

    /// Starts one; it accepts requests when this returns.
    ///
    /// - Throws: ``PailFailure``, with what to do about it.
    public static func start(_ options: PailOptions = PailOptions()) async throws -> PailServer {
        var configuration = DaemonConfiguration()
        configuration.port = 0
        configuration.region = options.region
        configuration.buckets = options.buckets
        configuration.seedFolder = options.seed
        configuration.isStrict = options.isStrict
        configuration.sharesThreads = true
        var folder: String?
        switch options.storage {
        case .memory: configuration.storage = .memory
        case .temporaryFolder:
            let path = FileManager.default.temporaryDirectory
                .appending(path: "pail-testing-\(UUID().uuidString)").path()
            folder = path
            configuration.storage = .folder(path)
            configuration.durability = .relaxed
        }
        do {
            let log = LogOutput(.text) { options.log($0) }
            return PailServer(
                try await Daemon.start(configuration, log: log),
                folder: folder
            )
        } catch {
            if let folder { try? FileManager.default.removeItem(atPath: folder) }
            throw PailFailure(description: error.description)
        }
    }

    /// The server that the tests of this process share: started when it is first asked for, and gone with the process.
    public static var shared: PailServer {
        get async throws { try await sharing.server() }
    }

    private static let sharing = SharedServer()

    /// Makes a tenant: an S3 of its own, with its own key, in which nothing is but what is asked for here.
    ///
    /// - Parameters:
    ///   - name: Its name, a label of a host; `nil` for one that is made up.
    ///   - buckets: The buckets that it begins with.
    ///   - seed: A folder whose folders are buckets, and the files in them objects; see docs/tenants.md.
    /// - Returns: The tenant, until it is dropped.
    /// - Throws: ``PailFailure``.
    public func tenant(
        _ name: String? = nil,
        buckets: [String] = [],
        seed: String? = nil
    ) async throws -> PailTenant {
        try await PailFailure.translating {
            let made = PailTenant(
                try await daemon.tenants.create(name, buckets: buckets),
                of: daemon
            )
            guard let seed else { return made }
            do { try await made.seed(seed) } catch {
                try? await made.drop()
                throw error
            }
            return made
        }
    }

    /// Makes a tenant, and drops it when `body` has ended; what helps where there is no ``PailTrait``, as in XCTest.
    ///
    /// ```swift
    /// func testUpload() async throws {
    ///     try await PailServer.shared.withTenant(buckets: ["photos"]) { pail in … }
    /// }
    /// ```
    ///
    /// - Throws: ``PailFailure``, or what `body` throws.
    public func withTenant<Result>(
        buckets: [String] = [],
        seed: String? = nil,
        _ body: (PailTenant) async throws -> Result
    ) async throws -> Result {
        let tenant = try await tenant(buckets: buckets, seed: seed)
        do {
            let result = try await body(tenant)
            try await tenant.drop()
            return result
        } catch {
            try? await tenant.drop()
            throw error
        }
    }

    /// Stops, and removes the folder where there is one.
    public func shutDown() async {
        await daemon.shutDown(within: .seconds(1))
        if let folder { try? FileManager.default.removeItem(atPath: folder) }
    }
}

/// Starts one server for whoever asks, however many ask at a time.
private actor SharedServer {
    private var starting: Task<PailServer, any Error>?

    func server() async throws -> PailServer {
        if let starting { return try await starting.value }
        let task = Task { try await PailServer.start() }
        starting = task
        do {
            return try await task.value
        } catch {
            // What failed once may pass: the next test that asks starts anew.
            if starting == task { starting = nil }
            throw error
        }
    }
}
