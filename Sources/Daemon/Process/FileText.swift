import Glibc

/// A call to the system that failed, in the system's words.
struct SystemError: Error, Hashable, CustomStringConvertible {
    let number: CInt

    var description: String { unsafe String(cString: strerror(number)) }

    /// The result of a call, or what it left in `errno` where it says -1.
    @discardableResult
    static func check<Result: SignedInteger>(_ result: Result) throws(SystemError) -> Result {
        guard result >= 0 else { throw SystemError(number: errno) }
        return result
    }
}

/// Small files of text, read and written whole.
enum FileText {
    /// Reads a file.
    ///
    /// - Throws: ``SystemError`` where it cannot be read; one that is longer than `limit` bytes is
    ///   `EFBIG`, one that is not UTF-8 `EILSEQ`.
    static func read(_ path: String, limit: Int) throws(SystemError) -> String {
        let file = try SystemError.check(unsafe open(path, O_RDONLY | O_CLOEXEC))
        defer { close(file) }
        var content: [UInt8] = []
        var chunk = [UInt8](repeating: 0, count: 4096)
        while content.count <= limit {
            let count = unsafe Glibc.read(file, &chunk, chunk.count)
            if count < 0 && errno == EINTR { continue }
            guard try SystemError.check(count) > 0 else {
                guard let text = String(validating: content, as: UTF8.self) else {
                    throw SystemError(number: EILSEQ)
                }
                return text
            }
            content += chunk.prefix(count)
        }
        throw SystemError(number: EFBIG)
    }

    /// The names of what is in a folder, in no order.
    ///
    /// - Throws: ``SystemError`` where it cannot be read.
    static func names(in folder: String) throws(SystemError) -> [String] {
        guard let stream = unsafe opendir(folder) else { throw SystemError(number: errno) }
        defer { unsafe closedir(stream) }
        var names: [String] = []
        while let entry = unsafe readdir(stream) {
            let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { name in
                unsafe name.withMemoryRebound(to: CChar.self, capacity: 256) {
                    unsafe String(cString: $0)
                }
            }
            if name != ".", name != ".." { names.append(name) }
        }
        return names
    }

    /// The path from the root to a file that exists, or the path itself where it does not.
    static func absolute(_ path: String) -> String {
        guard let resolved = unsafe realpath(path, nil) else { return path }
        defer { unsafe free(resolved) }
        return unsafe String(cString: resolved)
    }

    /// The path from the root to what need not exist, as long as its folder does.
    static func absolute(missing path: String) -> String {
        var path = path
        while path.utf8.count > 1, path.hasSuffix("/") { path.removeLast() }
        if unsafe access(path, F_OK) == 0 { return absolute(path) }
        guard let slash = path.lastIndex(of: "/") else { return absolute(".") + "/" + path }
        let parent = slash == path.startIndex ? "/" : String(path[..<slash])
        let folder = absolute(missing: parent)
        return (folder == "/" ? "" : folder) + path[slash...]
    }

    /// Waits until the names in a file's folder are on the disk.
    private static func syncFolder(of path: String) throws(SystemError) {
        let name = path.split(separator: "/", omittingEmptySubsequences: false).last ?? ""
        let folder = String(path.dropLast(name.count))
        let flags = O_RDONLY | O_DIRECTORY | O_CLOEXEC
        let file = try SystemError.check(unsafe open(folder.isEmpty ? "." : folder, flags))
        defer { close(file) }
        try SystemError.check(fsync(file))
    }

    /// Makes a file that only its owner may read, durably and all at once: whoever looks finds the
    /// whole file or none.
    static func createPrivate(_ path: String, _ text: String) throws(SystemError) {
        let new = path + ".new"
        unsafe unlink(new)
        let flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC
        let file = try SystemError.check(unsafe open(new, flags, 0o600))
        defer { close(file) }
        var rest = Array(text.utf8)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe write(file, $0.baseAddress, $0.count) }
            if count < 0 && errno == EINTR { continue }
            rest = rest.dropFirst(try SystemError.check(count))
        }
        try SystemError.check(fsync(file))
        try SystemError.check(unsafe rename(new, path))
        try syncFolder(of: path)
    }
}
