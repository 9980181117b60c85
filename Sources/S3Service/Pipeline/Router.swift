import NIOHTTP1
import S3Protocol

/// Finds the operation that a request asks for.
struct Router: Sendable {
    private struct Place: Hashable {
        let method: HTTPMethod
        let level: Route.Level

        func hash(into hasher: inout Hasher) {
            hasher.combine(method.rawValue)
            hasher.combine(level)
        }
    }

    /// The operations of each method at each level, the most specific first.
    private let candidates: [Place: [any Operation.Type]]

    private let isStrict: Bool

    /// - Parameters:
    ///   - operations: The operations.
    ///   - isStrict: Whether what is only stored is refused.
    init(_ operations: [any Operation.Type], isStrict: Bool = false) {
        self.isStrict = isStrict
        candidates = Dictionary(grouping: operations) {
            Place(method: $0.route.method, level: $0.route.level)
        }
        .mapValues { $0.sorted { $0.route.specificity > $1.route.specificity } }
    }

    /// The most specific operation that matches.
    ///
    /// A sub-resource that the match does not claim is refused, so that `PUT /b/k?tagging` on a
    /// server without tagging can never overwrite the object.
    ///
    /// - Throws: ``S3Error`` with `NotImplemented` for what S3 has and Pail has not,
    ///   `MethodNotAllowed` for what S3 has not either.
    func operation(for request: S3Request) throws(S3Error) -> any Operation.Type {
        try Ledger.refuseMarked(request)
        let place = Place(method: request.method, level: request.level)
        if let match = candidates[place]?.first(where: { $0.route.matches(request) }),
            match.route.claimsSubresources(of: request)
        {
            try Ledger.refuseHeaders(of: request, isStrict: isStrict)
            try Ledger.refuseStoring(match.name, isStrict: isStrict)
            try match.encryptionUse.check(request)
            return match
        }
        throw Ledger.refusal(of: request)
    }
}
