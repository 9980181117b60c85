import Glibc
import S3Protocol

/// What a folder holds for a store: the folders in it are buckets, and the files below those their objects.
struct SeedFolder: Sendable {
    /// A file that becomes an object.
    struct File: Sendable {
        let key: String
        let path: String
        let size: Int64
        let properties: SeedProperties
    }

    /// A folder that becomes a bucket.
    struct Bucket: Sendable {
        let name: String
        let files: [File]
    }

    /// How deep folders may lie in each other: a link that leads to its own folder ends there.
    private static let maximumDepth = 64

    /// In the order of their names.
    let buckets: [Bucket]
    /// What lies beside the buckets and belongs to none: files, and folders whose names begin with a dot.
    let skipped: [String]

    /// Looks through a folder; of its files, only those are read that say something about others.
    ///
    /// - Throws: ``Refusal`` that names what cannot be a bucket or an object.
    init(_ path: String) throws(Refusal) {
        var buckets: [Bucket] = []
        var skipped: [String] = []
        for entry in try SeedEntry.all(in: path) {
            guard entry.isFolder, !entry.name.hasPrefix(".") else {
                guard !entry.name.hasSuffix(SeedProperties.suffix) else {
                    throw Refusal("\(entry.path) is about no file: buckets have none beside them.")
                }
                skipped.append(entry.name)
                continue
            }
            guard BucketName.isValid(entry.name) else {
                throw Refusal("\(entry.path): \"\(entry.name)\" cannot be the name of a bucket.")
            }
            var files: [File] = []
            try Self.collect(entry.path, prefix: "", depth: 1, into: &files)
            buckets.append(Bucket(name: entry.name, files: files))
        }
        self.buckets = buckets
        self.skipped = skipped
    }

    private static func collect(
        _ path: String,
        prefix: String,
        depth: Int,
        into files: inout [File]
    ) throws(Refusal) {
        guard depth <= maximumDepth else {
            throw Refusal("\(path) lies more than \(maximumDepth) folders deep.")
        }
        let entries = try SeedEntry.all(in: path)
        let names = Set(entries.filter { !$0.isFolder }.map(\.name))
        for entry in entries {
            let key = prefix + entry.name
            guard key.utf8.count <= Limits.keyBytes else {
                throw Refusal("\(entry.path): a key has at most \(Limits.keyBytes) bytes.")
            }
            if entry.isFolder {
                try collect(entry.path, prefix: key + "/", depth: depth + 1, into: &files)
                continue
            }
            if entry.name.hasSuffix(SeedProperties.suffix) {
                guard names.contains(String(entry.name.dropLast(SeedProperties.suffix.count)))
                else { throw Refusal("\(entry.path) is about a file that is not there.") }
                continue
            }
            let sidecar = entry.name + SeedProperties.suffix
            files.append(
                File(
                    key: key,
                    path: entry.path,
                    size: entry.size,
                    properties: names.contains(sidecar)
                        ? try SeedProperties(file: entry.path + SeedProperties.suffix)
                        : SeedProperties()
                )
            )
        }
    }
}

/// A file or a folder in a folder; links are what they lead to.
private struct SeedEntry {
    let name: String
    let path: String
    let isFolder: Bool
    let size: Int64

    /// Everything in a folder, in the order of the names' bytes.
    ///
    /// - Throws: ``Refusal`` where one cannot be read, is neither a file nor a folder, or has a name that is not UTF-8.
    static func all(in folder: String) throws(Refusal) -> [SeedEntry] {
        guard let stream = unsafe opendir(folder) else {
            throw Refusal("\(folder) cannot be read: \(SystemError(number: errno)).")
        }
        defer { unsafe closedir(stream) }
        var entries: [SeedEntry] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) {
                unsafe $0.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(validatingCString: $0)
                }
            }
            guard let name else {
                throw Refusal("\(folder) holds a name that is not UTF-8, which no key can be.")
            }
            if name != "." && name != ".." {
                entries.append(try SeedEntry(name, in: folder))
            }
        }
        return entries.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
    }

    private init(_ name: String, in folder: String) throws(Refusal) {
        self.name = name
        path = "\(folder)/\(name)"
        var status = stat()
        guard unsafe stat(path, &status) == 0 else {
            throw Refusal("\(path) cannot be read: \(SystemError(number: errno)).")
        }
        switch status.st_mode & S_IFMT {
        case S_IFDIR: isFolder = true
        case S_IFREG: isFolder = false
        default: throw Refusal("\(path) is neither a file nor a folder.")
        }
        size = Int64(status.st_size)
    }
}
