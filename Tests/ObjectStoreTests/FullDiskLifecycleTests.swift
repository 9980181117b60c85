import Foundation
import NIOCore
import S3Protocol
import SQLite
import Synchronization
import Testing

@testable import ObjectStore

/// Lifecycles on a disk that is full.
@Suite struct FullDiskLifecycleTests {
    private let time = ManualTime(Timestamp(seconds: 1_700_000_000))
    private let log = TestLog()
    private static let day: Int64 = 24 * 60 * 60

    private static func lifecycle(_ rules: String) throws -> LifecycleConfiguration {
        try LifecycleConfiguration(
            document: "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>".utf8,
            transitionMinimum: .variesByClass
        ) { "made" }
    }

    private static func rule(_ prefix: String, _ action: String) -> String {
        """
        <Rule><ID>\(prefix)</ID><Filter><Prefix>\(prefix)</Prefix></Filter><Status>Enabled</Status>\(action)</Rule>
        """
    }

    private static let everything =
        rule("gone/", "<Expiration><Days>1</Days></Expiration>")
        + rule(
            "moved/",
            "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>"
        )
        + rule(
            "old/",
            """
            <NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>
            """
        )
        + rule(
            "parts/",
            """
            <AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation>\
            </AbortIncompleteMultipartUpload>
            """
        )

    /// Opens a store whose disk is filled by setting `isFull` and giving the reserve up.
    private func withStore(
        _ body: (Store, Bucket, FaultyFileSystem) async throws -> Void
    ) async throws {
        let folder = try Folders.make()
        defer { Folders.remove(folder) }
        let files = FaultyFileSystem(try DiskFileSystem(folder.path(), syncs: true))
        var configuration = TestStore.configuration(folder, time: time)
        configuration.logger = log.logger
        let store = try Store(configuration, files: files)
        let owner = store.directory.rootAccount.id
        let bucket = try await store.createBucket("photos", owner: owner, region: "us-east-1")
        await store.finishRecovery()
        try await body(store, bucket, files)
        await store.close()
    }

    private func fill(_ store: Store, _ files: FaultyFileSystem) {
        files.isFull.store(true, ordering: .relaxed)
        store.reserve.giveUp()
    }

    private func startUpload(_ store: Store, _ bucket: Bucket) async throws {
        let new = NewUpload(object: NewObject(key: "parts/a", ownerID: bucket.ownerID))
        let upload = try await store.createUpload(new, in: bucket)
        let body = try store.staged(large)
        _ = try await store.putPart(1, of: upload, body: body, in: bucket)
    }

    @Test func `what makes room is done on a full disk, and the rest when there is room again`()
        async throws
    {
        try await withStore { store, bucket, files in
            for key in ["gone/small", "moved/a", "kept/small"] {
                try await store.put(key, "small", in: bucket)
            }
            for key in ["gone/large", "kept/large"] { try await store.put(key, large, in: bucket) }
            try await startUpload(store, bucket)
            try await store.setLifecycle(try Self.lifecycle(Self.everything), of: bucket)
            time.advance(bySeconds: 3 * Self.day)
            fill(store, files)

            let report = await store.runLifecycles()

            #expect(
                (report.expired, report.transitioned, report.removed, report.aborted)
                    == (2, 0, 0, 1)
            )
            let left = try store.list(ListQuery(), in: bucket).entries.count
            #expect(left == 3)
            #expect(try store.object("moved/a", in: bucket)?.storageClass == "STANDARD")
            #expect(try store.text("kept/small", in: bucket) == "small")
            #expect(try store.text("kept/large", in: bucket) == large)
            try await store.sweeper.sweep()
            #expect(try files.names(in: .blobs).count == 1, "only kept/large has a file")
            #expect(try await store.check().findings == [])
            #expect(await store.runLifecycles() == LifecycleReport())

            files.isFull.store(false, ordering: .relaxed)
            #expect(await store.runLifecycles().transitioned == 1)
            #expect(try store.object("moved/a", in: bucket)?.storageClass == "GLACIER")
            #expect(log.errors.allSatisfy { $0.hasPrefix("The disk is full: ") })
        }
    }

    @Test func `versions go on a full disk; a marker that would hide one waits for room`()
        async throws
    {
        try await withStore { store, plain, files in
            try await store.setVersioning(.enabled, of: plain)
            let bucket = try store.bucket("photos")
            for body in [large, "newer"] { try await store.put("old/a", body, in: bucket) }
            try await store.put("gone/a", large, in: bucket)
            try await store.setLifecycle(try Self.lifecycle(Self.everything), of: bucket)
            time.advance(bySeconds: 3 * Self.day)
            fill(store, files)

            let report = await store.runLifecycles()

            #expect((report.expired, report.removed) == (0, 1))
            #expect(try store.text("old/a", in: bucket) == "newer")
            #expect(try store.text("gone/a", in: bucket) == large)
            #expect(try store.listVersions(VersionQuery(), in: bucket).entries.count == 2)

            files.isFull.store(false, ordering: .relaxed)
            #expect(await store.runLifecycles().expired == 1)
            #expect(try store.object("gone/a", in: bucket) == nil)
            #expect(try store.listVersions(VersionQuery(), in: bucket).entries.count == 3)
            #expect(log.errors.allSatisfy { $0.hasPrefix("The disk is full: ") })
        }
    }
}
