import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Client
import S3Protocol
import Signing

/// What a check of the settings looks at, one thing at a time.
package struct BucketInspection: Sendable {
    /// Where requests go.
    package struct Place: Sendable, Hashable {
        package let url: String
        package let host: String
        package let port: Int
        package let isSecure: Bool
        package let region: String
        /// Whether the bucket's name stands in the host.
        package let isVirtual: Bool
        package let isAmazon: Bool
    }

    /// The reply to a URL.
    package struct Fetched: Sendable {
        package let status: Int
        package let bytes: Int
        /// How far the server's clock is ahead of this machine's, in seconds.
        package let clockSeconds: Int64?
    }

    private let storage: GalleryStorage

    package init(_ storage: GalleryStorage) { self.storage = storage }

    /// Where the bucket's requests go.
    package func place() throws(StorageError) -> Place {
        do {
            let client = storage.client
            let place = try client.endpoint.resolve(bucket: storage.bucket)
            return Place(
                url: place.url,
                host: place.origin.host,
                port: place.origin.port,
                isSecure: place.origin.isSecure,
                region: place.region,
                isVirtual: place.origin.host.hasPrefix(storage.bucket + "."),
                isAmazon: client.endpoint.isAmazon
            )
        } catch {
            throw StorageError(error)
        }
    }

    /// The access key and where it was found; never the secret.
    package func credentials() async throws -> (accessKey: String, source: String)? {
        try await StorageError.translating {
            guard let found = try await storage.credentials?.resolve() else { return nil }
            return (found.credential.accessKey, found.source)
        }
    }

    /// Asks for the bucket; tells the region that it says it is in.
    ///
    /// A HEAD is refused without words: the same is asked again in a way that is answered with some.
    package func headBucket() async throws -> String? {
        try await StorageError.translating {
            do {
                return try await storage.client.headBucket(storage.bucket)
            } catch let error as S3ClientError where error.kind == .service {
                _ = try await storage.client.listObjects(bucket: storage.bucket, maxKeys: 1)
                throw error
            }
        }
    }

    /// Opens a URL as a browser does, with nothing but it.
    package func fetch(_ url: String) async throws -> Fetched {
        let parts = url.split(separator: "/", maxSplits: 2, omittingEmptySubsequences: true)
        guard parts.count == 3, let transport = storage.transport else {
            throw StorageError(.unsupported, message: "The URL cannot be tried from here.")
        }
        let request = HTTPRequest(
            method: .GET,
            target: "/" + parts[2],
            headers: ["Host": String(parts[1])]
        )
        let origin = try Self.origin(scheme: parts[0], host: parts[1])
        let response: TransportResponse
        do {
            response = try await transport.send(request, to: origin)
        } catch {
            throw StorageError(.unavailable, message: "There was no answer: \(error).")
        }
        var bytes = 0
        while let piece = try await response.body.next() { bytes += piece.readableBytes }
        let date = response.headers.first(name: "Date").flatMap { HTTPDate.parse($0) }
        let now = storage.time.now()
        return Fetched(
            status: Int(response.status.code),
            bytes: bytes,
            clockSeconds: date.map { ($0.milliseconds - now.milliseconds) / 1000 }
        )
    }

    private static func origin(
        scheme: Substring,
        host: Substring
    ) throws(StorageError) -> HTTPOrigin {
        let isSecure = scheme == "https:"
        let colon = host.last == "]" ? nil : host.lastIndex(of: ":")
        let port = colon.map { Int(host[host.index(after: $0)...]) } ?? (isSecure ? 443 : 80)
        guard let port else {
            throw StorageError(
                .configuration,
                message: "\(MediaName.quoted(String(host))) has no port."
            )
        }
        let name = host[..<(colon ?? host.endIndex)].filter { $0 != "[" && $0 != "]" }
        return HTTPOrigin(isSecure: isSecure, host: name, port: port)
    }
}
