/// The settings of one profile in the AWS CLI's files.
///
/// [Configuration and credential file settings](https://docs.aws.amazon.com/cli/latest/userguide/cli-configure-files.html)
public struct AWSProfile: Sendable, Hashable {
    /// The profile's name.
    public let name: String
    /// Whether any file has it.
    public let exists: Bool
    /// Its settings by name; those of the credentials file before those of the configuration file.
    var settings: [String: String] { hidden.values }
    private let hidden: HiddenSettings

    /// The region it names.
    public var region: String? { settings["region"] }
    /// The endpoint it names.
    public var endpointURL: String? { settings["endpoint_url"] }

    private init(name: String, exists: Bool, settings: [String: String]) {
        self.name = name
        self.exists = exists
        hidden = HiddenSettings(settings)
    }

    /// Reads the profile that an environment chooses by `AWS_PROFILE`, from the files it chooses by
    /// `AWS_SHARED_CREDENTIALS_FILE` and `AWS_CONFIG_FILE`, which are under `HOME` otherwise.
    ///
    /// - Throws: ``S3ClientError`` where a file cannot be read.
    public static func load(
        environment: [String: String],
        readFile: ReadFile = SmallFile.read
    ) throws(S3ClientError) -> AWSProfile {
        let chosen = [environment["AWS_PROFILE"], environment["AWS_DEFAULT_PROFILE"]]
        let name = chosen.compactMap { $0 }.first { !$0.isEmpty } ?? "default"
        let home = environment["HOME"] ?? ""
        func path(_ variable: String, _ file: String) -> String? {
            if let path = environment[variable], !path.isEmpty {
                return path.hasPrefix("~/") ? home + path.dropFirst() : path
            }
            return home.isEmpty ? nil : "\(home)/.aws/\(file)"
        }
        let configuration = try path("AWS_CONFIG_FILE", "config").flatMapThrowing(readFile)
        let credentials = try path("AWS_SHARED_CREDENTIALS_FILE", "credentials")
            .flatMapThrowing(readFile)
        let section = name == "default" ? ["default", "profile default"] : ["profile \(name)"]
        let first = configuration.flatMap { ProfileFile.section(section, of: $0) }
        let second = credentials.flatMap { ProfileFile.section([name], of: $0) }
        let settings = (first ?? [:]).merging(second ?? [:]) { $1 }
        return AWSProfile(name: name, exists: first != nil || second != nil, settings: settings)
    }
}

/// The form of the AWS CLI's files: sections in brackets, and settings of a line each.
enum ProfileFile {
    /// The settings of the sections with these names; `nil` where there is none.
    static func section(_ names: [String], of text: String) -> [String: String]? {
        var settings: [String: String]?
        var isInside = false
        for line in text.split(whereSeparator: \.isNewline) {
            let trimmed = line.trimmed
            if trimmed.isEmpty || trimmed.hasPrefix("#") || trimmed.hasPrefix(";") { continue }
            if trimmed.hasPrefix("[") {
                isInside = names.contains(sectionName(trimmed))
                if isInside { settings = settings ?? [:] }
                continue
            }
            // An indented line belongs to a nested setting (`s3 =`), none of which is ours.
            guard isInside, line.first?.isWhitespace == false,
                let equals = trimmed.firstIndex(of: "=")
            else { continue }
            let value = trimmed[trimmed.index(after: equals)...].trimmed
            settings?[trimmed[..<equals].trimmed.lowercased()] = value.isEmpty ? nil : value
        }
        return settings
    }

    /// What stands in the brackets, with one space between words and without quotes.
    private static func sectionName(_ line: String) -> String {
        let inside = line.dropFirst().prefix { $0 != "]" }
        return inside.split(whereSeparator: \.isWhitespace).joined(separator: " ")
            .filter { $0 != "\"" && $0 != "'" }
    }
}

extension Optional where Wrapped: Sendable {
    fileprivate func flatMapThrowing<Result>(
        _ transform: (Wrapped) throws(S3ClientError) -> Result?
    ) throws(S3ClientError) -> Result? {
        guard let self else { return nil }
        return try transform(self)
    }
}

extension StringProtocol {
    /// The text without white space around it.
    fileprivate var trimmed: String {
        let tail = drop(while: \.isWhitespace)
        guard let last = tail.lastIndex(where: { !$0.isWhitespace }) else { return "" }
        return String(tail[...last])
    }
}
