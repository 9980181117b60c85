/// What was set, wherever it was set: flags win over the environment, the environment over a file.
public struct Settings: Sendable {
    /// Where a value was set; the greater wins.
    enum Origin: Int, Comparable {
        case file, environment, flag

        static func < (left: Origin, right: Origin) -> Bool { left.rawValue < right.rawValue }
    }

    /// A setting's values, and how the person who set them knows it.
    struct Found {
        let values: [String]
        let origin: Origin
        let name: String
    }

    private let flags: [Setting: [String]]
    private let environment: Environment
    private let file: Environment

    /// The variables that are not Pail's own: the environment's, then the file's.
    let variables: Environment

    /// Gathers what was set.
    public init(
        flags: [Setting: [String]] = [:],
        environment: Environment = Environment(),
        file: Environment = Environment()
    ) {
        self.flags = flags
        self.environment = environment
        self.file = file
        variables = environment.over(file)
    }

    /// Gathers what was set by flags, the environment, and the file that either of them names.
    ///
    /// - Throws: ``Refusal`` where the file cannot be read or has a line that is not understood.
    public static func gather(
        flags: [Setting: [String]],
        environment: Environment = .ofProcess
    ) throws(Refusal) -> Settings {
        let path = flags[.config]?.last ?? environment[Setting.config.variable]
        guard let path else { return Settings(flags: flags, environment: environment) }
        let file = try EnvironmentFile.read(path)
        return Settings(flags: flags, environment: environment, file: file)
    }

    /// These settings, with what is said in the words of the server that the daemon stands in for.
    func translated(from other: Compatibility?) throws(Refusal) -> Settings {
        guard let other else { return self }
        return Settings(
            flags: flags,
            environment: try other.translate(environment),
            file: try other.translate(file)
        )
    }

    /// The values of a setting, if it is set anywhere.
    func find(_ setting: Setting) -> Found? {
        if let values = flags[setting], !values.isEmpty {
            return Found(values: values, origin: .flag, name: setting.flag)
        }
        for (source, origin) in [(environment, Origin.environment), (file, .file)] {
            guard let value = source[setting.variable] else { continue }
            return Found(values: [value], origin: origin, name: setting.variable)
        }
        return nil
    }
}

extension Settings {
    /// A setting's one value.
    func text(_ setting: Setting) -> String? { find(setting)?.values.last }

    /// A setting's values: a flag is repeated, a variable has commas or spaces in it.
    func list(_ setting: Setting) -> [String] {
        find(setting)?.values.flatMap { $0.split { $0 == "," || $0.isWhitespace }.map(String.init) }
            ?? []
    }

    /// A setting that is on or off, and off where nobody says anything.
    func isOn(_ setting: Setting) throws(Refusal) -> Bool {
        guard let found = find(setting), let value = found.values.last else { return false }
        switch value.lowercased() {
        case "1", "true", "yes", "on": return true
        case "0", "false", "no", "off": return false
        default: throw Refusal("\(found.name) must be true or false, not \"\(value)\".")
        }
    }

    /// A setting that is a port.
    func port(_ setting: Setting) throws(Refusal) -> Int? {
        guard let found = find(setting), let value = found.values.last else { return nil }
        guard let port = Int(value), (0...65_535).contains(port) else {
            throw Refusal("\(found.name) must be a port from 0 to 65535, not \"\(value)\".")
        }
        return port
    }

    /// A setting that is one of a few words, or not set.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ setting: Setting
    ) throws(Refusal) -> Choice? {
        guard let found = find(setting), let value = found.values.last else { return nil }
        guard let choice = Choice(rawValue: value) else {
            let words = Choice.allCases.map(\.rawValue).joined(separator: " or ")
            throw Refusal("\(found.name) must be \(words), not \"\(value)\".")
        }
        return choice
    }

    /// A setting that is one of a few words.
    func choice<Choice: RawRepresentable<String> & CaseIterable>(
        _ setting: Setting,
        default fallback: Choice
    ) throws(Refusal) -> Choice {
        try choice(setting) ?? fallback
    }
}
