import HTTPMessage
import Instruments
import NIOCore
import NIOHTTP1
import Policy
import S3Protocol
import S3Service

/// One operation of the administration API: a line of the table that `docs/openapi.json` describes.
struct AdministrationRoute: Sendable {
    /// Carries the operation out.
    typealias Handler = @Sendable (AdministrationRequest) async throws -> AdministrationReply

    let method: HTTPMethod
    /// The path after `/_pail/`; a part in braces is a name that the request gives.
    let path: String
    /// The operation's name, as the OpenAPI file has it.
    let name: String
    let handle: Handler

    init(_ method: HTTPMethod, _ path: String, _ name: String, _ handle: @escaping Handler) {
        self.method = method
        self.path = path
        self.name = name
        self.handle = handle
    }

    /// What a path gives for the parts in braces; `nil` where it is another path.
    func parameters(of path: String) -> [String: String]? {
        let pattern = self.path.split(separator: "/")
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        guard pattern.count == parts.count else { return nil }
        var parameters: [String: String] = [:]
        for (expected, part) in zip(pattern, parts) {
            if expected.hasPrefix("{"), !part.isEmpty {
                parameters[String(expected.dropFirst().dropLast())] = String(part)
            } else if expected != part {
                return nil
            }
        }
        return parameters
    }
}

/// A request of the administration API, on its way to the operation.
struct AdministrationRequest: Sendable {
    let call: AdministrationCall
    /// What the path gives for the parts in braces.
    let parameters: [String: String]
    /// The tenant that it is about.
    let tenant: Tenant
    /// All tenants, that one among them.
    let tenants: Tenants

    /// What the operation plays on.
    var instruments: Instruments { tenant.instruments }

    /// The body as an object, whose members must be among `members`; no body is an empty object.
    ///
    /// - Throws: ``AdministrationError``.
    func body(_ members: String...) throws(AdministrationError) -> JSONFields {
        let text = String(buffer: call.body)
        guard !text.isEmpty else { return try JSONFields(.object([JSON.Member]()), members) }
        let json: JSON
        do { json = try JSON(parsing: text, limit: Limits.documentBytes) } catch {
            throw .invalid("The body is not JSON: \(error.description).")
        }
        return try JSONFields(json, members)
    }

    /// The query's parameters, which must be among `names`; those of a signature are let pass.
    ///
    /// - Throws: ``AdministrationError``.
    func query(_ names: [String] = []) throws(AdministrationError) -> [String: String] {
        var query: [String: String] = [:]
        for (name, value) in call.query where !name.hasPrefix("X-Amz-") {
            guard names.contains(name) else { throw .invalid("There is no parameter \(name).") }
            guard query.updateValue(value, forKey: name) == nil else {
                throw .invalid("The parameter \(name) is there twice.")
            }
        }
        return query
    }
}

/// Finds and carries out the operations of the administration API.
///
/// It is asked for what the root key has signed, and for nothing else.
struct AdministrationRouter: Sendable {
    /// Every operation.
    static let routes = faultRoutes + clockRoutes + callRoutes + storeRoutes + tenantRoutes

    private let tenant: Tenant
    private let tenants: Tenants

    /// Answers for one of some tenants.
    init(_ tenant: Tenant, of tenants: Tenants) {
        self.tenant = tenant
        self.tenants = tenants
    }

    /// The answer to a request; `nil` for a path that no operation has.
    func answer(_ call: AdministrationCall) async -> HTTPResponse? {
        let matching: [(route: AdministrationRoute, parameters: [String: String])] =
            Self.routes.compactMap { route in
                route.parameters(of: call.path).map { (route, $0) }
            }
        guard !matching.isEmpty else { return nil }
        guard let match = matching.first(where: { $0.route.method == call.method }) else {
            var response = AdministrationError.methodNotAllowed.reply.response
            let allowed = matching.map { $0.route.method.rawValue }.joined(separator: ", ")
            response.headers.add(name: "Allow", value: allowed)
            return response
        }
        let request = AdministrationRequest(
            call: call,
            parameters: match.parameters,
            tenant: tenant,
            tenants: tenants
        )
        do {
            return try await match.route.handle(request).response
        } catch let error as AdministrationError {
            return error.reply.response
        } catch let error as S3Error {
            return AdministrationError(error).reply.response
        } catch {
            let failure = AdministrationError(
                status: 500,
                code: "InternalError",
                message: "\(match.route.name) failed."
            )
            return failure.reply.response
        }
    }
}
