import Testing

/// Limits on how much a reader must hold in mind at once.
@Suite struct SizeTests {
    let swift = (Repository.sources + Repository.tests).filter(\.isSwift)

    @Test func `no file is longer than 400 lines`() {
        let long = (Repository.sources + Repository.tests).filter { $0.lines.count > 400 }
        expectNone(
            long.map { "\($0): \($0.lines.count) lines" },
            "Split these by concept; the limit is 400 lines."
        )
    }

    @Test func `no file of the executable is longer than 120 lines`() {
        let long = Repository.sources.filter { $0.target == "pail" && $0.lines.count > 120 }
        expectNone(
            long.map { "\($0): \($0.lines.count) lines" },
            "`pail` only reads flags and composes; what works belongs into a library target."
        )
    }

    @Test func `no function is longer than 60 lines`() {
        let long = swift.flatMap(\.functions).filter { $0.length > 60 }
        expectNone(long.map(\.description), "Split these into steps with names.")
    }

    @Test func `prints how long files and functions are`() {
        let files = Repository.sources.filter(\.isSwift)
        let functions = files.flatMap(\.functions).map(\.length)
        let lengths = files.map(\.lines.count)
        print(
            "Sources: \(files.count) files, median \(median(lengths)), longest \(lengths.max() ?? 0);"
                + " \(functions.count) functions, median \(median(functions)),"
                + " longest \(functions.max() ?? 0) lines"
        )
    }
}

/// The middle of some numbers, the lower of two middles, 0 of none.
func median(_ numbers: [Int]) -> Int {
    numbers.isEmpty ? 0 : numbers.sorted()[(numbers.count - 1) / 2]
}
