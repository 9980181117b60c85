import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// A document of which a bucket has many, each under an ID that its client gives.
///
/// Inventory, analytics, metrics and tiering are such. They are checked, kept, told and listed, and nothing else comes of them.
///
/// [Quotas](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketInventoryConfiguration.html)
struct NamedConfiguration: Sendable {
    /// How many of a kind a bucket takes, and how many are on a page of a list, as S3 has it.
    static let limit = 1000
    static let page = 100

    /// A kind of document.
    struct Kind: Sendable {
        /// The sub-resource, and so the beginning of the names in the store.
        let subresource: String
        let root: StaticString
        /// The root of a list.
        let list: StaticString
        /// Whether a list has the documents before it says whether there are more.
        var beginsWithDocuments = false
        let shape: DocumentShape
        /// What the schema does not say.
        let check: @Sendable (XMLElement) throws(S3Error) -> Void

        var family: String { subresource + "/" }
    }

    let kind: Kind
    let bucket: String
    let id: String

    /// Reads which one a request is about.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for an ID that is none.
    init(_ kind: Kind, _ request: S3Request) throws(S3Error) {
        self.kind = kind
        bucket = request.bucket
        id = request.query["id"] ?? ""
        guard (1...64).contains(id.utf8.count), id.utf8.allSatisfy(Self.isIDCharacter) else {
            throw Self.invalid(
                id,
                "The ID has letters, digits, periods, dashes and underscores, up to 64."
            )
        }
    }

    private var name: String { kind.family + id }

    /// Keeps the document that a request brings.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, `IdMismatch`, `InvalidS3DestinationBucket`, or `TooManyConfigurations`.
    func put(_ context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let body = try await context.payload.document()
        let root = try XMLElement.parse(body.readableBytesView, root: "\(kind.root)")
        try kind.shape.check(root)
        guard root["Id"]?.trimmed == id else {
            throw S3Error(kind.subresource == "inventory" ? .idMismatch : .malformedXML)
        }
        try kind.check(root)
        try await context.store.set(
            name,
            to: kind.shape.document(kind.root, root),
            of: bucket,
            inFamily: kind.family,
            ofAtMost: Self.limit
        )
        return S3Response(.noContent)
    }

    /// Tells the document.
    ///
    /// - Throws: ``S3Error`` with `NoSuchConfiguration`.
    func get(_ context: Context) throws -> S3Response {
        S3Response(xml: ByteBuffer(bytes: try document(context)))
    }

    /// Forgets the document.
    ///
    /// - Throws: ``S3Error`` with `NoSuchConfiguration`.
    func delete(_ context: Context) async throws -> S3Response {
        _ = try document(context)
        try await context.store.set(name, to: nil, of: try context.bucket(bucket))
        return S3Response(.noContent)
    }

    private func document(_ context: Context) throws -> [UInt8] {
        let bucket = try context.bucket(bucket)
        guard let document = try context.store.setting(name, of: bucket) else {
            throw S3Error(.noSuchConfiguration)
        }
        return document
    }

    private static func isIDCharacter(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "z"),
            UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "."), UInt8(ascii: "-"),
            UInt8(ascii: "_"):
            true
        default: false
        }
    }

    private static func invalid(_ id: String, _ message: String) -> S3Error {
        S3Error(
            .invalidArgument,
            message,
            details: [.init("ArgumentName", "id"), .init("ArgumentValue", id)]
        )
    }
}

/// A page of a bucket's documents of a kind.
struct NamedConfigurationList: Sendable {
    let kind: NamedConfiguration.Kind
    let bucket: String
    let token: String?
    let after: String?

    /// Reads where the page begins.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for a token that is none of ours.
    init(_ kind: NamedConfiguration.Kind, _ request: S3Request) throws(S3Error) {
        self.kind = kind
        bucket = request.bucket
        token = request.query.nonEmpty("continuation-token")
        after = try ContinuationToken.read(token)
    }

    /// Tells the page.
    func run(in context: Context) throws -> S3Response {
        let page = NamedConfiguration.page
        let found = try context.store.settings(
            inFamily: kind.family,
            after: after,
            limit: page + 1,
            of: try context.bucket(bucket)
        )
        let roots = try found.prefix(page).map {
            try XMLElement.parse($0.document, root: "\(kind.root)")
        }
        let next =
            found.count > page
            ? found.dropLast().last.map { ContinuationToken.write($0.name) } : nil
        let document = XMLWriter.document(kind.list) { xml in
            if kind.beginsWithDocuments { write(roots, to: &xml) }
            xml.element("IsTruncated", next != nil)
            xml.element("ContinuationToken", ifPresent: token)
            xml.element("NextContinuationToken", ifPresent: next)
            if !kind.beginsWithDocuments { write(roots, to: &xml) }
        }
        return S3Response(xml: document)
    }

    private func write(_ roots: [XMLElement], to xml: inout XMLWriter) {
        for root in roots { xml.element(kind.root) { kind.shape.write(root, to: &$0) } }
    }
}
