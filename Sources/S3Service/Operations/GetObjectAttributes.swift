import NIOHTTP1
import ObjectStore
import S3Protocol

/// Tells what is known of an object without its content: tag, checksum, parts, class and size.
///
/// [GetObjectAttributes](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html)
struct GetObjectAttributes: Operation {
    static let route = Route(.GET, .object, query: ["attributes"], optional: ["versionId"])
    static let action: Action = "s3:GetObjectAttributes"
    static let encryptionUse: EncryptionUse = [.customerKey]

    static func action(for request: S3Request) -> Action {
        request.query["versionId"] == nil ? action : "s3:GetObjectVersionAttributes"
    }

    /// What can be asked for, in the order of the answer.
    enum Attribute: String, CaseIterable {
        case etag = "ETag"
        case checksum = "Checksum"
        case parts = "ObjectParts"
        case storageClass = "StorageClass"
        case size = "ObjectSize"
    }

    let bucket: String
    let key: String
    let version: ObjectVersion
    let attributes: Set<Attribute>
    let partMarker: Int
    let partLimit: Int
    let customerKey: CustomerKey?

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        version = try VersionParameter.read(request.query["versionId"])
        attributes = try Self.attributes(request)
        partMarker = try Self.number("x-amz-part-number-marker", request) ?? 0
        let limit = try Self.number("x-amz-max-parts", request) ?? Limits.listPage
        partLimit = min(limit, Limits.listPage)
        customerKey = try CustomerKeyHeaders.read(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        let readAction = version == .latest ? GetObject.action : GetObject.versionAction
        try context.require(readAction, onObject: key, in: bucket.name)
        guard let object = try context.store.version(version, of: key, in: bucket) else {
            throw version.missing(key)
        }
        guard !object.isDeleteMarker else { throw version.unreadable(object, for: .GET) }
        try object.require(customerKey)
        try context.requireProtection(for: object.encryption)
        let parts = attributes.contains(.parts) ? try context.store.parts(of: object) : []
        let document = XMLWriter.document("GetObjectAttributesResponse") { xml in
            for attribute in Attribute.allCases where attributes.contains(attribute) {
                write(attribute, of: object, parts, &xml)
            }
        }
        var response = S3Response(xml: document)
        response.headers.add(name: "Last-Modified", value: HTTPDate.format(object.modified))
        response.headers.addVersion(of: object, in: bucket)
        return response
    }

    private func write(
        _ attribute: Attribute,
        of object: StoredObject,
        _ parts: [ObjectPart],
        _ xml: inout XMLWriter
    ) {
        switch attribute {
        case .etag: xml.element("ETag", object.etag)
        case .checksum:
            if let checksum = object.checksum {
                xml.element("Checksum") { $0.checksum(checksum.withoutPartCount) }
            }
        case .parts:
            if object.partCount != nil { write(parts, of: object, &xml) }
        case .storageClass: xml.element("StorageClass", object.storageClass)
        case .size: xml.element("ObjectSize", object.size)
        }
    }

    private func write(_ parts: [ObjectPart], of object: StoredObject, _ xml: inout XMLWriter) {
        let rest = parts.filter { $0.number > partMarker }
        let page = rest.prefix(partLimit)
        xml.element("ObjectParts") { xml in
            xml.element("PartsCount", parts.count)
            xml.element("PartNumberMarker", partMarker)
            xml.element("NextPartNumberMarker", page.last?.number ?? 0)
            xml.element("MaxParts", partLimit)
            xml.element("IsTruncated", page.count < rest.count)
            for part in page {
                xml.element("Part") { xml in
                    xml.element("PartNumber", part.number)
                    xml.element("Size", part.size)
                    if let whole = object.checksum, let value = part.checksum {
                        xml.element(named: whole.algorithm.elementName, value)
                    }
                }
            }
        }
    }

    /// The names in one or several headers, with commas between them.
    private static func attributes(_ request: S3Request) throws(S3Error) -> Set<Attribute> {
        let header = "x-amz-object-attributes"
        var attributes: Set<Attribute> = []
        for name in request.headers[canonicalForm: header] {
            guard let attribute = Attribute(rawValue: String(name)) else {
                throw S3Error(
                    .invalidArgument,
                    "Invalid attribute name specified.",
                    details: [
                        .init("ArgumentName", header), .init("ArgumentValue", String(name)),
                    ]
                )
            }
            attributes.insert(attribute)
        }
        guard !attributes.isEmpty else {
            throw S3Error(
                .invalidRequest,
                "The \(header) header specifying the attributes to be retrieved is either missing or empty"
            )
        }
        return attributes
    }

    private static func number(_ name: String, _ request: S3Request) throws(S3Error) -> Int? {
        guard let text = request.header(name) else { return nil }
        guard let number = Int(text), (0...Int(Int32.max)).contains(number) else {
            throw S3Error(
                .invalidArgument,
                "Provided \(name) not an integer or within integer range",
                details: [.init("ArgumentName", name), .init("ArgumentValue", text)]
            )
        }
        return number
    }
}
