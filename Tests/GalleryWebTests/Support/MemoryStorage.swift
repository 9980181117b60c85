import FoundationEssentials
import GalleryClient
import NIOCore
import Synchronization

/// A storage that keeps files in memory, and fails when a test wants it to.
final class MemoryStorage: MediaStorage {
    /// What a test may let fail.
    enum Operation: Hashable, Sendable { case save, delete, url }

    private let files = Mutex<[String: [UInt8]]>([:])
    private let failing = Mutex<[Operation: StorageError]>([:])
    private let base: String

    init(base: String = "/media/") { self.base = base }

    var names: [String] { files.withLock { $0.keys.sorted() } }

    func content(of name: String) -> [UInt8]? { files.withLock { $0[name] } }

    func put(_ name: String, _ bytes: [UInt8]) { files.withLock { $0[name] = bytes } }

    func fail(_ operation: Operation, with error: StorageError?) {
        failing.withLock { $0[operation] = error }
    }

    private func attempt(_ operation: Operation) throws {
        if let error = failing.withLock({ $0[operation] }) { throw error }
    }

    func save(
        _ content: MediaSource,
        named name: String,
        options: SaveOptions
    ) async throws -> SavedFile {
        try attempt(.save)
        let bytes = try Self.bytes(of: content)
        let free = files.withLock { files in
            var free = name
            if options.policy == .unique {
                var number = 0
                while files[free] != nil {
                    number += 1
                    free = Self.alternative(name, number)
                }
            }
            files[free] = bytes
            return free
        }
        return SavedFile(name: free, etag: "e\(bytes.count)", size: Int64(bytes.count))
    }

    private static func alternative(_ name: String, _ number: Int) -> String {
        let dot = name.lastIndex(of: ".") ?? name.endIndex
        return "\(name[..<dot])_\(number)\(name[dot...])"
    }

    private static func bytes(of source: MediaSource) throws -> [UInt8] {
        switch source {
        case .bytes(let buffer): return Array(buffer.readableBytesView)
        case .file(let path): return Array(try Data(contentsOf: URL(filePath: path)))
        case .stream: throw StorageError(.unsupported, message: "no streams here")
        }
    }

    func open(_ name: String, range: Range<Int64>?) async throws -> MediaReader {
        guard let file = try await stat(name), let bytes = content(of: name) else {
            throw StorageError(.notFound, message: "no \(name)")
        }
        let range = range ?? 0..<file.size
        let rest = Mutex<ByteBuffer?>(
            ByteBuffer(bytes: bytes[Int(range.lowerBound)..<Int(range.upperBound)])
        )
        let body = MediaBody { rest.withLock { $0.take() } }
        return MediaReader(file: file, range: range, body: body)
    }

    func stat(_ name: String) async throws -> MediaFile? {
        guard let bytes = content(of: name) else { return nil }
        return MediaFile(
            name: name,
            size: Int64(bytes.count),
            modified: Date(timeIntervalSince1970: 784_111_777),
            contentType: name.hasSuffix(".html") ? "text/html" : "image/jpeg",
            etag: "e\(bytes.count)"
        )
    }

    func delete(_ name: String) async throws {
        try attempt(.delete)
        files.withLock { $0[name] = nil }
    }

    func copy(_ name: String, to other: String) async throws {
        files.withLock { $0[other] = $0[name] }
    }

    func list(_ folder: String, after cursor: String?) async throws -> MediaListing {
        MediaListing(folders: [], files: [], next: nil)
    }

    func url(for name: String, options: URLOptions) throws -> String {
        try attempt(.url)
        return base + name
    }

    func directUpload(
        named name: String,
        options: DirectUploadOptions
    ) async throws -> DirectUpload {
        throw StorageError(.unsupported, message: "no direct uploads here")
    }
}
