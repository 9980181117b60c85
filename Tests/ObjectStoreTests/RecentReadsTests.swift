import S3Protocol
import Synchronization
import Testing

@testable import ObjectStore

@Suite struct RecentReadsTests {
    private static func object(_ key: String, sequence: Int64 = 1) -> StoredObject {
        StoredObject(
            NewObject(key: key, ownerID: 1),
            size: 0,
            etag: "",
            bucketID: 1,
            at: Timestamp(seconds: 0),
            sequence: sequence,
            blobID: nil
        )
    }

    private static func blob(_ id: Int64, byteCount: Int) -> Blob {
        Blob(
            id: id,
            size: Int64(byteCount),
            crc64: [],
            md5: nil,
            place: .inline([UInt8](repeating: 7, count: byteCount)),
            envelope: nil,
            damage: nil
        )
    }

    /// Whether a look-up is answered without reading.
    private static func keeps(_ key: String, in bucket: Int64 = 1, _ recent: RecentReads) -> Bool {
        recent.latest(key, in: bucket) { nil } != nil
    }

    @Test func `what was read is not read again, until a commit begins`() {
        let recent = RecentReads()
        #expect(recent.latest("a", in: 1) { Self.object("a") } == Self.object("a"))
        #expect(recent.latest("a", in: 1) { Self.object("a", sequence: 2) } == Self.object("a"))
        #expect(recent.blob(5) { Self.blob(5, byteCount: 3) }?.size == 3)
        #expect(recent.blob(5) { nil }?.size == 3)
        #expect(!Self.keeps("a", in: 2, recent) && !Self.keeps("b", recent))

        recent.commitBegins()
        #expect(!Self.keeps("a", recent) && recent.blob(5) { nil } == nil)
        recent.commitEnded()
        #expect(!Self.keeps("a", recent) && recent.blob(5) { nil } == nil)
    }

    @Test func `what is read while a commit is under way is not kept`() {
        let recent = RecentReads()
        recent.commitBegins()
        #expect(recent.latest("a", in: 1) { Self.object("a") } != nil)
        #expect(!Self.keeps("a", recent))
        recent.commitEnded()
        #expect(!Self.keeps("a", recent))
    }

    @Test func `what was read before a commit's end is not kept after it`() {
        let recent = RecentReads()
        recent.commitBegins()
        _ = recent.latest("a", in: 1) {
            recent.commitEnded()
            return Self.object("a")
        }
        #expect(!Self.keeps("a", recent))
    }

    @Test func `what was read before a commit is not kept after it`() {
        let recent = RecentReads()
        _ = recent.latest("a", in: 1) {
            recent.commitBegins()
            recent.commitEnded()
            return Self.object("a")
        }
        #expect(!Self.keeps("a", recent))
    }

    @Test func `what is not there is asked for every time`() {
        let recent = RecentReads()
        #expect(recent.latest("a", in: 1) { nil } == nil)
        #expect(recent.latest("a", in: 1) { Self.object("a") } != nil)
    }

    @Test func `keys are told apart by their bytes`() {
        let recent = RecentReads()
        _ = recent.latest("e\u{301}", in: 1) { Self.object("e\u{301}") }
        #expect(!Self.keeps("\u{e9}", recent))
        #expect(Self.keeps("e\u{301}", recent))
    }

    @Test func `no more objects, blobs and bytes are kept than the limits allow`() {
        let recent = RecentReads()
        for number in 0...RecentReads.countLimit {
            _ = recent.latest("\(number)", in: 1) { Self.object("\(number)") }
            _ = recent.blob(Int64(number)) { Self.blob(Int64(number), byteCount: 1) }
        }
        #expect(!Self.keeps("0", recent) && recent.blob(0) { nil } == nil)
        #expect(Self.keeps("\(RecentReads.countLimit)", recent))

        _ = recent.blob(-1) { Self.blob(-1, byteCount: RecentReads.byteLimit) }
        #expect(recent.blob(-1) { nil } != nil)
        _ = recent.blob(-2) { Self.blob(-2, byteCount: 1) }
        #expect(recent.blob(-1) { nil } == nil && recent.blob(-2) { nil } != nil)
    }

    /// How far writers and readers have come.
    private final class Progress: Sendable {
        let isDone = Mutex(false)
        let seen = Mutex(0)

        func saw(_ number: Int) { seen.withLock { $0 = max($0, number) } }
    }

    @Test(arguments: Medium.allCases)
    func `nobody is shown what was there before a write that somebody has seen`(
        medium: Medium
    ) async throws {
        let test = try await TestStore(medium)
        let (store, bucket) = (test.store, test.bucket)
        let progress = Progress()
        try await store.put("k", "0", in: bucket)
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<3 {
                group.addTask {
                    while !progress.isDone.withLock({ $0 }) {
                        let before = progress.seen.withLock { $0 }
                        let found = Int(try store.text("k", in: bucket) ?? "") ?? -1
                        #expect(found >= before)
                        progress.saw(found)
                        await Task.yield()
                    }
                }
            }
            for number in 1...300 {
                try await store.put("k", "\(number)", in: bucket)
                progress.saw(number)
                #expect(try store.text("k", in: bucket) == "\(number)")
            }
            progress.isDone.withLock { $0 = true }
            try await group.waitForAll()
        }
    }
}
