import Daemon
public import Instruments
import Signing

/// An S3 of a test's own: buckets, keys and users that nobody else sees, with a clock, faults and a record of its calls.
public final class PailTenant: Sendable {
    /// The test's own tenant, where ``PailTrait`` has made one; `nil` elsewhere.
    @TaskLocal static var ofTest: PailTenant?

    private let tenant: Tenant
    private let daemon: Daemon

    init(_ tenant: Tenant, of daemon: Daemon) {
        self.tenant = tenant
        self.daemon = daemon
        tenant.instruments.recorder.turnOn()
    }

    /// The tenant of the test that runs.
    ///
    /// - Throws: ``PailFailure`` where the test has no ``PailTrait``.
    public static var current: PailTenant {
        get throws(PailFailure) {
            guard let ofTest else {
                throw PailFailure(
                    description: "The test has no tenant: give it the trait .pail(buckets: [...])."
                )
            }
            return ofTest
        }
    }

    // MARK: How it is reached

    /// Its name.
    public var name: String { tenant.name }
    /// Where it is: what an SDK is given as its endpoint.
    public var endpoint: String { daemon.endpoints.first?.url ?? "" }
    /// Its own host and port, such as `NAME.tenant.localhost:49152`, for what has no key: browsers, forms, websites.
    public var host: String {
        "\(tenant.name).tenant.localhost:\(daemon.endpoints.first?.port ?? 0)"
    }
    /// Its region.
    public var region: String { daemon.configuration.region }
    /// The public half of its root key.
    public var accessKey: String { tenant.credentials.accessKey }
    /// The secret half of its root key.
    public var secretKey: String { tenant.credentials.secret.revealed() }

    /// The variables by which SDKs, the AWS CLI and django-storages find it.
    public var environment: [String: String] {
        [
            "AWS_ACCESS_KEY_ID": accessKey, "AWS_SECRET_ACCESS_KEY": secretKey,
            "AWS_ENDPOINT_URL_S3": endpoint, "AWS_DEFAULT_REGION": region, "AWS_REGION": region,
        ]
    }

    // MARK: What it is played on with

    /// Its clock.
    public var clock: TestClock { tenant.instruments.clock }
    /// What goes wrong in it.
    public var faults: FaultPlan { tenant.instruments.faults }
    /// What was asked of it, from its beginning.
    public var recorder: Recorder { tenant.instruments.recorder }

    // MARK: To and fro

    /// Puts it to what it was when it was made or last seeded; clock, faults and record stay as they are.
    ///
    /// - Throws: ``PailFailure``.
    public func reset() async throws {
        try await PailFailure.translating { try await tenant.reset() }
    }

    /// Removes everything in it.
    ///
    /// - Throws: ``PailFailure``.
    public func empty() async throws {
        try await PailFailure.translating { try await tenant.reset(to: .empty) }
    }

    /// Keeps what it is now under a name.
    ///
    /// - Throws: ``PailFailure``.
    public func takeSnapshot(_ name: String) async throws {
        try await PailFailure.translating { try tenant.takeSnapshot(name) }
    }

    /// Puts it to what it was when a snapshot was taken.
    ///
    /// - Throws: ``PailFailure``.
    public func restore(_ snapshot: String) async throws {
        try await PailFailure.translating { try await tenant.restore(snapshot) }
    }

    /// Makes another tenant that begins with what this one is now, or was at a snapshot.
    ///
    /// - Throws: ``PailFailure``.
    public func fork(from snapshot: String? = nil) async throws -> PailTenant {
        try await PailFailure.translating {
            let image = try tenant.image(named: snapshot)
            return PailTenant(try await daemon.tenants.create(from: image), of: daemon)
        }
    }

    /// Puts a folder into it, whose folders are buckets: see docs/tenants.md.
    ///
    /// - Throws: ``PailFailure`` that names what cannot be put.
    public func seed(_ folder: String) async throws {
        try await PailFailure.translating {
            _ = try await tenant.seed(folder: folder, daemon.configuration)
        }
    }

    /// Drops it with everything in it: its key is nobody's then.
    ///
    /// - Throws: ``PailFailure`` for a server's own.
    public func drop() async throws {
        try await PailFailure.translating { try await daemon.tenants.drop(tenant.name) }
    }
}
