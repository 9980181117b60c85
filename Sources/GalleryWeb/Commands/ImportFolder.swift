public import GalleryClient

/// Uploads a folder of media into a storage, as the seed's console step does by drag and drop.
///
/// It can be begun again at any time: what is stored already, byte for byte, is left as it is. What is stored under
/// the same name with other bytes is replaced. The database is not touched.
public struct ImportFolder: Sendable {
    /// Files that are uploaded at the same time: enough to fill a line while one waits for a reply.
    public static let parallelFiles = 4

    private let folder: String
    private let prefix: String
    private let storage: any MediaStorage
    private let output: CommandOutput
    private let copies: StoredCopy

    /// Prepares an import.
    ///
    /// - Parameters:
    ///   - folder: The folder on this machine; names are relative to it.
    ///   - storage: Where to.
    ///   - under: A folder of the storage to put everything into; empty for its top.
    ///   - partSize: The size in bytes of the parts that the storage uploads large files in.
    ///   - output: Where progress and outcome are told.
    public init(
        _ folder: String,
        into storage: any MediaStorage,
        under: String = "",
        partSize: Int64 = BucketConfiguration.defaultPartSize,
        output: CommandOutput = .standard
    ) {
        self.folder = folder
        self.storage = storage
        self.output = output
        prefix = under.isEmpty || under.hasSuffix("/") ? under : under + "/"
        copies = StoredCopy(storage: storage, partSize: partSize)
    }

    /// Uploads what is not there yet, and tells the outcome.
    ///
    /// - Returns: What was done. A file that failed does not end the import.
    /// - Throws: Where the folder cannot be read; `CancellationError`.
    public func run() async throws -> ImportReport {
        let found = try LocalFiles(in: folder)
        let progress = ImportProgress(found.files, output)
        try await withThrowingTaskGroup(of: Void.self) { tasks in
            var rest = found.files[...]
            for _ in 0..<Self.parallelFiles {
                guard let file = rest.popFirst() else { break }
                tasks.addTask { try await add(file, progress) }
            }
            while try await tasks.next() != nil {
                guard let file = rest.popFirst() else { continue }
                tasks.addTask { try await add(file, progress) }
            }
        }
        let report = progress.report(leftOut: found.leftOut)
        output.status("")
        for line in report.lines { output.line(line) }
        return report
    }

    private func add(_ file: LocalFile, _ progress: ImportProgress) async throws {
        let name = prefix + file.name
        do {
            if try await copies.isSame(file, as: name) {
                progress.end(file, .alreadyThere)
                return
            }
            let options = SaveOptions(
                policy: .overwrite,
                progress: { progress.move(file, to: $0) }
            )
            _ = try await storage.save(.file(path: file.path), named: name, options: options)
            progress.end(file, .uploaded)
        } catch let error as CancellationError {
            throw error
        } catch {
            progress.end(file, .failed("\(error)"))
        }
    }
}
