import Testing

/// What a stranger sees first is what the README explains.
@Suite struct TopLevelTests {
    @Test(.enabled(if: Repository.trackedPaths != nil, "not a clone: there is no index to ask"))
    func `the top level holds only what belongs there`() {
        let entries = Set((Repository.trackedPaths ?? []).map { $0.prefix { $0 != "/" } })
        let strangers = entries.map(String.init).filter { !topLevel.contains($0) }
        expectNone(strangers.sorted(), "Find these a folder, or name them in `topLevel` here.")
    }
}

private let topLevel: Set = [
    ".ci", ".gitignore", ".swift-format", "Benchmarks", "CHANGELOG.md", "CONTRIBUTING.md",
    "Fixtures", "Integrations",
    "LICENSE", "Makefile", "Package.swift", "README.md", "Sources", "Tests", "docker", "docs",
]
