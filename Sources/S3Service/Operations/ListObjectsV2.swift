import NIOHTTP1
import ObjectStore
import S3Protocol

/// Lists a bucket's objects in the order of their keys' bytes.
///
/// [ListObjectsV2](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html)
struct ListObjectsV2: Operation {
    static let route = Route(.GET, .bucket, query: ["list-type"])
    static let action: Action = "s3:ListBucket"

    let bucket: String
    let parameters: ListParameters
    let attributes: OptionalObjectAttributes
    let startAfter: String?
    let token: String?
    let position: ListQuery.Start?
    let showsOwner: Bool

    init(_ request: S3Request) throws(S3Error) {
        guard request.query["list-type"] == "2" else {
            throw S3Error(
                .invalidArgument,
                "Invalid List Type specified in Request",
                details: [
                    .init("ArgumentName", "list-type"),
                    .init("ArgumentValue", request.query["list-type"] ?? ""),
                ]
            )
        }
        bucket = request.bucket
        parameters = try ListParameters(request)
        attributes = try OptionalObjectAttributes(request)
        startAfter = request.query.nonEmpty("start-after")
        token = request.query["continuation-token"]
        // An empty token is echoed and starts at the beginning.
        position = try ListQuery.Start(token: request.query.nonEmpty("continuation-token"))
        showsOwner = request.query["fetch-owner"]?.lowercased() == "true"
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let page = try await context.store.page(
            ListQuery(
                prefix: parameters.prefix,
                delimiter: parameters.delimiter,
                start: position ?? parameters.start(after: startAfter ?? "", isMarker: false),
                limit: parameters.limit
            ),
            of: bucket
        )
        let owners = showsOwner ? try ListedOwners(of: bucket, context) : nil
        let document = XMLWriter.document(
            "ListBucketResult",
            capacity: 512 + page.objects.count * 320
        ) { xml in
            xml.element("Name", bucket.name)
            xml.element("Prefix", parameters.spell(parameters.prefix))
            xml.element("StartAfter", ifPresent: startAfter.map(parameters.spell))
            xml.element("ContinuationToken", ifPresent: token)
            xml.element("NextContinuationToken", ifPresent: page.next?.token)
            xml.element("KeyCount", page.entries.count)
            xml.element("MaxKeys", parameters.limit)
            parameters.writeDelimiter(&xml)
            xml.element("IsTruncated", page.isTruncated)
            for object in page.objects {
                xml.contents(
                    object,
                    key: parameters.spell(object.key),
                    owner: owners?[object.ownerID]
                ) { xml in
                    attributes.write(object, at: context.now, &xml)
                }
            }
            parameters.writeCommonPrefixes(page.commonPrefixes, &xml)
        }
        return S3Response(xml: document)
    }
}

extension XMLWriter {
    /// An object of a listing.
    ///
    /// `more` writes what only some listings tell of it.
    mutating func contents(
        _ object: ListedObject,
        key: String,
        owner: Account?,
        more: (inout XMLWriter) -> Void
    ) {
        element("Contents") { xml in
            xml.element("Key", key)
            xml.element("LastModified", ISO8601.format(object.modified.wholeSeconds))
            xml.element("ETag", inQuotes: object.etag)
            xml.element("ChecksumAlgorithm", ifPresent: object.checksumAlgorithm)
            xml.element("ChecksumType", ifPresent: object.checksumType)
            xml.element("Size", object.size)
            if let owner { xml.owner(owner) }
            xml.element("StorageClass", object.storageClass)
            more(&xml)
        }
    }
}

extension Listing {
    /// The objects alone.
    var objects: [ListedObject] {
        entries.compactMap { if case .object(let object) = $0 { object } else { nil } }
    }

    /// The common prefixes alone.
    var commonPrefixes: [String] {
        entries.compactMap { if case .commonPrefix(let prefix) = $0 { prefix } else { nil } }
    }
}

extension ListQuery.Start {
    /// The place as a continuation token.
    fileprivate var token: String? {
        switch self {
        case .beginning: nil
        case .afterKey(let key): ContinuationToken.write("k" + key)
        case .afterPrefix(let prefix): ContinuationToken.write("p" + prefix)
        }
    }

    /// The place in a continuation token; none in no token.
    fileprivate init?(token: String?) throws(S3Error) {
        guard let text = try ContinuationToken.read(token) else { return nil }
        // By bytes: the letter and an accent with which a name begins would be one character.
        let name = String(Substring(text.utf8.dropFirst()))
        self = text.utf8.first == UInt8(ascii: "p") ? .afterPrefix(name) : .afterKey(name)
    }
}
