import NIOCore
import ObjectStore
import S3Protocol

/// What a bucket refuses to open to everybody, whatever its policy and lists say.
///
/// [Blocking public access](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html)
struct PublicAccessBlock: Sendable, Hashable {
    /// Requests that would set a public list are refused.
    var blocksPublicACLs = false
    /// Public grants of lists do not count.
    var ignoresPublicACLs = false
    /// Requests that would set a public policy are refused.
    var blocksPublicPolicy = false
    /// A public policy reaches the owner's account alone.
    var restrictsPublicBuckets = false

    /// The name of the setting in the store.
    static let setting = "public-access-block"
    /// All of it: what new buckets have.
    static let all = PublicAccessBlock(
        blocksPublicACLs: true,
        ignoresPublicACLs: true,
        blocksPublicPolicy: true,
        restrictsPublicBuckets: true
    )

    private static let root = "PublicAccessBlockConfiguration"

    /// The document, as it is stored and shown.
    var document: ByteBuffer {
        XMLWriter.document("PublicAccessBlockConfiguration") { write(to: &$0) }
    }

    /// The document of an account, in S3 Control's namespace.
    var accountDocument: ByteBuffer {
        XMLWriter.document(
            named: "PublicAccessBlockConfiguration",
            namespace: "http://awss3control.amazonaws.com/doc/2018-08-20/"
        ) { write(to: &$0) }
    }

    /// What is refused by either of two.
    func united(with other: PublicAccessBlock) -> PublicAccessBlock {
        PublicAccessBlock(
            blocksPublicACLs: blocksPublicACLs || other.blocksPublicACLs,
            ignoresPublicACLs: ignoresPublicACLs || other.ignoresPublicACLs,
            blocksPublicPolicy: blocksPublicPolicy || other.blocksPublicPolicy,
            restrictsPublicBuckets: restrictsPublicBuckets || other.restrictsPublicBuckets
        )
    }

    /// What an account refuses to open to everybody in any of its buckets.
    static func ofAccount(_ account: Account.ID, _ store: Store) throws -> PublicAccessBlock {
        try store.directory.setting(setting, of: account)
            .map { try PublicAccessBlock(stored: $0) } ?? PublicAccessBlock()
    }

    private func write(to xml: inout XMLWriter) {
        xml.element("BlockPublicAcls", blocksPublicACLs)
        xml.element("IgnorePublicAcls", ignoresPublicACLs)
        xml.element("BlockPublicPolicy", blocksPublicPolicy)
        xml.element("RestrictPublicBuckets", restrictsPublicBuckets)
    }

    /// The setting as it is stored.
    var stored: [UInt8] { Array(document.readableBytesView) }
}

extension PublicAccessBlock {
    /// Reads what was stored.
    init(stored: [UInt8]) throws(S3Error) {
        try self.init(XMLElement.parse(stored, root: Self.root))
    }

    /// Reads a request's document; what it leaves out is off.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`.
    init(document: ByteBuffer) throws(S3Error) {
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        try self.init(XMLElement.parse(document.readableBytesView, root: Self.root))
    }

    private init(_ element: XMLElement) throws(S3Error) {
        blocksPublicACLs = try Self.flag(element["BlockPublicAcls"])
        ignoresPublicACLs = try Self.flag(element["IgnorePublicAcls"])
        blocksPublicPolicy = try Self.flag(element["BlockPublicPolicy"])
        restrictsPublicBuckets = try Self.flag(element["RestrictPublicBuckets"])
    }

    private static func flag(_ element: XMLElement?) throws(S3Error) -> Bool {
        switch element?.trimmed.lowercased() {
        case "true": true
        case nil, "false": false
        default: throw S3Error(.malformedXML)
        }
    }
}
