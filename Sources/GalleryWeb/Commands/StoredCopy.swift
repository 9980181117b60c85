import Digests
import GalleryClient
import Glibc
import NIOCore

/// Tells whether a storage has a file already, byte for byte.
struct StoredCopy: Sendable {
    private static let threads = BlockingThreads("import", count: 2)
    /// Bytes that are read at once.
    private static let pieceBytes = 1 << 20

    let storage: any MediaStorage
    /// The size of the parts of uploads, on which the entity tag of such a file depends.
    let partSize: Int64

    /// Whether what is stored under a name is this file.
    func isSame(_ file: LocalFile, as name: String) async throws -> Bool {
        guard let stored = try await storage.stat(name), stored.size == file.size else {
            return false
        }
        if Hex.decode(stored.etag)?.count == HashAlgorithm.md5.byteCount {
            return try await md5s(file, partSize: nil).first == Hex.decode(stored.etag)
        }
        if let parts = Self.parts(stored.etag) {
            let md5s = try await md5s(file, partSize: partSize)
            let whole = HashFunction.hash(.md5, md5s.flatMap { $0 })
            return md5s.count == parts && stored.etag.hasPrefix(Hex.encode(whole) + "-")
        }
        return try await hash(of: name) == sha256(file)
    }

    /// How many parts made a file, by its entity tag: an MD5 and `-N`.
    private static func parts(_ etag: String) -> Int? {
        let words = etag.split(separator: "-", omittingEmptySubsequences: false)
        guard words.count == 2, words[0].utf8.count == 32 else { return nil }
        return Int(words[1])
    }

    /// The MD5 of each part of a file, or of all of it.
    private func md5s(_ file: LocalFile, partSize: Int64?) async throws -> [[UInt8]] {
        try await Self.threads.run {
            var md5s: [[UInt8]] = []
            var function = HashFunction(.md5)
            var inPart: Int64 = 0
            try Self.read(file) { piece in
                var rest = piece
                while !rest.isEmpty {
                    let room = partSize.map { $0 - inPart } ?? Int64(rest.count)
                    let part = rest.prefix(Int(min(room, Int64(rest.count))))
                    function.update(part)
                    rest = rest.dropFirst(part.count)
                    inPart += Int64(part.count)
                    if inPart == partSize {
                        md5s.append(function.finalizeAndRestart())
                        inPart = 0
                    }
                }
            }
            if inPart > 0 || md5s.isEmpty { md5s.append(function.finalizeAndRestart()) }
            return md5s
        }
    }

    private func sha256(_ file: LocalFile) async throws -> [UInt8] {
        try await Self.threads.run {
            var function = HashFunction(.sha256)
            try Self.read(file) { function.update($0) }
            return function.finalizeAndRestart()
        }
    }

    /// Storages without MD5s are asked for the bytes: they are on this machine.
    private func hash(of name: String) async throws -> [UInt8] {
        var function = HashFunction(.sha256)
        let pieces = try await storage.open(name).body.makeAsyncIterator()
        while let piece = try await pieces.next() { function.update(piece.readableBytesView) }
        return function.finalizeAndRestart()
    }

    private static func read(_ file: LocalFile, _ body: (ArraySlice<UInt8>) -> Void) throws {
        let descriptor = unsafe open(file.path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw unreadable(file) }
        defer { close(descriptor) }
        var buffer = [UInt8](repeating: 0, count: pieceBytes)
        while true {
            let count = unsafe buffer.withUnsafeMutableBytes {
                unsafe Glibc.read(descriptor, $0.baseAddress, $0.count)
            }
            if count < 0 && errno == EINTR { continue }
            guard count >= 0 else { throw unreadable(file) }
            guard count > 0 else { return }
            body(buffer.prefix(count))
        }
    }

    private static func unreadable(_ file: LocalFile) -> StorageError {
        StorageError(.notFound, message: "\(file.path) cannot be read.")
    }
}
