import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import Signing

/// A service beside S3 on the same port, which is asked by forms: `Action=...&Version=...`.
///
/// [IAM](https://docs.aws.amazon.com/IAM/latest/APIReference/welcome.html),
/// [STS](https://docs.aws.amazon.com/STS/latest/APIReference/welcome.html)
enum QueryService: String, Sendable, CaseIterable {
    case iam
    case sts

    /// The version of the API.
    var version: String {
        switch self {
        case .iam: "2010-05-08"
        case .sts: "2011-06-15"
        }
    }

    /// The namespace of every answer.
    var namespace: String { "https://\(rawValue).amazonaws.com/doc/\(version)/" }

    private var actions: [String: QueryAction] {
        switch self {
        case .iam: Self.iamActions
        case .sts: Self.stsActions
        }
    }

    private static let iamActions = index(QueryAction.iam)
    private static let stsActions = index(QueryAction.sts)

    private static func index(_ actions: [QueryAction]) -> [String: QueryAction] {
        Dictionary(actions.map { ($0.name, $0) }) { first, _ in first }
    }

    /// The action of a name.
    ///
    /// - Throws: ``QueryError`` with `InvalidAction`.
    func action(_ name: String) throws(QueryError) -> QueryAction {
        guard let action = actions[name] else {
            throw QueryError(
                .invalidAction,
                "Could not find operation \(name) for version \(version)"
            )
        }
        return action
    }

    /// The service that a form asks which nobody signed, by its version.
    init(ofUnsigned form: QueryForm) {
        self = Self.allCases.first { $0.version == form["Version"] } ?? .iam
    }
}

extension QueryService {
    /// How a request may be one for such a service.
    enum Claim: Sendable, Hashable {
        /// It says that it is signed for it.
        case signed(QueryService)
        /// It is signed by nobody.
        case unsigned
    }

    /// Whether a request is for such a service.
    ///
    /// It is a form at `/`, signed for the service, or signed by nobody where the host names no bucket. A form of
    /// S3 names a bucket, and is `multipart/form-data`.
    static func claim(of http: HTTPRequest, _ addressing: Addressing) -> Claim? {
        guard http.method == .POST, http.target.prefix(while: { $0 != "?" }) == "/",
            let type = http.headers.first(name: "content-type"),
            type.lowercased().hasPrefix("application/x-www-form-urlencoded")
        else { return nil }
        if let authorization = http.headers.first(name: "authorization") {
            return CredentialScope.claimedService(authorization)
                .flatMap(QueryService.init(rawValue:)).map { .signed($0) }
        }
        let host = http.headers.first(name: "host") ?? ""
        guard !http.target.contains("?"), addressing.meaning(of: host) == .service else {
            return nil
        }
        return .unsigned
    }
}

extension S3Service {
    /// Answers a request of such a service; an error is an answer too, in the service's own form.
    func answer(
        _ http: HTTPRequest,
        _ claim: QueryService.Claim,
        _ exchange: inout Exchange
    ) async -> HTTPResponse {
        var service = QueryService.iam
        if case .signed(let claimed) = claim { service = claimed }
        exchange.operation = service.rawValue.uppercased()
        do {
            return try await perform(http, claim, &service, &exchange)
        } catch {
            let shown = exchange.refusal(error, logger: logger)
            return shown.response(service, id: exchange.ids.request)
        }
    }

    private func perform(
        _ http: HTTPRequest,
        _ claim: QueryService.Claim,
        _ service: inout QueryService,
        _ exchange: inout Exchange
    ) async throws -> HTTPResponse {
        let request = try S3Request(ofService: http)
        guard case .signed = claim else {
            let form = try await QueryForm(unsigned: http.body)
            service = QueryService(ofUnsigned: form)
            let action = try service.action(form.action)
            exchange.operation = action.name
            throw QueryError.unsigned(action)
        }
        let (caller, payload) = try await authenticator.authenticate(
            request,
            for: service.rawValue
        )
        exchange.caller = caller
        exchange.signedHost = caller.signedHost
        guard !caller.isAnonymous else { throw QueryError(.missingAuthenticationToken) }
        let form = try QueryForm(try await payload.document())
        guard form["Version"] == service.version else {
            throw QueryError(.invalidAction, "There is no version \(form["Version"] ?? "") here.")
        }
        let action = try service.action(form.action)
        exchange.operation = action.name
        let call = QueryCall(
            form: form,
            rootAccessKey: authenticator.rootAccessKey,
            authorization: authorization(of: caller, request),
            configuration: configuration
        )
        let result = try await action.perform(call)
        return action.response(result, service, id: exchange.ids.request)
    }
}

extension QueryAction {
    fileprivate func response(
        _ result: QueryAction.Result,
        _ service: QueryService,
        id: String
    ) -> HTTPResponse {
        let document = XMLWriter.document(
            named: "\(name)Response",
            namespace: service.namespace
        ) { xml in
            if let result { xml.element(named: "\(name)Result", result) }
            xml.element("ResponseMetadata") { $0.element("RequestId", id) }
        }
        return .query(status: 200, document, id: id)
    }
}

extension QueryError {
    fileprivate func response(_ service: QueryService, id: String) -> HTTPResponse {
        let document = XMLWriter.document(
            named: "ErrorResponse",
            namespace: service.namespace
        ) { xml in
            xml.element("Error") { xml in
                xml.element("Type", code.status < 500 ? "Sender" : "Receiver")
                xml.element("Code", code.name)
                xml.element("Message", message)
            }
            xml.element("RequestId", id)
        }
        return .query(status: code.status, document, id: id)
    }
}

extension HTTPResponse {
    fileprivate static func query(
        status: Int,
        _ document: ByteBuffer,
        id: String
    ) -> HTTPResponse {
        HTTPResponse(
            status: HTTPResponseStatus(statusCode: status),
            headers: ["Content-Type": "text/xml", "x-amzn-RequestId": id],
            body: .bytes(document)
        )
    }
}
