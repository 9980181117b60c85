import Glibc
import NIOCore

extension FolderStorage {
    /// Stores a file.
    ///
    /// - Returns: What was stored, under the name that was free where the policy lets it choose.
    /// - Throws: ``StorageError``; of the kind ``StorageError/Kind/unsupported`` where there is metadata.
    public func save(
        _ content: MediaSource,
        named name: String,
        options: SaveOptions
    ) async throws -> SavedFile {
        try Self.validate(name)
        guard options.metadata.isEmpty else {
            throw StorageError(
                .unsupported,
                message: "A media folder keeps no metadata.",
                advice: "Keep it in the application's database, or use a bucket."
            )
        }
        let (place, unfinished) = try await begin(name)
        do {
            try await write(content, to: unfinished, options)
            let policy = options.policy ?? (configuration.overwrites ? .overwrite : .unique)
            return try await Self.threads.run {
                try publish(unfinished, place.base, name, policy)
            }
        } catch {
            unfinished.discard()
            throw error
        }
    }

    /// Copies a file within the folder, over whatever has the other name.
    public func copy(_ name: String, to other: String) async throws {
        let reader = try await open(name)
        let source = MediaSource.stream(length: reader.file.size, reader.body)
        _ = try await save(source, named: other, options: SaveOptions(policy: .overwrite))
    }

    private func begin(_ name: String) async throws -> (MediaFolder.Place, UnfinishedFile) {
        try await Self.threads.run { [folder, random] in
            guard let place = try folder.place(of: name, making: true) else {
                throw Self.notFound(name)
            }
            return (place, try UnfinishedFile(in: place.folder, random: random))
        }
    }

    private func write(
        _ content: MediaSource,
        to unfinished: UnfinishedFile,
        _ options: SaveOptions
    ) async throws {
        let pieces = try await MediaPieces(content)
        var written: Int64 = 0
        while let piece = try await pieces.next() {
            try Task.checkCancellation()
            try await Self.threads.run { try unfinished.file.write(piece) }
            written += Int64(piece.readableBytes)
            options.progress?(written)
        }
    }

    /// Gives a file that is written its name.
    private func publish(
        _ unfinished: UnfinishedFile,
        _ base: String,
        _ name: String,
        _ policy: SaveOptions.NamePolicy
    ) throws(StorageError) -> SavedFile {
        let status = try unfinished.finish()
        func saved(_ name: String) -> SavedFile {
            SavedFile(name: name, etag: status.etag, size: status.size)
        }
        switch policy {
        case .overwrite:
            try unfinished.replace(base)
            return saved(name)
        case .failIfExists:
            guard try unfinished.claim(base) else { throw .taken(name) }
            return saved(name)
        case .unique:
            if try unfinished.claim(base) { return saved(name) }
            for _ in 0..<MediaName.alternatives {
                let other = try MediaName.alternative(to: name, random: random)
                let otherBase =
                    MediaName.parts(other).last.flatMap { String(Substring($0)) } ?? other
                if try unfinished.claim(otherBase) { return saved(other) }
            }
            throw .noFreeName(name)
        }
    }
}

extension StorageError {
    /// The name is taken and was not to be replaced.
    static func taken(_ name: String) -> StorageError {
        StorageError(
            .alreadyExists,
            message: "There is a file \(MediaName.quoted(name)) already.",
            advice: "Save under another name, or with the policy unique or overwrite."
        )
    }

    /// Every name that was tried is taken.
    static func noFreeName(_ name: String) -> StorageError {
        StorageError(
            .alreadyExists,
            message: "\(MediaName.alternatives) names made of \(MediaName.quoted(name)) are taken.",
            advice: "Save under another name."
        )
    }
}
