import Foundation

/// The repository that these tests are part of, as it lies on disk.
///
/// Files are read from the disk and not from git, so that a new file is checked before it is
/// committed; only the top level asks git, because a working folder may hold anything.
enum Repository {
    static let root = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// The Swift and C files of the product.
    static let sources = files(under: "Sources", withExtensions: ["swift", "c", "h"])

    /// The tests, in Swift and in Python.
    static let tests = files(under: "Tests", withExtensions: ["swift", "py"])

    /// Everything that people wrote: code, scripts and prose.
    static var everything: [SourceFile] {
        let folders = ["docs", "docker", ".ci", "Benchmarks", "Integrations"].flatMap {
            files(under: $0, withExtensions: ["swift", "py", "sh", "md", ""])
        }
        let topLevel = [
            "README.md", "CONTRIBUTING.md", "CHANGELOG.md", "Makefile", "Package.swift",
        ]
        return sources + tests + folders + topLevel.compactMap { SourceFile(path: $0, under: root) }
    }

    /// The paths that git tracks, or `nil` where this is not a clone (an unpacked archive).
    static var trackedPaths: [String]? {
        guard FileManager.default.fileExists(atPath: root.appending(path: ".git").path()) else {
            return nil
        }
        let git = Process()
        let output = Pipe()
        git.executableURL = URL(filePath: "/usr/bin/env")
        git.arguments = ["git", "-C", root.path(), "ls-files"]
        git.standardOutput = output
        guard (try? git.run()) != nil else { return nil }
        let data = output.fileHandleForReading.readDataToEndOfFile()
        git.waitUntilExit()
        guard git.terminationStatus == 0 else { return nil }
        return String(decoding: data, as: UTF8.self).split(separator: "\n").map(String.init)
    }

    private static func files(
        under folder: String,
        withExtensions extensions: Set<String>
    ) -> [SourceFile] {
        let paths = FileManager.default.subpaths(atPath: root.appending(path: folder).path()) ?? []
        return
            paths
            .filter { path in
                let parts = path.split(separator: "/").map(String.init)
                return extensions.contains((path as NSString).pathExtension)
                    && !parts.contains { $0.hasPrefix(".") || $0.hasPrefix("__") }
            }
            .sorted()
            .compactMap { SourceFile(path: "\(folder)/\($0)", under: root) }
    }
}
