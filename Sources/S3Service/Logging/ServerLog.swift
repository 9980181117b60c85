import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import Policy
import S3Protocol
import Synchronization

/// Writes the access logs of the buckets that have one: a record a request, when its response is sent.
struct ServerLog: Sendable {
    let store: Store
    let settings: BucketCache<BucketLogging>
    let delivery: LogDelivery

    /// What writes the records of a request when its response is sent; `nil` where no bucket logs it, as most do not.
    func writer(for exchange: Exchange, _ response: HTTPResponse, at time: Timestamp) -> Writer? {
        guard let request = exchange.request else { return nil }
        let bucket = target(request.bucket)
        let source = exchange.errorCode == nil ? copySource(of: request) : nil
        guard bucket != nil || source != nil else { return nil }
        return Writer(
            delivery: delivery,
            request: request,
            exchange: exchange,
            bucket: bucket,
            source: source,
            owner: { store.directory.account($0)?.canonicalID ?? "" },
            time: time,
            status: Int(response.status.code),
            objectSize: LoggedSize.of(request, response)
        )
    }

    /// A bucket by its name, and where its log goes; `nil` where it has none.
    private func target(_ name: String) -> LoggedBucket? {
        guard let bucket = try? store.bucket(name),
            let configuration = try? settings.settings(of: bucket, store).configuration
        else { return nil }
        return LoggedBucket(bucket: bucket, configuration: configuration)
    }

    /// The bucket that a copy read from, which logs that too.
    private func copySource(of request: S3Request) -> (bucket: LoggedBucket, key: String)? {
        guard request.method == .PUT, request.headers.contains(name: "x-amz-copy-source"),
            let source = try? CopySource(request), let bucket = target(source.bucket)
        else { return nil }
        return (bucket, source.key)
    }
}

/// A bucket with a log.
struct LoggedBucket: Sendable {
    let bucket: Bucket
    let configuration: LoggingConfiguration
}

extension ServerLog {
    /// What is known of a request before its response is sent.
    struct Writer: Sendable {
        let delivery: LogDelivery
        let request: S3Request
        let exchange: Exchange
        let bucket: LoggedBucket?
        let source: (bucket: LoggedBucket, key: String)?
        let owner: @Sendable (Account.ID) -> String
        let time: Timestamp
        let status: Int
        let objectSize: Int64?
        /// How long it took until the response began.
        let began = ContinuousClock.now

        /// Writes the request's records: its own, one for each key that it deleted, and one of a copy's source.
        func write(bytesSent: Int, milliseconds: Int64) {
            var record = base(milliseconds)
            record.operation = LoggedOperation.name(of: request)
            if let bucket {
                var own = record
                own.bytesSent = Int64(bytesSent)
                own.objectSize = objectSize
                add(own, key: exchange.key, to: bucket)
                for deletion in exchange.deletions?.all ?? [] {
                    var one = record
                    one.operation = LoggedOperation.listedDeletion
                    one.status = deletion.status
                    one.errorCode = deletion.errorCode
                    one.versionID = deletion.versionID
                    add(one, key: deletion.key, to: bucket)
                }
            }
            if let source {
                record.operation = LoggedOperation.ofSource(record.operation)
                add(record, key: source.key, to: source.bucket)
            }
        }

        private func add(_ record: ServerLogRecord, key: String, to logged: LoggedBucket) {
            var record = record
            record.bucketOwner = owner(logged.bucket.ownerID)
            record.bucket = logged.bucket.name
            record.key = key.isEmpty ? nil : key
            delivery.add(
                record,
                about: LogSubject(logged.bucket, logged.configuration, at: time)
            )
        }

        private func base(_ milliseconds: Int64) -> ServerLogRecord {
            let http = request.http
            var record = ServerLogRecord()
            record.time = time
            record.remoteAddress = http.peer
            record.requestID = exchange.ids.request
            record.requestURI =
                "\(http.method.rawValue) \(LoggedTarget.withoutSecrets(http.target)) HTTP/1.1"
            record.status = status
            record.errorCode = exchange.errorCode
            record.totalTime = milliseconds
            record.turnAroundTime = (began - exchange.started).wholeMilliseconds
            record.referrer = request.header("referer").map(LoggedTarget.withoutSecrets)
            record.userAgent = request.header("user-agent")
            record.versionID = request.query.nonEmpty("versionId")
            record.hostID = exchange.ids.host
            record.host = request.header("host")
            record.neededList = exchange.neededList
            // Which version of TLS it is the server does not tell this side of it.
            guard let caller = exchange.caller, let proof = caller.proof else { return record }
            record.requester = caller.loggedName
            record.signatureVersion = proof.isV4 ? "SigV4" : "SigV2"
            // A form's signature is in its body, for which S3 has no word here.
            record.authentication =
                switch proof.type {
                case "REST-HEADER": "AuthHeader"
                case "REST-QUERY-STRING": "QueryString"
                default: nil
                }
            return record
        }
    }
}

extension Caller {
    /// Who it is in a log: an account by its canonical ID, a user or a role's session by its ARN.
    fileprivate var loggedName: String? {
        switch identity {
        case .anonymous, .root: account.canonicalID
        case .user, .role: requester.arn
        }
    }
}

extension Duration {
    /// The duration in milliseconds, rounded down.
    var wholeMilliseconds: Int64 {
        let (seconds, attoseconds) = components
        return seconds * 1000 + attoseconds / 1_000_000_000_000_000
    }
}

/// How large the object of a request is, as far as its head and its response tell.
private enum LoggedSize {
    static func of(_ request: S3Request, _ response: HTTPResponse) -> Int64? {
        guard request.level == .object, (200...299).contains(response.status.code) else {
            return nil
        }
        let isPlain = !request.query.names.contains {
            Subresources.names.contains($0)
                && !["versionId", "partNumber", "uploadId"].contains($0)
        }
        guard isPlain else { return nil }
        switch request.method {
        case .PUT:
            let length = request.header("x-amz-decoded-content-length")
            return (length ?? request.header("content-length")).flatMap { Int64($0) }
        case .GET, .HEAD: return ofRead(response)
        default: return nil
        }
    }

    private static func ofRead(_ response: HTTPResponse) -> Int64? {
        if let range = response.headers.first(name: "Content-Range") {
            return range.split(separator: "/").last.flatMap { Int64($0) }
        }
        if let length = response.headers.first(name: "Content-Length") { return Int64(length) }
        switch response.body {
        case .empty: return 0
        case .bytes(let bytes): return Int64(bytes.readableBytes)
        case .pieces(let length, _): return length.map { Int64($0) }
        }
    }
}

/// The keys that a request deleted, written by the operation and read when its response is sent.
final class DeletionJournal: Sendable {
    /// A key, and what became of it.
    struct Entry: Sendable {
        let key: String
        let versionID: String?
        let errorCode: String?
        let status: Int
    }

    private let entries = Mutex<[Entry]>([])

    var all: [Entry] { entries.withLock { $0 } }

    func add(_ entry: Entry) { entries.withLock { $0.append(entry) } }
}
