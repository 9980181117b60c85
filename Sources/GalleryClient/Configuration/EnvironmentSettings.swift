/// Reads typed values from an environment; an empty value counts as none.
struct EnvironmentSettings {
    private let environment: [String: String]

    init(_ environment: [String: String]) { self.environment = environment }

    /// The value of the first name that has one.
    func text(_ names: String...) -> String? {
        names.lazy.compactMap { environment[$0] }.first { !$0.isEmpty }
    }

    /// A truth as people write it in files of settings; Django's `True` and `False` among them.
    func bool(_ name: String, default: Bool) throws(StorageError) -> Bool {
        guard let value = text(name) else { return `default` }
        switch value.lowercased() {
        case "true", "1", "yes", "on", "t", "y": return true
        case "false", "0", "no", "off", "f", "n": return false
        default: throw Self.wrong(name, value, "It must be True or False.")
        }
    }

    /// A whole number within limits.
    func integer(
        _ name: String,
        in range: ClosedRange<Int64>,
        default: Int64
    ) throws(StorageError) -> Int64 {
        guard let value = text(name) else { return `default` }
        guard let number = Int64(value), range.contains(number) else {
            let limits = "from \(range.lowerBound) to \(range.upperBound)"
            throw Self.wrong(name, value, "It must be a whole number \(limits).")
        }
        return number
    }

    /// One of some words, in any case.
    func choice<Choice: CaseIterable & RawRepresentable<String>>(
        _ name: String,
        default: Choice
    ) throws(StorageError) -> Choice {
        guard let value = text(name) else { return `default` }
        guard let choice = Choice(rawValue: value.lowercased()) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: ", ")
            throw Self.wrong(name, value, "It must be one of: \(words).")
        }
        return choice
    }

    /// An error that names the variable and what it may be.
    static func wrong(_ name: String, _ value: String, _ advice: String) -> StorageError {
        StorageError(
            .configuration,
            message: "\(name) is \(MediaName.quoted(value)).",
            advice: advice
        )
    }
}
