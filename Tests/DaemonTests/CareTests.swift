import Foundation
import Logging
import NIOCore
import ObjectStore
import S3Protocol
import Synchronization
import Testing

@testable import Daemon

@Suite struct CareTests {
    private static let body = String(repeating: "body ", count: 5000)

    /// A folder with one large object, that a daemon has open, or nobody has.
    private func care(
        running: Bool,
        _ body: (Administration, TemporaryFolder) async throws -> Void
    ) async throws {
        let folder = try TemporaryFolder()
        var configuration = DaemonConfiguration()
        configuration.port = 0
        configuration.eventLoops = 1
        configuration.storage = .folder("\(folder.path)/data")
        configuration.buckets = ["photos"]
        let daemon = try await Daemon.start(
            configuration,
            log: KeptLines().output()
        )
        let bucket = try daemon.store.bucket("photos")
        let staged = daemon.store.stage(sizeHint: nil)
        try staged.append(ByteBuffer(string: Self.body))
        let new = NewObject(key: "a\u{1B}[2Jb", ownerID: bucket.ownerID)
        _ = try await daemon.store.put(new, body: try staged.finish(), in: bucket)
        if !running { await daemon.shutDown() }
        try await body(Administration(folder: "\(folder.path)/data"), folder)
        if running { await daemon.shutDown() }
    }

