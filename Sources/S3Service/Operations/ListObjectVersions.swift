import NIOHTTP1
import ObjectStore
import S3Protocol

/// Lists all versions of a bucket's objects: by key, and for one key the newest first.
///
/// [ListObjectVersions](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html)
struct ListObjectVersions: Operation {
    static let route = Route(.GET, .bucket, query: ["versions"])
    static let action: Action = "s3:ListBucketVersions"

    let bucket: String
    let parameters: ListParameters
    let attributes: OptionalObjectAttributes
    let keyMarker: String
    let versionMarker: String?
    let start: VersionQuery.Start

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        parameters = try ListParameters(request)
        attributes = try OptionalObjectAttributes(request)
        keyMarker = request.query["key-marker"] ?? ""
        versionMarker = request.query["version-id-marker"]
        guard let version = request.query.nonEmpty("version-id-marker") else {
            start = VersionQuery.Start(parameters.start(after: keyMarker))
            return
        }
        guard !keyMarker.isEmpty else {
            throw S3Error(
                .invalidArgument,
                "A version-id marker cannot be specified without a key marker.",
                details: [
                    .init("ArgumentName", "version-id-marker"), .init("ArgumentValue", version),
                ]
            )
        }
        start = .afterVersion(key: keyMarker, try VersionParameter.read(version))
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let page = try context.store.listVersions(
            VersionQuery(
                prefix: parameters.prefix,
                delimiter: parameters.delimiter,
                start: start,
                limit: parameters.limit
            ),
            in: bucket
        )
        let owners = try ListedOwners(of: bucket, context)
        let document = XMLWriter.document(
            "ListVersionsResult",
            capacity: 512 + page.entries.count * 480
        ) { xml in
            xml.element("Name", bucket.name)
            xml.element("Prefix", parameters.spell(parameters.prefix))
            xml.element("KeyMarker", parameters.spell(keyMarker))
            xml.element("VersionIdMarker", versionMarker ?? "")
            writeNext(page, &xml)
            xml.element("MaxKeys", parameters.limit)
            parameters.writeDelimiter(&xml)
            xml.element("IsTruncated", page.isTruncated)
            for case .version(let version) in page.entries {
                xml.version(
                    version,
                    key: parameters.spell(version.object.key),
                    owner: owners[version.object.ownerID]
                ) { xml in
                    attributes.write(version.object, at: context.now, &xml)
                }
            }
            let prefixes = page.entries.compactMap {
                if case .commonPrefix(let prefix) = $0 { prefix } else { nil }
            }
            parameters.writeCommonPrefixes(prefixes, &xml)
        }
        return S3Response(xml: document)
    }

    /// The markers of the next page; after a common prefix there is no version to name.
    private func writeNext(_ page: VersionListing, _ xml: inout XMLWriter) {
        guard page.isTruncated, let last = page.entries.last else { return }
        switch last {
        case .version(let version):
            xml.element("NextKeyMarker", parameters.spell(version.object.key))
            xml.element("NextVersionIdMarker", VersionParameter.show(version.versionID))
        case .commonPrefix(let prefix):
            xml.element("NextKeyMarker", parameters.spell(prefix))
        }
    }
}

extension XMLWriter {
    /// A version or a delete marker of a listing.
    fileprivate mutating func version(
        _ version: ListedVersion,
        key: String,
        owner: Account,
        more: (inout XMLWriter) -> Void
    ) {
        let object = version.object
        element(version.isDeleteMarker ? "DeleteMarker" : "Version") { xml in
            if !version.isDeleteMarker {
                xml.element("ETag", inQuotes: object.etag)
                xml.element("ChecksumAlgorithm", ifPresent: object.checksumAlgorithm)
                xml.element("ChecksumType", ifPresent: object.checksumType)
                xml.element("Size", object.size)
                xml.element("StorageClass", object.storageClass)
            }
            xml.element("Key", key)
            xml.element("VersionId", VersionParameter.show(version.versionID))
            xml.element("IsLatest", version.isLatest)
            xml.element("LastModified", ISO8601.format(object.modified.wholeSeconds))
            xml.owner(owner)
            more(&xml)
        }
    }
}

extension VersionQuery.Start {
    /// The same place of a listing of objects.
    fileprivate init(_ start: ListQuery.Start) {
        switch start {
        case .beginning: self = .beginning
        case .afterKey(let key): self = .afterKey(key)
        case .afterPrefix(let prefix): self = .afterPrefix(prefix)
        }
    }
}
