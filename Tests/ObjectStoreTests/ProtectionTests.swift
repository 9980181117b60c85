import Foundation
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

/// What protects something must not fail open.
@Suite struct ProtectionTests {
    @Test func `a master key that was made and not counted is counted before it is used`()
        async throws
    {
        let test = try await TestStore(.disk)
        _ = try await test.store.sealing(for: .managed)
        // As after an end between the two.
        try test.store.index.writeNow { connection in
            try connection.run("UPDATE counters SET value = 0 WHERE name = 'master_keys'")
        }
        let store = try await test.reopened()
        _ = try await store.sealing(for: .managed)
        await store.close()

        let path = try #require(test.folder).path() + "/master.key"
        try FileManager.default.removeItem(atPath: path)
        let again = try Store.open(TestStore.configuration(test.folder, time: test.time))
        await #expect(throws: MasterKeyMissing.self) { try await again.sealing(for: .managed) }
        await again.close()
    }

    @Test(arguments: [
        "x", "4:mode,10:COMPLIANCE,", "4:mode,6:FUTURE,5:until,1:9,",
        "4:mode,10:COMPLIANCE,5:until,3:abc,", "5:until,1:9,", "4:hold,5:MAYBE,",
    ])
    func `a lock that cannot be read holds`(text: String) {
        let lock = ObjectLock(encoded: Array(text.utf8))
        let now = Timestamp(seconds: 1_700_000_000)
        #expect(lock.holds(at: now, bypassingGovernance: true))
    }

    @Test func `a lock that was written is read as it was`() {
        let until = Timestamp(seconds: 1_800_000_000)
        let locks = [
            ObjectLock.none, ObjectLock(legalHold: true), ObjectLock(legalHold: false),
            ObjectLock(retention: .init(mode: .governance, until: until)),
            ObjectLock(retention: .init(mode: .compliance, until: until), legalHold: false),
        ]
        for lock in locks { #expect(ObjectLock(encoded: lock.encoded) == lock) }
    }
}
