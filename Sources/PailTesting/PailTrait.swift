public import Testing

/// Gives each test, and each case of one, a tenant of its own in the server that all tests of the process share.
///
/// ```swift
/// @Test(.pail(buckets: ["photos"])) func `an upload is kept`() async throws {
///     let pail = try PailTenant.current
///     let storage = try await pail.gallery("photos")
///     …
/// }
/// ```
///
/// The tenant is dropped when the test has ended, whatever its end was.
public struct PailTrait: TestTrait, SuiteTrait, TestScoping {
    /// On a suite it is for every test in it.
    public var isRecursive: Bool { true }

    let buckets: [String]
    let seed: String?

    /// Makes the tenant, runs the test with it, and drops it.
    ///
    /// - Throws: What the test throws, or ``PailFailure``.
    public func provideScope(
        for test: Test,
        testCase: Test.Case?,
        performing function: @Sendable @concurrent () async throws -> Void
    ) async throws {
        guard testCase != nil else { return try await function() }
        try await PailServer.shared.withTenant(buckets: buckets, seed: seed) { tenant in
            try await PailTenant.$ofTest.withValue(tenant) { try await function() }
        }
    }
}

extension Trait where Self == PailTrait {
    /// Gives each test a tenant of its own, which is ``PailTenant/current`` in it.
    ///
    /// - Parameters:
    ///   - buckets: The buckets that it begins with.
    ///   - seed: A folder that it is filled from; see docs/tenants.md.
    /// - Returns: The trait.
    public static func pail(buckets: [String] = [], seed: String? = nil) -> PailTrait {
        PailTrait(buckets: buckets, seed: seed)
    }
}
