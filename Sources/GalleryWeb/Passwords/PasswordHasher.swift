import Digests
import GalleryClient

/// Hashes and checks passwords away from the threads that answer requests, one at a time.
///
/// One at a time bounds the memory to that of one hash, however many people log in at once.
struct PasswordHasher: Sendable {
    private static let threads = BlockingThreads("passwords", count: 1)

    private let random: any RandomSource
    private let cost: PasswordHash.Cost
    /// The hash that stands in where there is no such user, so that a missing one takes as long as a wrong password.
    private let standIn: PasswordHash?

    init(random: any RandomSource, cost: PasswordHash.Cost = .standard) {
        self.random = random
        self.cost = cost
        standIn = PasswordHash("", cost: cost, random: random)
    }

    /// A new password's hash, for the database.
    func hash(_ password: String) async throws -> String {
        let hash = try await Self.threads.run { PasswordHash(password, cost: cost, random: random) }
        guard let hash else { throw SiteError("libcrypto cannot hash passwords.") }
        return hash.stored
    }

    /// Whether a password is that of a stored hash; without one it is not, and takes as long.
    func verify(_ password: String, against stored: String?) async throws -> Bool {
        let hash = stored.flatMap(PasswordHash.init(stored:))
        let matches = try await Self.threads.run { (hash ?? standIn)?.matches(password) ?? false }
        return hash != nil && matches
    }
}
