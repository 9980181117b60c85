import NIOHTTP1
import S3Protocol

// What S3 has and Pail has not: the one source of `501 NotImplemented` for operations and headers.

extension Ledger {
    private static let refusedByQuery = operations.compactMap { row in
        if case .query(let method, let level, let name) = row.mark {
            (operation: row, method: method, level: level, name: name)
        } else {
            nil
        }
    }
    private static let refusedByHeader = operations.compactMap { row in
        if case .header(let name) = row.mark { (operation: row, name: name) } else { nil }
    }
    private static let refusedByScope = operations.compactMap { row in
        if case .scope(let service) = row.mark { (operation: row, service: service) } else { nil }
    }

    private static let settingsOfHeaders = settings.filter {
        $0.reach == .everywhere && $0.state != .enforced
    }
    private static let exactSettings = Dictionary(
        settingsOfHeaders.filter { !$0.name.hasSuffix("*") }.map { ($0.name.lowercased(), $0) },
        uniquingKeysWith: { first, _ in first }
    )
    private static let settingFamilies = settingsOfHeaders.filter { $0.name.hasSuffix("*") }
        .map { (beginning: String($0.name.dropLast()), setting: $0) }
    private static let shortestHeader =
        (exactSettings.keys.map(\.utf8.count) + settingFamilies.map(\.beginning.utf8.count)).min()
        ?? 0

    /// The row of a header that not every request may carry, or `nil` for one that is an operation's own concern.
    static func setting(ofHeader name: String) -> Setting? {
        // Most are shorter, and nothing else is done about them.
        guard name.utf8.count >= shortestHeader else { return nil }
        let name = name.lowercased()
        return exactSettings[name]
            ?? settingFamilies.first { name.hasPrefix($0.beginning) }?.setting
    }

    /// Refuses an operation that is told by a header, or by what the request is signed for.
    ///
    /// - Throws: ``S3Error`` with `NotImplemented`.
    static func refuseMarked(_ request: S3Request) throws(S3Error) {
        if let row = refusedByHeader.first(where: { request.headers.contains(name: $0.name) }) {
            throw refusal(named: row.operation.name)
        }
        guard request.level == .service,
            let row = refusedByScope.first(where: { isSigned(request, for: $0.service) })
        else { return }
        throw refusal(named: row.operation.name)
    }

    /// Refuses headers that would change what a request means, and so are never ignored.
    ///
    /// - Parameters:
    ///   - request: The request.
    ///   - isStrict: Whether what is only stored is refused too.
    /// - Throws: ``S3Error`` with `NotImplemented`.
    static func refuseHeaders(of request: S3Request, isStrict: Bool) throws(S3Error) {
        for (name, value) in request.headers where !value.isEmpty {
            guard let setting = setting(ofHeader: name), !isDefault(value, of: setting) else {
                continue
            }
            if setting.state == .refused {
                throw S3Error(.notImplemented, details: [.init("Header", name.lowercased())])
            }
            if isStrict { throw strictRefusal(of: setting.name) }
        }
    }

    /// What a request that no operation claims is told.
    static func refusal(of request: S3Request) -> S3Error {
        let row = refusedByQuery.first {
            $0.method == request.method && $0.level == request.level
                && request.query[$0.name] != nil
        }
        if let row { return refusal(named: row.operation.name) }
        let subresource = request.query.names.first(where: Subresources.names.contains)
        return S3Error(
            .methodNotAllowed,
            details: [
                .init("Method", request.method.rawValue),
                .init(
                    "ResourceType",
                    subresource?.uppercased() ?? (request.level == .object ? "OBJECT" : "BUCKET")
                ),
            ]
        )
    }

    private static func refusal(named name: String) -> S3Error {
        S3Error(
            .notImplemented,
            "\(name) is not implemented.",
            details: [.init("Operation", name)]
        )
    }

    /// What is the same as no header at all.
    static func isDefault(_ value: String, of setting: Setting) -> Bool {
        switch setting.name {
        case "x-amz-bucket-namespace": value == "global"
        case "x-amz-server-side-encryption-bucket-key-enabled": value.lowercased() == "false"
        default: false
        }
    }

    private static func isSigned(_ request: S3Request, for service: String) -> Bool {
        let scope = "/\(service)/aws4_request"
        return request.header("authorization")?.contains(scope) ?? false
            || request.query["X-Amz-Credential"]?.hasSuffix(scope) ?? false
    }
}
