import NIOCore
import ObjectStore
import S3Protocol

/// Where the access log of a bucket goes.
///
/// [Logging requests with server access logging](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html)
struct LoggingConfiguration: Sendable, Hashable {
    /// The name of the document in the store.
    static let setting = "logging"

    /// How the keys of log objects are made.
    enum KeyFormat: Sendable, Hashable {
        /// The prefix, and when the log was delivered.
        case simple
        /// Folders for the account, the region, the bucket and the day before it.
        case partitioned(DateSource?)
    }

    /// Which day a partition is for.
    enum DateSource: String, Sendable {
        case eventTime = "EventTime"
        case deliveryTime = "DeliveryTime"
    }

    let targetBucket: String
    let targetPrefix: String
    /// Who may read log objects beside their owner.
    let grants: [Grant]
    /// `nil` where nothing was said: as ``KeyFormat/simple``.
    let keyFormat: KeyFormat?

    /// Whether each log object is for one day alone.
    var separatesDays: Bool { keyFormat == .partitioned(.eventTime) }

    /// A key has room for this many bytes of prefix beside what is added to it.
    private static let prefixBytes = 800

    /// Reads a document.
    ///
    /// - Returns: `nil` for a document that turns logging off.
    /// - Throws: ``S3Error`` with `MalformedXML`, or what a grantee that is nobody gets.
    init?(document: some Collection<UInt8>, _ directory: Directory) throws(S3Error) {
        let root = try XMLElement.parse(document, root: "BucketLoggingStatus")
        guard let element = root["LoggingEnabled"] else { return nil }
        guard let target = element["TargetBucket"]?.trimmed, !target.isEmpty,
            let prefix = element["TargetPrefix"]?.text
        else { throw S3Error(.malformedXML) }
        guard prefix.utf8.count <= Self.prefixBytes else {
            throw S3Error(
                .invalidArgument,
                "The target prefix is too long.",
                details: [.init("ArgumentName", "TargetPrefix"), .init("ArgumentValue", prefix)]
            )
        }
        targetBucket = target
        targetPrefix = prefix
        grants = try (element["TargetGrants"]?.all("Grant") ?? []).map { grant throws(S3Error) in
            try Self.grant(grant, directory)
        }
        keyFormat = try element["TargetObjectKeyFormat"]
            .map { format throws(S3Error) in try KeyFormat(format) }
    }

    /// A line of a list here may say less than one of an object's.
    private static func grant(
        _ element: XMLElement,
        _ directory: Directory
    ) throws(S3Error) -> Grant {
        do throws(S3Error) {
            let grant = try Grant(element, directory)
            guard [.fullControl, .read, .write].contains(grant.permission) else {
                throw S3Error(.malformedXML)
            }
            return grant
        } catch {
            throw error.code == .malformedACL ? S3Error(.malformedXML) : error
        }
    }

    /// The document that GetBucketLogging answers.
    static func document(
        _ configuration: LoggingConfiguration?,
        _ directory: Directory
    ) -> ByteBuffer {
        XMLWriter.document("BucketLoggingStatus") { xml in
            if let configuration { xml.logging(configuration, directory) }
        }
    }
}

extension LoggingConfiguration.KeyFormat {
    fileprivate init(_ element: XMLElement) throws(S3Error) {
        switch (element["SimplePrefix"], element["PartitionedPrefix"]) {
        case (.some, nil): self = .simple
        case (nil, let partitioned?):
            let source = partitioned["PartitionDateSource"]
            guard let source else {
                self = .partitioned(nil)
                return
            }
            guard let known = LoggingConfiguration.DateSource(rawValue: source.trimmed) else {
                throw S3Error(.malformedXML)
            }
            self = .partitioned(known)
        case (.some, .some), (nil, nil): throw S3Error(.malformedXML)
        }
    }
}

extension XMLWriter {
    fileprivate mutating func logging(
        _ configuration: LoggingConfiguration,
        _ directory: Directory
    ) {
        element("LoggingEnabled") { xml in
            xml.element("TargetBucket", configuration.targetBucket)
            if !configuration.grants.isEmpty {
                xml.element("TargetGrants") { xml in
                    for grant in configuration.grants { xml.grant(grant, directory) }
                }
            }
            xml.element("TargetPrefix", configuration.targetPrefix)
            guard let format = configuration.keyFormat else { return }
            xml.element("TargetObjectKeyFormat") { xml in
                switch format {
                case .simple: xml.element("SimplePrefix") { _ in }
                case .partitioned(let source):
                    xml.element("PartitionedPrefix") { xml in
                        xml.element("PartitionDateSource", ifPresent: source?.rawValue)
                    }
                }
            }
        }
    }
}

/// A bucket's logging as its requests ask for it, read once for each change of the bucket.
struct BucketLogging: BucketSettings {
    /// `nil` where nothing is logged, as of most buckets.
    let configuration: LoggingConfiguration?

    init(of bucket: Bucket, _ store: Store) throws {
        let document = try store.setting(LoggingConfiguration.setting, of: bucket)
        configuration = try document.flatMap {
            try LoggingConfiguration(document: $0, store.directory)
        }
    }
}
