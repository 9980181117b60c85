import FoundationEssentials
import GalleryClient
import Glibc

/// A file of a folder that is imported.
struct LocalFile: Sendable, Hashable {
    /// Its path relative to the folder, which becomes its name.
    let name: String
    let path: String
    let size: Int64
}

/// What a folder that is imported holds.
struct LocalFiles: Sendable {
    /// How deep folders may lie in each other: no person goes so far, and a stack does not overflow.
    static let deepest = 64

    /// The files, in the order of their names.
    private(set) var files: [LocalFile] = []
    /// What is not imported: hidden files, links, what is neither file nor folder.
    private(set) var leftOut: [String] = []

    /// Looks through a folder and the folders in it.
    ///
    /// - Throws: Where a folder cannot be read.
    init(in folder: String) throws {
        try add(folder, as: "", depth: 0)
        files.sort { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private mutating func add(_ folder: String, as prefix: String, depth: Int) throws {
        for entry in try FileManager.default.contentsOfDirectory(atPath: folder) {
            let (path, name) = ("\(folder)/\(entry)", prefix + entry)
            let attributes = try FileManager.default.attributesOfItem(atPath: path)
            let type = attributes[.type] as? FileAttributeType
            if entry.hasPrefix(".") || depth >= Self.deepest {
                leftOut.append(name)
            } else if type == .typeDirectory {
                try add(path, as: name + "/", depth: depth + 1)
            } else if type == .typeRegular {
                files.append(LocalFile(name: name, path: path, size: try Self.size(of: path)))
            } else {
                leftOut.append(name)
            }
        }
    }

    /// The attributes name a size too, whose type depends on which Foundation the program links.
    private static func size(of path: String) throws -> Int64 {
        let descriptor = unsafe open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else {
            throw StorageError(.notFound, message: "\(path) cannot be read.")
        }
        defer { close(descriptor) }
        return Int64(lseek(descriptor, 0, SEEK_END))
    }
}
