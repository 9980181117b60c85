import CSQLiteFaults
import Foundation
import S3Protocol
import Testing

@testable import ObjectStore

/// A disk that fails in one way, at the Nth call.
enum Fault: String, CaseIterable, CustomTestStringConvertible {
    case bodyBroken, bodyFull, bodyHalfWritten, bodyTooManyFiles
    case indexBroken, indexFull, indexHalfWritten, indexTooManyFiles, indexSync, indexBrokenForGood

    var testDescription: String { rawValue }

    /// Lets the Nth call of this kind fail from now on.
    func arm(_ number: Int, _ files: FaultyFileSystem, _ folder: URL) {
        switch self {
        case .bodyBroken: files.failCall(number, with: EIO)
        case .bodyFull: files.failCall(number, with: ENOSPC)
        case .bodyHalfWritten: files.failCall(number, with: ENOSPC, takingHalf: true)
        case .bodyTooManyFiles: files.failCall(number, with: EMFILE)
        case .indexBroken: armIndex(sqlite_fault_io_error)
        case .indexFull: armIndex(sqlite_fault_full)
        case .indexHalfWritten: armIndex(sqlite_fault_short_write)
        case .indexTooManyFiles: armIndex(sqlite_fault_too_many_files)
        case .indexSync: armIndex(sqlite_fault_sync)
        case .indexBrokenForGood: armIndex(sqlite_fault_io_error, forever: true)
        }
        func armIndex(_ fault: sqlite_fault, forever: Bool = false) {
            unsafe sqlite_faults_arm(folder.path(), Int32(number), fault, forever ? 1 : 0)
        }
    }

    /// Lets nothing fail any more, and answers whether anything did.
    static func heal(_ files: FaultyFileSystem) -> Bool {
        let index = sqlite_faults_disarm() > 0
        return files.heal() || index
    }

    var isFull: Bool {
        [.bodyFull, .bodyHalfWritten, .indexFull, .indexHalfWritten].contains(self)
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
        let become = try await scene.after(change)
        #expect(become.isNew, "\(change) changes nothing")
        for number in 1...80 {
            let folder = try scene.copy()
            defer { Folders.remove(folder) }
            let (store, files) = try scene.open(folder)
            await store.finishRecovery()

            fault.arm(number, files, folder)
            let failure = await errorThrown { try await change.make(in: store) }
            let hasFailed = Fault.heal(files)

            let seen = try Picture(of: store)
            #expect(
                seen == scene.before || seen == become.picture,
                "\(number): neither old nor new"
            )
            if failure == nil {
                #expect(seen == become.picture, "\(number): acknowledged, and lost")
            }
            if let failure, fault.isFull {
                #expect(isUnavailable(failure), "\(number): \(failure)")
            }
            try await scene.requireRecovery(
                of: folder,
                to: failure == nil ? [become.picture] : [scene.before, become.picture]
            )
            await store.close()
            if !hasFailed {
                #expect(failure == nil, "\(number): \(String(describing: failure))")
                return
            }
        }
        Issue.record("a change that never ends")
    }

    @Test func `a store that acknowledged too early would be found out`() async throws {
        let scene = try await Scene.prepare()
        defer { Folders.remove(scene.folder) }
        let (store, _) = try scene.open(try scene.copy())
        let folder = try #require(store.configuration.folder)
        defer { Folders.remove(URL(filePath: folder)) }
        let become = try await scene.after(.putBlob)
        // As if the reply had been sent before the index was written.
        #expect(try Picture(of: store) != become.picture)
        // As if the blob had been left behind.
        try StagedFile(store.names.next(), in: store.files).publishAndKeep()
        await #expect(throws: LeftBehind.self) {
            try await scene.requireRecovery(
                of: URL(filePath: folder),
                to: [scene.before],
                tidying: false
            )
        }
        await store.close()
    }

    private func isUnavailable(_ error: any Error) -> Bool {
        (error as? S3Error)?.code == .serviceUnavailable
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

extension StagedFile {
    fileprivate func publishAndKeep() throws {
        try publish()
        keep()
    }
}
