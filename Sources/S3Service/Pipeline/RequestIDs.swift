import Synchronization

/// The two names that every response carries for its request.
struct RequestIDs: Sendable, Hashable {
    /// `x-amz-request-id`: 16 hex digits, different for each request of this start.
    let request: String
    /// `x-amz-id-2`: AWS's name of a host.
    let host: String

    /// Makes such names: a start's own random half, and a counter.
    final class Source: Sendable {
        private let count: Atomic<UInt64>
        private let host: String
        private static let digits = Array("0123456789ABCDEF".utf8)

        /// - Parameter seed: what tells this start's requests from another's.
        init(seed: UInt64) {
            count = Atomic(seed)
            host = "pail-" + String(seed, radix: 36)
        }

        func next() -> RequestIDs {
            // A Weyl step: consecutive requests differ in every digit, and none comes twice.
            let number = count.wrappingAdd(0x9E37_79B9_7F4A_7C15, ordering: .relaxed).newValue
            let digits = (0..<16).map { place in
                Self.digits[Int(number &>> UInt64(60 - 4 * place) & 15)]
            }
            return RequestIDs(request: String(decoding: digits, as: UTF8.self), host: host)
        }
    }
}
