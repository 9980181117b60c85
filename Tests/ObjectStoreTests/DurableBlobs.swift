import Foundation
import Synchronization

/// What a disk has of the blobs for sure when the power goes: bytes that were synced, under names whose folder was.
final class DurableBlobs: Sendable {
    private struct State {
        var bytes: [String: Data] = [:]
        var published: Set<String> = []
        var durable: Set<String> = []
    }

    private let state = Mutex(State())

    /// Takes everything that is in a folder for synced.
    init(_ blobs: URL) {
        let manager = FileManager.default
        let names = (try? manager.contentsOfDirectory(atPath: blobs.path())) ?? []
        state.withLock { state in
            for name in names {
                state.bytes[name] = manager.contents(atPath: blobs.appending(path: name).path())
            }
            state.durable = Set(names)
        }
    }

    /// A file was synced.
    func sync(_ descriptor: CInt) {
        let link = "/proc/self/fd/\(descriptor)"
        guard let path = try? FileManager.default.destinationOfSymbolicLink(atPath: link),
            let bytes = FileManager.default.contents(atPath: path)
        else { return }
        state.withLock { $0.bytes[(path as NSString).lastPathComponent] = bytes }
    }

    /// A file has its name among the blobs, as long as the power stays.
    func publish(_ name: String) { state.withLock { _ = $0.published.insert(name) } }

    /// A file was removed; nothing says that the disk does not know it at once.
    func remove(_ name: String) {
        state.withLock { state in
            state.durable.remove(name)
            state.published.remove(name)
        }
    }

    /// The folder was synced.
    func syncFolder() { state.withLock { $0.durable.formUnion($0.published) } }

    /// Writes what there is after a cut; a file whose bytes were never synced is empty then.
    func write(to blobs: URL) throws {
        let state = state.withLock { $0 }
        try FileManager.default.createDirectory(at: blobs, withIntermediateDirectories: true)
        for name in state.durable {
            try (state.bytes[name] ?? Data()).write(to: blobs.appending(path: name))
        }
    }
}
