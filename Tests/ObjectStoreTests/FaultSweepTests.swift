import CSQLiteFaults
import Foundation
import S3Protocol
import Testing

@testable import ObjectStore

/// A disk that fails in one way, at the Nth call.
enum Fault: String, CaseIterable, CustomTestStringConvertible {
    case bodyBroken, bodyFull, bodyQuota, bodyHalfWritten, bodyTooManyFiles
    case indexBroken, indexFull, indexQuota, indexHalfWritten, indexTooManyFiles, indexSync
    case indexBrokenForGood

    var testDescription: String { rawValue }

    /// Lets the Nth call of this kind fail from now on.
    func arm(_ number: Int, _ open: OpenScene) {
        switch self {
        case .bodyBroken: open.files.failCall(number, with: EIO)
        case .bodyFull: open.files.failCall(number, with: ENOSPC)
        case .bodyQuota: open.files.failCall(number, with: EDQUOT)
        case .bodyHalfWritten: open.files.failCall(number, with: ENOSPC, takingHalf: true)
        case .bodyTooManyFiles: open.files.failCall(number, with: EMFILE)
        case .indexBroken: armIndex(sqlite_fault_io_error)
        case .indexFull: armIndex(sqlite_fault_full)
        case .indexQuota: armIndex(sqlite_fault_quota)
        case .indexHalfWritten: armIndex(sqlite_fault_short_write)
        case .indexTooManyFiles: armIndex(sqlite_fault_too_many_files)
        case .indexSync: armIndex(sqlite_fault_sync)
        case .indexBrokenForGood: armIndex(sqlite_fault_io_error, forever: true)
        }
        func armIndex(_ fault: sqlite_fault, forever: Bool = false) {
            unsafe sqlite_faults_arm(open.folder.path(), Int32(number), fault, forever ? 1 : 0)
        }
    }

    /// Lets nothing fail any more, and answers whether anything did.
    static func heal(_ files: FaultyFileSystem) -> Bool {
        let index = sqlite_faults_disarm() > 0
        return files.heal() || index
    }

    var isFull: Bool {
        switch self {
        case .bodyFull, .bodyQuota, .bodyHalfWritten, .indexFull, .indexQuota, .indexHalfWritten:
            true
        default: false
        }
    }
}

/// One fault at a time, as there is one SQLite in the process.
@Suite(.serialized) struct FaultSweepTests {
    init() { sqlite_faults_install() }

    @Test(arguments: Change.allCases, Fault.allCases)
    func
        `whichever call fails, all is as it was or as it should become, and nothing is left behind`(
            change: Change,
            fault: Fault
        ) async throws
    {
        let scene = try await Scene.prepare()
        defer { Folders.remove(scene.folder) }
        let trial = Trial(scene: scene, become: try await scene.after(change))
        #expect(trial.become != scene.before, "\(change) changes nothing")
        for number in 1...80 {
            let result = try await trial.run(fault, number) { try await change.make(in: $0) }
            #expect(result.violations == [], "call \(number)")
            if !result.hasFailed {
                #expect(result.failure == nil, "call \(number)")
                return
            }
        }
        Issue.record("a change that never ends")
    }

    /// A sync that is skipped somewhere, or a reply that comes too early.
    enum Sabotage: String, CaseIterable, CustomTestStringConvertible {
        case skippedBodySync, skippedFolderSync, skippedIndexSync, earlyReply, overwritingInPlace
        case failureAfterCommit

        var testDescription: String { rawValue }

        var found: [Violation.Kind] {
            switch self {
            case .skippedBodySync, .skippedFolderSync: [.broken]
            case .overwritingInPlace: [.wrong, .unsound]
            case .skippedIndexSync: [.wrong]
            case .earlyReply: [.wrong, .wrong, .wrong]
            case .failureAfterCommit: []
            }
        }
    }

