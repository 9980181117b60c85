import Subprocess
import SystemPackage

/// Runs a command, without a shell, and gives what it prints.
public typealias RunCredentialProcess = @Sendable (_ words: [String]) async throws -> [UInt8]

/// Commands that print credentials.
///
/// [The process's output](https://docs.aws.amazon.com/sdkref/latest/guide/feature-process-credentials.html)
public enum CredentialProcess {
    /// Bytes of a command's output: a document has under 4 KiB, also with the longest tokens.
    static let outputLimit = 64 << 10

    /// Runs a command found in `PATH`; what it says on standard error is nobody's to repeat.
    public static let run: RunCredentialProcess = { words in
        guard let program = words.first else { throw failure("is empty") }
        let name: Executable = program.contains("/") ? .path(FilePath(program)) : .name(program)
        do {
            let result = try await Subprocess.run(
                name,
                arguments: Arguments(Array(words.dropFirst())),
                output: .bytes(limit: outputLimit),
                error: .discarded
            )
            guard result.terminationStatus.isSuccess else {
                throw failure("failed (\(result.terminationStatus))")
            }
            return result.standardOutput
        } catch let error as SubprocessError {
            throw failure("did not run: \(error)")
        }
    }

    /// The words of a command as a shell splits them: blanks separate, quotes and backslashes keep.
    static func words(of command: String) throws(S3ClientError) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        var characters = command.makeIterator()
        while let character = characters.next() {
            switch character {
            case "\\" where quote != "'":
                word = (word ?? "") + (characters.next().map(String.init) ?? "")
            case quote: quote = nil
            case "\"" where quote == nil, "'" where quote == nil:
                quote = character
                word = word ?? ""
            case let blank where blank.isWhitespace && quote == nil:
                if let word { words.append(word) }
                word = nil
            default: word = (word ?? "") + String(character)
            }
        }
        guard quote == nil else { throw failure("has a quotation mark without its partner") }
        if let word { words.append(word) }
        return words
    }

    /// Reads what a command printed; none of it appears in an error.
    static func parse(
        _ output: [UInt8],
        source: String
    ) throws(S3ClientError) -> ResolvedCredentials {
        guard let document = CredentialDocument.read(output), document.version == 1 else {
            throw failure("did not print the JSON document of version 1 that is expected")
        }
        guard let found = document.resolved(source: source) else {
            throw failure("printed an Expiration that is no time")
        }
        return found
    }

    private static func failure(_ reason: String) -> S3ClientError {
        .credentials(
            "The profile's credential_process \(reason).",
            advice: "Run the command by hand and look at what it prints."
        )
    }
}
