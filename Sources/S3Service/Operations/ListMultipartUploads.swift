import NIOHTTP1
import ObjectStore
import S3Protocol

/// Lists a bucket's unfinished uploads, by key and then by age.
///
/// [ListMultipartUploads](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html)
struct ListMultipartUploads: Operation {
    static let route = Route(.GET, .bucket, query: ["uploads"])
    static let action: Action = "s3:ListBucketMultipartUploads"

    let bucket: String
    let parameters: ListParameters
    let keyMarker: String
    let uploadIDMarker: String

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        parameters = try ListParameters(request, limitName: "max-uploads")
        keyMarker = request.query["key-marker"] ?? ""
        // Without a key to start at, an upload to start at means nothing.
        uploadIDMarker = keyMarker.isEmpty ? "" : request.query["upload-id-marker"] ?? ""
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let page = try context.store.uploads(
            UploadQuery(
                prefix: parameters.prefix,
                delimiter: parameters.delimiter,
                start: start,
                limit: parameters.limit
            ),
            in: bucket
        )
        // S3 names the last upload of a page also where there are no more.
        let last = page.entries.last
        let next = page.isTruncated || last?.uploadID != nil ? last : nil
        let owners = try ListedOwners(of: bucket, context)
        let document = XMLWriter.document("ListMultipartUploadsResult") { xml in
            xml.element("Bucket", bucket.name)
            xml.element("KeyMarker", parameters.spell(keyMarker))
            xml.element("UploadIdMarker", uploadIDMarker)
            xml.element("NextKeyMarker", parameters.spell(next?.name ?? ""))
            xml.element("NextUploadIdMarker", next?.uploadID ?? "")
            xml.element("Prefix", parameters.spell(parameters.prefix))
            xml.element("MaxUploads", parameters.limit)
            parameters.writeDelimiter(&xml)
            xml.element("IsTruncated", page.isTruncated)
            for upload in page.uploads {
                xml.upload(upload, key: parameters.spell(upload.key), owner: owners[upload.ownerID])
            }
            parameters.writeCommonPrefixes(page.commonPrefixes, &xml)
        }
        return S3Response(xml: document)
    }
}

extension ListMultipartUploads {
    private var start: UploadQuery.Start {
        switch parameters.start(after: keyMarker) {
        case .beginning: .beginning
        case .afterPrefix(let prefix): .afterPrefix(prefix)
        case .afterKey(let key):
            uploadIDMarker.isEmpty ? .afterKey(key) : .afterUpload(key: key, id: uploadIDMarker)
        }
    }
}

extension UploadListing {
    fileprivate var uploads: [Upload] {
        entries.compactMap { if case .upload(let upload) = $0 { upload } else { nil } }
    }

    fileprivate var commonPrefixes: [String] {
        entries.compactMap { if case .commonPrefix(let prefix) = $0 { prefix } else { nil } }
    }
}

extension UploadListing.Entry {
    fileprivate var name: String {
        switch self {
        case .upload(let upload): upload.key
        case .commonPrefix(let prefix): prefix
        }
    }

    fileprivate var uploadID: String? {
        if case .upload(let upload) = self { upload.id } else { nil }
    }
}

extension XMLWriter {
    fileprivate mutating func upload(_ upload: Upload, key: String, owner: Account) {
        element("Upload") { xml in
            xml.element("Key", key)
            xml.element("UploadId", upload.id)
            xml.owner(owner, as: "Initiator")
            xml.owner(owner)
            xml.element("StorageClass", upload.storageClass)
            xml.element("Initiated", ISO8601.format(upload.initiated.wholeSeconds))
            xml.element("ChecksumAlgorithm", ifPresent: upload.checksumAlgorithm?.rawValue)
            xml.element("ChecksumType", ifPresent: upload.checksumType?.rawValue)
        }
    }
}
