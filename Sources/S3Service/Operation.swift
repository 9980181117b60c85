import S3Protocol

/// One operation of the S3 API: how it is recognised, allowed, read, carried out and answered.
///
/// A conforming type is the whole of its operation. To add one, write the type in `Operations/` and
/// name it in ``operations``.
protocol Operation: Sendable {
    /// What makes a request this operation and no other.
    static var route: Route { get }
    /// The permission it needs, such as `s3:PutObject`.
    static var action: Action { get }
    /// The permission that a request needs, where that depends on the request.
    static func action(for request: S3Request) -> Action
    /// The encryption headers that it understands; none unless it says so.
    static var encryptionUse: EncryptionUse { get }
    /// Whether it asks for its permissions itself, as they depend on what its body says.
    static var authorizesItself: Bool { get }
    /// Reads the operation's parameters from a request; the body stays unread.
    init(_ request: S3Request) throws(S3Error)
    /// Carries the operation out.
    func run(in context: Context) async throws -> S3Response
}

extension Operation {
    /// The name, as AWS spells it.
    ///
    /// What `String(describing:)` says too, which would first look through all conformances of the program.
    static var name: String { _typeName(Self.self, qualified: false) }

    static func action(for request: S3Request) -> Action { action }

    static var encryptionUse: EncryptionUse { [] }

    static var authorizesItself: Bool { false }
}

/// Something that a policy can allow or deny, such as `s3:GetObject`.
struct Action: Hashable, Sendable, ExpressibleByStringLiteral {
    let name: String

    init(stringLiteral name: String) { self.name = name }
}
