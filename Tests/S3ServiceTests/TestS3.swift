import Digests
import Glibc
import HTTPMessage
import Logging
import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol
import S3Service
import Signing
import TestSupport

/// The service over an empty store in memory, spoken to in one signed line a request.
struct TestS3: Sendable {
    static let root = Credential(
        accessKey: "AKIAROOT",
        secret: Secret("root-secret-of-the-tests"),
        sessionToken: nil
    )

    /// 2023-11-14T22:13:20Z.
    static let start = Timestamp(seconds: 1_700_000_000)

    let store: Store
    let service: S3Service
    let time = ManualTime(Self.start)

    init(
        buckets: [String] = ["photos"],
        configuration: ServiceConfiguration = ServiceConfiguration(),
        log: @escaping @Sendable (AccessLogEntry) -> Void = { _ in }
    ) async throws {
        store = try Store.open(
            StoreConfiguration(
                folder: nil,
                time: time,
                random: SeededRandom(seed: 1),
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        service = S3Service(
            configuration: configuration,
            store: store,
            root: Self.root,
            time: time,
            random: SeededRandom(seed: 2),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() },
            log: log
        )
        for bucket in buckets {
            _ = try await store.createBucket(
                bucket,
                owner: store.directory.rootAccount.id,
                region: configuration.region,
                settings: configuration.bucketDefaults.settings
            )
        }
    }

    /// Signs a request for its body and answers it.
    func send(
        _ method: HTTPMethod,
        _ target: String,
        _ body: String = "",
        headers: HTTPHeaders = [:],
        host: String = "127.0.0.1:9000",
        as credential: Credential = Self.root
    ) async -> Reply {
        await send(
            method,
            target,
            bytes: Array(body.utf8),
            headers: headers,
            host: host,
            as: credential
        )
    }

    func send(
        _ method: HTTPMethod,
        _ target: String,
        bytes: [UInt8],
        headers: HTTPHeaders = [:],
        host: String = "127.0.0.1:9000",
        as credential: Credential = Self.root
    ) async -> Reply {
        await raw(
            .signed(
                method,
                target,
                bytes,
                headers: headers,
                host: host,
                by: credential,
                at: time.now()
            )
        )
    }

    /// Answers a request as it is.
    func raw(_ request: HTTPRequest) async -> Reply {
        let response = await service.respond(to: request)
        var body: [UInt8] = []
        var failure: (any Error)?
        switch response.body {
        case .empty: break
        case .bytes(let bytes): body = Array(bytes.readableBytesView)
        case .pieces(_, let next):
            do {
                while let piece = try await next() { body += try Self.bytes(of: piece) }
            } catch {
                failure = error
            }
        }
        response.onSent?(HTTPResponse.Sent(bodyBytes: body.count, isComplete: failure == nil))
        return Reply(
            status: Int(response.status.code),
            headers: response.headers,
            body: body,
            failure: failure
        )
    }

    private static func bytes(of piece: HTTPResponse.Piece) throws -> [UInt8] {
        switch piece {
        case .bytes(let buffer): return Array(buffer.readableBytesView)
        case .file(let slice):
            return try slice.file.handle.withUnsafeFileDescriptor { descriptor in
                var bytes = [UInt8](repeating: 0, count: slice.count)
                let count = unsafe bytes.withUnsafeMutableBytes {
                    unsafe pread(descriptor, $0.baseAddress, $0.count, off_t(slice.offset))
                }
                precondition(count == slice.count)
                return bytes
            }
        }
    }
}

/// A response, all of it.
struct Reply: Sendable {
    let status: Int
    let headers: HTTPHeaders
    let body: [UInt8]
    let failure: (any Error)?

    var text: String { String(decoding: body, as: UTF8.self) }
    var errorCode: String? { status >= 300 || text.contains("<Error>") ? self["Code"] : nil }

    /// The text of the first element of a name.
    subscript(_ name: String) -> String? { all(name).first }

    /// The texts of all elements of a name that hold only text.
    func all(_ name: String) -> [String] {
        text.components("<\(name)>").dropFirst().map { $0.components("</\(name)>")[0] }
    }

    func header(_ name: String) -> String? { headers.first(name: name) }
}

extension String {
    fileprivate func components(_ separator: String) -> [String] {
        var parts: [String] = []
        var rest = Substring(self)
        while let range = rest.firstRange(of: separator) {
            parts.append(String(rest[..<range.lowerBound]))
            rest = rest[range.upperBound...]
        }
        return parts + [String(rest)]
    }
}

extension TestS3 {
    /// Makes a user with one of AWS's own policies, or none.
    func user(_ name: String, account: String? = nil, policy: String?) async throws -> Credential {
        try await user(name, account: account, policies: policy.map { [.managed($0)] } ?? [])
    }

    /// Makes a user with a policy of its own.
    func user(_ name: String, account: String? = nil, document: String) async throws -> Credential {
        try await user(
            name,
            account: account,
            policies: [.inline(name: "own", document: document)]
        )
    }

    private func user(
        _ name: String,
        account: String?,
        policies: [PolicyAttachment]
    ) async throws -> Credential {
        let key = try await store.directory.createUser(
            NewUser(name: name, account: account, policies: policies)
        )
        return Credential(accessKey: key.id, secret: Secret(key.secret), sessionToken: nil)
    }
}

extension TestS3 {
    /// Puts a body with its Content-MD5.
    func putWithMD5(
        _ target: String,
        _ body: String,
        headers: HTTPHeaders = [:]
    ) async -> Reply {
        var headers = headers
        let md5 = HashFunction.hash(.md5, Array(body.utf8))
        headers.add(name: "content-md5", value: Base64.encode(md5))
        return await send(.PUT, target, body, headers: headers)
    }
}