    @Test(arguments: Sabotage.allCases)
    func `a store that skips a sync, replies too early or writes in place is found out`(
        sabotage: Sabotage
    ) async throws {
        let scene = try await Scene.prepare()
        defer { Folders.remove(scene.folder) }
        var trial = Trial(scene: scene, become: try await scene.after(.overwriteBlob))
        var change: @Sendable (Store) async throws -> Void = Change.overwriteBlob.make
        switch sabotage {
        case .skippedBodySync: trial.skipped = .bodies
        case .skippedFolderSync: trial.skipped = .folder
        case .skippedIndexSync: trial.durability = .relaxed
        case .earlyReply: change = { _ = try $0.staged(large + large) }
        case .overwritingInPlace:
            change = { store in
                try store.overwriteBlobInPlace()
                throw IOError(errno: EIO, call: "write")
            }
        case .failureAfterCommit:
            // Allowed: whoever is told of a failure does not know.
            change = { store in
                try await Change.overwriteBlob.make(in: store)
                throw IOError(errno: EIO, call: "write")
            }
        }
        let result = try await trial.run(nil, 0, change)
        let kinds = result.violations.map(\.kind)
        #expect(sabotage.found.allSatisfy { kinds.contains($0) }, "\(result.violations)")
        #expect(kinds.isEmpty == sabotage.found.isEmpty, "\(result.violations)")
    }

    @Test func `a file that is left behind is found`() async throws {
        let scene = try await Scene.prepare()
        defer { Folders.remove(scene.folder) }
        let folder = try scene.copy()
        defer { Folders.remove(folder) }
        try Data("x".utf8).write(to: folder.appending(path: "blobs/00000001-stray"))
        let found = await scene.violations(
            in: folder,
            "kill",
            permitted: [scene.before],
            tidying: false
        )
        #expect(found.map(\.kind) == [.left, .unsound])
        let tidied = try scene.copy()
        defer { Folders.remove(tidied) }
        try Data("x".utf8).write(to: tidied.appending(path: "blobs/00000001-stray"))
        #expect(await scene.violations(in: tidied, "kill", permitted: [scene.before]) == [])
    }
}

/// One try of a change on a copy of a scene.
struct Trial {
    let scene: Scene
    let become: Picture
    var skipped: FaultyFileSystem.Skipped?
    var durability = Durability.full

    struct Result {
        var violations: [Violation]
        let failure: (any Error)?
        let hasFailed: Bool
    }

    /// Makes the change while a call fails; then looks at it as it is, after `kill -9` and after a cut of power.
    func run(
        _ fault: Fault?,
        _ number: Int,
        _ change: @Sendable (Store) async throws -> Void
    ) async throws -> Result {
        let folder = try scene.copy()
        defer { Folders.remove(folder) }
        unsafe sqlite_faults_watch(folder.path())
        let open = try scene.open(folder, skipping: skipped, durability: durability)
        await open.store.finishRecovery()

        fault?.arm(number, open)
        let failure = await errorThrown { try await change(open.store) }
        let hasFailed = Fault.heal(open.files)
        // The sweeper may be about to write: between two commits the files belong together.
        let (killed, cut) = try open.store.index.writer.use { [scene] _ in
            (try scene.copy(of: folder), try scene.cutPower(open))
        }
        defer { for folder in [killed, cut] { Folders.remove(folder) } }

        let permitted = failure == nil ? [become] : [scene.before, become]
        var violations: [Violation] = []
        do {
            let seen = try Picture(of: open.store)
            if !permitted.contains(seen) { violations.append(.init(.wrong, "alive")) }
        } catch {
            violations.append(Violation(.broken, "alive: \(error)"))
        }
        if let failure, fault?.isFull == true, (failure as? S3Error)?.code != .serviceUnavailable {
            violations.append(Violation(.unclear, "\(failure)"))
        }
        await open.store.close()
        sqlite_faults_watch(nil)
        violations += await scene.violations(in: killed, "killed", permitted: permitted)
        violations += await scene.violations(in: cut, "power cut", permitted: permitted)
        return Result(violations: violations, failure: failure, hasFailed: hasFailed)
    }
}

/// The error that `body` throws.
func errorThrown(_ body: () async throws -> Void) async -> (any Error)? {
    do {
        try await body()
        return nil
    } catch {
        return error
    }
}

extension Store {
    /// What Pail never does.
    fileprivate func overwriteBlobInPlace() throws {
        let object = try #require(try object("big", in: try bucket("photos")))
        let id = try #require(object.blobID)
        let name = try #require(try index.read { try $0.blob(id)?.fileName })
        let folder = URL(filePath: try #require(configuration.folder))
        let file = folder.appending(path: "blobs/\(name)")
        var bytes = try Data(contentsOf: file)
        bytes[0] ^= 1
        let handle = try FileHandle(forUpdating: file)
        try handle.write(contentsOf: bytes.prefix(1))
        try handle.synchronize()
        try handle.close()
    }
}
