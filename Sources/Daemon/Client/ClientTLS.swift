import NIOSSL
import Synchronization

/// What a client trusts, the authorities of this machine: read when it is first needed, and once.
final class ClientTLS: Sendable {
    private let made = Mutex<NIOSSLContext?>(nil)

    /// The one context.
    ///
    /// - Throws: What reading the authorities throws; then it is tried again.
    func context() throws -> NIOSSLContext {
        try made.withLock { made in
            if let context = made { return context }
            let context = try NIOSSLContext(configuration: .makeClientConfiguration())
            made = context
            return context
        }
    }
}
