import NIOCore
import NIOHTTP1
import ObjectStore
import S3Protocol

/// Deletes up to 1,000 objects or versions of them, and tells of each what became of it.
///
/// [DeleteObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html)
struct DeleteObjects: Operation {
    static let route = Route(.POST, .bucket, query: ["delete"])
    /// Checked for each key once the document is read.
    static let action: Action = "s3:DeleteObject"
    static let authorizesItself = true

    let bucket: String
    let bypass: GovernanceBypass

    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        bypass = GovernanceBypass(request)
        try ChecksumHeaders.requireDigest(request)
    }

    func run(in context: Context) async throws -> S3Response {
        let bucket = try context.bucket(bucket)
        try bypass.requireLocks(in: bucket, context)
        let document = try await context.payload.document()
        guard document.readableBytes > 0 else { throw S3Error(.missingRequestBody) }
        let delete = try XMLElement.parse(document.readableBytesView, root: "Delete")
        let objects = try delete.all("Object").map(Target.init)
        guard (1...Limits.deletedKeys).contains(objects.count) else {
            throw S3Error(.malformedXML)
        }
        let isQuiet = delete["Quiet"]?.trimmed.lowercased() == "true"
        let outcomes = try await self.delete(objects, in: bucket, context)
        let result = XMLWriter.document("DeleteResult") { xml in
            for (object, outcome) in zip(objects, outcomes) {
                switch outcome {
                case .failure(let error): xml.failed(object, error)
                case .success(let deleted):
                    if !isQuiet { xml.deleted(object, deleted) }
                }
            }
        }
        return S3Response(xml: result)
    }

    /// Deletes what may be deleted, in one transaction.
    private func delete(
        _ targets: [Target],
        in bucket: Bucket,
        _ context: Context
    ) async throws -> [Result<Deleted, S3Error>] {
        let deletions = try targets.map { target in
            try target.outcome(in: bucket, bypass, context)
        }
        var done = try await context.store.delete(
            deletions.compactMap { try? $0.get() },
            in: bucket,
            telling: try context.announcementOfDeletion(in: bucket)
        ).makeIterator()
        let outcomes = deletions.map { deletion in
            deletion.flatMap { _ in done.next() ?? .failure(S3Error(.internalError)) }
        }
        for (target, outcome) in zip(targets, outcomes) {
            context.deletions?.add(target.logged(outcome))
        }
        return outcomes
    }

    /// One object of the document.
    struct Target: Sendable {
        let key: String
        let version: String?
        let conditions: DeleteConditions
        /// What is wrong with this target alone.
        let error: S3Error?

        init(_ element: XMLElement) throws(S3Error) {
            guard let key = element["Key"]?.text, !key.isEmpty else { throw S3Error(.malformedXML) }
            self.key = key
            version = element["VersionId"]?.trimmed
            conditions = DeleteConditions(etag: element["ETag"]?.trimmed)
            let isTooLong = key.utf8.count > Limits.keyBytes
            error =
                isTooLong
                ? S3Error(.keyTooLong)
                : Self.unimplemented(in: element).map { name in
                    S3Error(.notImplemented, details: [.init("Element", name)])
                }
        }

        /// What the access log says of it.
        func logged(_ outcome: Result<Deleted, S3Error>) -> DeletionJournal.Entry {
            let error: S3Error? = if case .failure(let error) = outcome { error } else { nil }
            return DeletionJournal.Entry(
                key: key,
                versionID: version,
                errorCode: error?.code.name,
                status: error?.code.status ?? 204
            )
        }

        /// What AWS does not do in a general purpose bucket: a condition on the time or the size, or on a version
        /// that is named.
        private static func unimplemented(in element: XMLElement) -> String? {
            let names =
                ["LastModifiedTime", "Size"] + (element["VersionId"] == nil ? [] : ["ETag"])
            return names.first { element[$0] != nil }
        }

        /// What the store is to do, or what the client is told in its place.
        ///
        /// - Throws: What is not about this target alone.
        func outcome(
            in bucket: Bucket,
            _ bypass: GovernanceBypass,
            _ context: Context
        ) throws -> Result<Deletion, S3Error> {
            do {
                return .success(try deletion(in: bucket, bypass, context))
            } catch let error as S3Error {
                // S3 explains a refusal to whoever deletes one object, and not in this list.
                return .failure(error.code == .accessDenied ? Self.denied(error) : error)
            }
        }

        private static func denied(_ error: S3Error) -> S3Error {
            error.message.hasPrefix("User: ") ? S3Error(.accessDenied, logged: error.logged) : error
        }

        /// What the store is to do, where the caller may have it done.
        private func deletion(
            in bucket: Bucket,
            _ bypass: GovernanceBypass,
            _ context: Context
        ) throws -> Deletion {
            let action = version == nil ? DeleteObjects.action : DeleteObject.versionAction
            let named = try? VersionParameter.read(version)
            try context.authorization.require(
                action,
                on: .object(bucket, key: key, named ?? .latest)
            )
            if let error { throw error }
            try conditions.requireRight(toSee: key, in: bucket, context)
            let version = try VersionParameter.read(version)
            let now = context.now
            let mayBypass = try bypass.applies(to: key, in: bucket, context)
            return Deletion(key, version: version, by: try context.writer(in: bucket)) {
                try conditions.check($0)
                if version != .latest {
                    try $0?.requireUnlocked(at: now, bypassingGovernance: mayBypass)
                }
            }
        }
    }
}

extension XMLWriter {
    fileprivate mutating func deleted(_ object: DeleteObjects.Target, _ deleted: Deleted) {
        element("Deleted") { xml in
            xml.element("Key", object.key)
            xml.element("VersionId", ifPresent: object.version)
            let isOfMarker = object.version != nil && deleted.removed?.isDeleteMarker == true
            guard let marker = deleted.marker ?? (isOfMarker ? deleted.removed : nil) else {
                return
            }
            xml.element("DeleteMarker", true)
            xml.element("DeleteMarkerVersionId", VersionParameter.show(marker.versionID))
        }
    }

    fileprivate mutating func failed(_ object: DeleteObjects.Target, _ error: S3Error) {
        element("Error") { xml in
            xml.element("Key", object.key)
            xml.element("VersionId", ifPresent: object.version)
            xml.element("Code", error.code.name)
            xml.element("Message", error.message)
        }
    }
}
