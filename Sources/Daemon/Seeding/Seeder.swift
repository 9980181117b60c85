import Glibc
import HTTPMessage
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing

/// Puts folders into a store, each file as a request of the root key: so what S3 refuses is refused here too.
struct Seeder: Sendable {
    /// Which buckets are filled.
    enum Extent: Sendable {
        /// Every one; what has a file's key is replaced.
        case everything
        /// Those that are missing or have nothing in them.
        case emptyBuckets
    }

    /// How many files are under way at a time: so many commits share one wait for the disk.
    private static let width = 16

    let store: Store
    let service: S3Service
    let root: Credential
    let configuration: DaemonConfiguration
    let time: any TimeSource

    /// Makes the folder's buckets, and puts its files into them.
    ///
    /// - Throws: ``Refusal`` that names the first that cannot be put; others may have been put by then.
    func seed(_ folder: SeedFolder, _ extent: Extent) async throws(Refusal) -> SeedReport {
        var report = SeedReport(skipped: folder.skipped)
        for bucket in folder.buckets {
            guard try await prepare(bucket.name, extent) else {
                report.skipped.append(bucket.name)
                continue
            }
            try await put(bucket.files, into: bucket.name)
            report.buckets.append(bucket.name)
            report.objects += bucket.files.count
            report.bytes += bucket.files.reduce(0) { $0 + $1.size }
        }
        return report
    }

    /// Makes a bucket that is missing.
    ///
    /// - Returns: Whether it is to be filled.
    private func prepare(_ name: String, _ extent: Extent) async throws(Refusal) -> Bool {
        do {
            try await configuration.makeBucket(name, in: store)
            guard extent == .emptyBuckets else { return true }
            return try store.listVersions(VersionQuery(limit: 1), in: store.bucket(name)).entries
                .isEmpty
        } catch {
            throw Refusal("The bucket \(name) cannot be made: \(error)")
        }
    }

    private func put(_ files: [SeedFolder.File], into bucket: String) async throws(Refusal) {
        do {
            try await withThrowingTaskGroup(of: Void.self) { tasks in
                for (number, file) in files.enumerated() {
                    if number >= Self.width { try await tasks.next() }
                    tasks.addTask(executorPreference: store.workers) {
                        try await put(file, into: bucket)
                    }
                }
                try await tasks.waitForAll()
            }
        } catch {
            throw Refusal(error)
        }
    }

    private func put(_ file: SeedFolder.File, into bucket: String) async throws(Refusal) {
        let key = PercentCoding.encode(file.key, keeping: .slashes)
        var headers: HTTPHeaders = ["Host": "127.0.0.1", "Content-Length": String(file.size)]
        if let type = ContentTypes.guess(file.key) {
            headers.add(name: "Content-Type", value: type)
        }
        for (name, value) in file.properties.fields {
            headers.replaceOrAdd(name: name, value: value)
        }
        var request = HTTPRequest(method: .PUT, target: "/\(bucket)/\(key)", headers: headers)
        request.headers =
            SignatureV4.sign(
                SignableRequest(
                    method: request.method.rawValue,
                    target: request.target,
                    headers: headers
                ),
                by: root,
                region: configuration.region,
                payload: .unsigned,
                at: time.now()
            )
            .headers
        do { request.body = try SeedFile(file.path).body(of: file.size) } catch {
            throw Refusal("\(file.path) cannot be read: \(error).")
        }
        let response = await service.respond(to: request)
        guard response.status != .ok else { return }
        throw Refusal("\(file.path) cannot be put: \(response.errorText)")
    }
}

/// A file that is read once, from its beginning to its end.
private final class SeedFile: Sendable {
    private static let pieceSize = 256 * 1024

    private let number: CInt

    init(_ path: String) throws(SystemError) {
        number = try SystemError.check(unsafe open(path, O_RDONLY | O_CLOEXEC))
    }

    deinit { close(number) }

    func body(of size: Int64) -> HTTPBody {
        HTTPBody(length: Int(size)) {
            var buffer = ByteBuffer()
            let count = try unsafe buffer.writeWithUnsafeMutableBytes(
                minimumWritableBytes: Self.pieceSize
            ) { space in
                unsafe Int(
                    try SystemError.check(read(self.number, space.baseAddress, Self.pieceSize))
                )
            }
            return count == 0 ? nil : buffer
        }
    }
}

extension HTTPResponse {
    /// The code and the message of an error.
    fileprivate var errorText: String {
        guard case .bytes(let bytes) = body,
            let error = try? XMLElement.parse(bytes.readableBytesView, root: "Error")
        else { return "status \(status.code)" }
        return "\(error["Code"]?.text ?? ""): \(error["Message"]?.text ?? "")"
    }
}
