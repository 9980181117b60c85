import S3Protocol
import Signing
import Synchronization

/// The credentials of a client: found once, looked for again before they end.
///
/// Requests that need them at the same time wait for one search.
final class CredentialCache: Sendable {
    /// How long before their end credentials are looked for again: 5 minutes, as AWS's SDKs have it at least.
    static let refreshSeconds: Int64 = 300

    private struct State {
        var latest: ResolvedCredentials?
        var search: Task<ResolvedCredentials?, any Error>?
    }

    private let provider: (any CredentialProvider)?
    private let time: any TimeSource
    private let state = Mutex(State())

    init(_ provider: (any CredentialProvider)?, time: any TimeSource) {
        self.provider = provider
        self.time = time
    }

    /// Whether requests are signed at all.
    var areThere: Bool { provider != nil }

    /// The credentials to sign with; `nil` where requests go unsigned.
    func resolve() async throws -> Credential? {
        guard provider != nil else { return nil }
        if let latest = state.withLock({ $0.latest }), !endsSoon(latest) {
            return latest.credential
        }
        do {
            return try await search().value.credential
        } catch {
            // What has not ended yet is better than nothing.
            if let latest = state.withLock({ $0.latest }), !hasEnded(latest) {
                return latest.credential
            }
            throw error
        }
    }

    /// The credentials to sign a URL with, without waiting; `nil` where requests go unsigned.
    func resolveNow() throws(S3ClientError) -> Credential? {
        guard let provider else { return nil }
        let latest = state.withLock { $0.latest }
        if let latest, !hasEnded(latest) {
            if endsSoon(latest) { _ = search() }
            return latest.credential
        }
        guard let found = try provider.resolveNow(), !hasEnded(found) else {
            throw .credentials(
                "The credentials for a signed URL are not there yet.",
                advice: "Call resolveCredentials() once before the first URL is made."
            )
        }
        state.withLock { $0.latest = found }
        return found.credential
    }

    /// Forgets credentials that the service calls expired.
    ///
    /// - Returns: Whether another search may find others.
    func forget(_ credential: Credential) -> Bool {
        state.withLock { state in
            guard state.latest?.credential == credential else { return true }
            defer { state.latest = nil }
            return state.latest?.expires != nil || credential.sessionToken != nil
        }
    }

    // MARK: The search

    private struct Search {
        let task: Task<ResolvedCredentials?, any Error>
        var value: ResolvedCredentials {
            get async throws {
                guard let found = try await task.value else {
                    throw S3ClientError.credentials(
                        "There are no credentials.",
                        advice: """
                            Set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or configure a profile of the \
                            AWS CLI.
                            """
                    )
                }
                return found
            }
        }
    }

    /// The search that is under way, or a new one.
    ///
    /// It is nobody's child: the cancellation of one request does not end it for the others.
    private func search() -> Search {
        state.withLock { state in
            if let search = state.search { return Search(task: search) }
            let provider = provider
            let task = Task {
                defer { endSearch() }
                let found = try await provider?.resolve()
                if let found { keep(found) }
                return found
            }
            state.search = task
            return Search(task: task)
        }
    }

    private func keep(_ found: ResolvedCredentials) { state.withLock { $0.latest = found } }

    private func endSearch() { state.withLock { $0.search = nil } }

    private func endsSoon(_ credentials: ResolvedCredentials) -> Bool {
        guard let expires = credentials.expires else { return false }
        return expires <= time.now().advanced(bySeconds: Self.refreshSeconds)
    }

    private func hasEnded(_ credentials: ResolvedCredentials) -> Bool {
        credentials.expires.map { $0 <= time.now() } ?? false
    }
}
