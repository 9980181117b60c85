package import Digests
import NIOCore
import NIOHTTP1
package import S3Client
package import S3Protocol

/// Media in a bucket: on AWS, on Pail, or on another S3.
///
/// What django-storages' `S3Storage` does, with these differences: names that are taken are never overwritten in a race;
/// uploads and downloads carry checksums, which are verified; URLs are always signed by version 4.
///
/// Metadata must be ASCII: S3 takes no other, and boto3 refuses it likewise rather than let it come back changed.
public struct GalleryStorage: MediaStorage {
    /// The bucket and how it is reached.
    public let configuration: BucketConfiguration
    /// Speaks to the bucket.
    let client: S3Client
    /// Signs URLs, for the host by which browsers reach the bucket.
    let signer: S3Client
    let random: any RandomSource
    /// What a check of the settings asks; not needed to keep media.
    let credentials: (any CredentialProvider)?
    let transport: (any HTTPTransport)?
    let time: any TimeSource

    /// Uses a bucket by clients that are already made; ``GalleryConfiguration/storage(logger:)`` makes them from settings.
    ///
    /// - Parameters:
    ///   - configuration: The bucket; its endpoint and credentials are the clients' business.
    ///   - client: Speaks to the bucket.
    ///   - signer: Signs URLs for another endpoint; `nil` for the same.
    ///   - random: Where other names come from.
    ///   - credentials: Where the clients' credentials come from, for whoever checks the settings.
    ///   - transport: What carries the clients' requests, likewise.
    ///   - time: The clients' clock, likewise.
    package init(
        _ configuration: BucketConfiguration,
        client: S3Client,
        signer: S3Client? = nil,
        random: any RandomSource = SystemRandom(),
        credentials: (any CredentialProvider)? = nil,
        transport: (any HTTPTransport)? = nil,
        time: any TimeSource = SystemTime()
    ) {
        self.configuration = configuration
        self.client = client
        self.credentials = credentials
        self.transport = transport
        self.time = time
        self.signer = signer ?? client
        self.random = random
    }

    /// What stands before every name in the bucket: empty, or ending with a slash.
    var prefix: String { configuration.location.isEmpty ? "" : configuration.location + "/" }

    var bucket: String { configuration.bucket }

    /// The key of a name.
    func key(_ name: String) throws(StorageError) -> String {
        try MediaName.validate(name, prefix: prefix)
        return prefix + name
    }

    /// What is known of a file, or `nil` where there is none.
    ///
    /// A bucket that is not there looks the same: S3 answers a HEAD without words.
    public func stat(_ name: String) async throws -> MediaFile? {
        let key = try key(name)
        do {
            let head = try await client.headObject(bucket: bucket, key: key)
            return MediaFile(name, head)
        } catch let error as S3ClientError {
            if error.isNotFound { return nil }
            throw StorageError(error)
        }
    }

    /// Removes a file; one that is not there is no error.
    public func delete(_ name: String) async throws {
        let key = try key(name)
        try await StorageError.translating {
            try await client.deleteObject(bucket: bucket, key: key)
        }
    }

    /// Copies a file within the bucket, with what is known of it, over whatever has the other name.
    ///
    /// - Throws: ``StorageError``; S3 copies at most 5 GiB at once.
    public func copy(_ name: String, to other: String) async throws {
        let (source, target) = (try key(name), try key(other))
        guard source != target else {
            // S3 refuses a copy onto itself, which is done already.
            guard try await stat(name) != nil else { throw FolderStorage.notFound(name) }
            return
        }
        var headers: HTTPHeaders = [:]
        if let acl = configuration.defaultACL { headers.add(name: "x-amz-acl", value: acl) }
        try await StorageError.translating {
            _ = try await client.copyObject(
                bucket: bucket,
                key: target,
                from: bucket,
                source,
                headers: headers
            )
        }
    }

    /// Removes all files in a folder and the folders in it.
    ///
    /// - Parameter folder: The folder's name; the whole bucket has none, and is not removed so.
    /// - Returns: How many there were.
    /// - Throws: ``StorageError``; what was removed before stays removed.
    @discardableResult
    public func deletePrefixed(_ folder: String) async throws -> Int {
        let prefix = try prefix + MediaName.folderPrefix(folder)
        guard !folder.isEmpty else {
            throw StorageError(
                .invalidName,
                message: "The folder to remove has no name.",
                advice: "To remove everything, remove the folders one by one."
            )
        }
        var removed = 0
        while true {
            let keys = try await StorageError.translating {
                // What was listed is gone by the next turn, so that the next page is again the first.
                try await client.listObjects(bucket: bucket, prefix: prefix).objects.map(\.key)
            }
            if keys.isEmpty { return removed }
            let failures = try await StorageError.translating {
                try await client.deleteObjects(bucket: bucket, keys: keys)
            }
            if let failure = failures.first {
                throw StorageError(
                    failure.code == "AccessDenied" ? .accessDenied : .refused,
                    code: failure.code,
                    message: "\(MediaName.quoted(failure.key)) was not removed. \(failure.message)"
                )
            }
            removed += keys.count
        }
    }
}

extension MediaFile {
    init(_ name: String, _ head: ObjectHead) {
        self.init(
            name: name,
            size: head.size,
            modified: .init(head.modified),
            contentType: head.contentType,
            etag: head.etag,
            metadata: head.metadata
        )
    }
}
