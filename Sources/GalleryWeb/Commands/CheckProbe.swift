import GalleryClient
import NIOCore

/// Writes, reads and removes a small file, as the gallery will.
struct CheckProbe {
    /// The probe's name; another is made where it is taken.
    static let name = "gallery-check.txt"
    static let content = "Written by gallery check; may be deleted.\n"

    private let storage: any MediaStorage
    private let findings: CheckFindings

    init(_ storage: any MediaStorage, _ findings: CheckFindings) {
        self.storage = storage
        self.findings = findings
    }

    /// Tries, and calls a closure while the file is there.
    func run(whileStored body: (String) async -> Void = { _ in }) async {
        let saved: SavedFile
        do {
            saved = try await storage.save(
                .bytes(ByteBuffer(string: Self.content)),
                named: Self.name,
                options: SaveOptions(policy: .unique)
            )
            findings.works("Write", saved.name)
        } catch {
            findings.failed("Write", error)
            return
        }
        await read(saved.name)
        await body(saved.name)
        do {
            try await storage.delete(saved.name)
            findings.works("Delete")
        } catch {
            findings.failed("Delete", error)
        }
    }

    private func read(_ name: String) async {
        do {
            let body = try await storage.open(name).body
            let text = String(buffer: try await body.collect(upTo: Self.content.utf8.count))
            guard text == Self.content else {
                throw StorageError(.corrupted, message: "What was read is not what was written.")
            }
            findings.works("Read")
        } catch {
            findings.failed("Read", error)
        }
    }
}