    @Test(arguments: [true, false])
    func `a folder is checked and mended with the daemon running and stopped`(
        running: Bool
    ) async throws {
        try await care(running: running) { (administration, folder) async throws in
            let report = try await administration.check { _ in }
            #expect(report.findings == [] && report.blobs == 1)
            #expect(CheckText(report).isWell)
            #expect(CheckText(report).text == "1 blobs, 24.4 KiB compared.\nAll is well.")

            let blobs = "\(folder.path)/data/blobs"
            let name = try #require(
                try FileManager.default.contentsOfDirectory(atPath: blobs).first
            )
            var bytes = try Data(contentsOf: URL(filePath: "\(blobs)/\(name)"))
            bytes[9] ^= 1
            try bytes.write(to: URL(filePath: "\(blobs)/\(name)"))

            let bad = try await administration.check { _ in }
            #expect(bad.findings.map(\.kind) == [.damaged] && bad.findingCount == 1)
            let text = CheckText(bad)
            #expect(!text.isWell && text.text.hasSuffix("1 findings."))
            #expect(!text.text.contains("\u{1B}"), "a key is no order to a terminal")
            #expect(text.json.contains(#""findingCount":1"#))
            let repaired = try await administration.check(repairing: true) { _ in }
            #expect(repaired.findings.first?.remedy?.hasPrefix("moved") == true)
            #expect(try FileManager.default.contentsOfDirectory(atPath: blobs).isEmpty)
        }
    }

    @Test(arguments: [true, false])
    func `a folder is copied with the daemon running and stopped`(running: Bool) async throws {
        try await care(running: running) { (administration, folder) async throws in
            let target = "\(folder.path)/copy"
            let report = try await administration.backUp(to: target, copying: false) { _ in }
            #expect(report.blobs == 1 && report.isWhole)
            #expect(report.text(folder: target).contains("pail serve --data \(target)"))
            for name in ["index.db", "root-credentials", "backup-complete"] {
                #expect(FileManager.default.fileExists(atPath: "\(target)/\(name)"))
            }
            let copy = try await Administration(folder: target).check { _ in }
            #expect(copy.findings == [] && copy.blobs == 1)
            await #expect(throws: Refusal.self) {
                try await administration.backUp(to: target, copying: false) { _ in }
            }
        }
    }

    @Test func `an index is made anew only where no daemon runs`() async throws {
        try await care(running: true) { (administration, _) async throws in
            await #expect(throws: Refusal.self) {
                try await administration.rebuildIndex(DaemonConfiguration()) { _ in }
            }
        }
        try await care(running: false) { (administration, folder) async throws in
            for suffix in ["", "-wal", "-shm"] {
                try? FileManager.default.removeItem(
                    atPath: "\(folder.path)/data/index.db\(suffix)"
                )
            }
            await #expect(throws: Refusal.self) { try await administration.check { _ in } }
            let rebuilt = try await administration.rebuildIndex(DaemonConfiguration()) { _ in }
            #expect(rebuilt.rebuiltVersions == 1)
            let report = try await administration.check { _ in }
            #expect(report.findings == [] && report.blobs == 1)
            let text = CheckText(report, rebuilt: rebuilt)
            #expect(!text.isWell, "what only the index knew is lost")
            #expect(text.text.contains("roles, their policies and access keys"))
        }
    }

    @Test func `the daemon tells what scrubbing has found`() async throws {
        try await care(running: true) { (administration, _) async throws in
            let status = try #require(try await administration.status())
            #expect(status.scrub == ScrubCounts())
            #expect(status.readOnlyReason == nil)
            #expect(status.text.contains("Writable  yes"))
        }
    }

    @Test func `scrubbing begins after a while, and counts`() async throws {
        let store = try Store.open(
            StoreConfiguration(
                folder: nil,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
            )
        )
        let bucket = try await store.createBucket("b", owner: 1, region: "r")
        let staged = store.stage(sizeHint: nil)
        try staged.append(ByteBuffer(string: Self.body))
        let new = NewObject(key: "k", ownerID: 1)
        _ = try await store.put(new, body: try staged.finish(), in: bucket)
        let counter = ScrubCounter()
        let task = ScrubTask(
            store,
            rate: .bytesPerSecond(1 << 30),
            counter: counter,
            delay: .zero,
            pause: .seconds(3600),
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        )
        while counter.counts.passes == 0 { await Task.yield() }
        await task.stop()
        #expect(counter.counts.verified == 1)
        #expect(counter.counts.bytes == Int64(Self.body.utf8.count))
        #expect(counter.counts.bad == 0)
        await store.close()
    }

    @Test(arguments: [
        (nil, ScrubRate.standard), ("off", .off), ("OFF", .off), ("4096", .bytesPerSecond(4096)),
    ])
    func `how fast to scrub can be set`(text: String?, rate: ScrubRate) throws {
        let settings = Settings(flags: text.map { [.scrubBytesPerSecond: [$0]] } ?? [:])
        #expect(try DaemonConfiguration(settings).scrubRate == rate)
    }

    @Test(arguments: ["0", "-1", "fast", "4095", "1e9"])
    func `a speed that is none is refused`(text: String) {
        let settings = Settings(flags: [.scrubBytesPerSecond: [text]])
        #expect(throws: Refusal.self) { try DaemonConfiguration(settings) }
    }

    @Test func `a bar is drawn on a terminal, and nothing elsewhere`() {
        let lines = Mutex<[String]>([])
        let bar = ProgressBar(isShown: true) { text in lines.withLock { $0.append(text) } }
        bar.show(WorkProgress("blobs", done: 5, total: 10))
        bar.show(WorkProgress("blobs", done: 6, total: 10))
        bar.clear()
        let bars = String(repeating: "#", count: 15) + String(repeating: ".", count: 15)
        #expect(lines.withLock { $0 } == ["\r[\(bars)] 50 % blobs\u{1B}[K", "\r\u{1B}[K"])
        let silent = ProgressBar(isShown: false) { _ in Issue.record("there is no terminal") }
        silent.show(WorkProgress("blobs"))
        silent.clear()
    }

    @Test func `work whose listener has gone is cancelled`() async throws {
        struct Gone: Error {}
        await #expect(throws: Gone.self) {
            try await LongWork.follow { _ in
                throw Gone()
            } _: { tell in
                tell(WorkProgress("waiting"))
                while !Task.isCancelled { await Task.yield() }
            }
        }
    }

    @Test func `what is told of a check reads back`() {
        let finding = Finding(
            .missing,
            blob: "b",
            detail: "it is \"not\" there\n",
            objects: ["photos/é"],
            remedy: "r"
        )
        #expect(Finding(finding.json) == finding)
        let progress = WorkProgress("blobs", done: 1, total: nil)
        #expect(WorkProgress(progress.json) == progress)
        let backup = BackupReport(blobs: 1, linked: 2, bytes: 3, missing: ["m"])
        for reply in [
            AdminReply.finding(finding), .progress(progress), .backup(backup),
            .check(CheckReport(blobs: 1, bytes: 2, locked: 3, findings: [], findingCount: 4)),
        ] {
            #expect(AdminReply(line: reply.line) == reply)
        }
    }
}
