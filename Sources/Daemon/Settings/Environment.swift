import Glibc

/// Variables by their names; one that is empty counts as not set.
public struct Environment: Sendable, Hashable {
    private let variables: [String: String]

    /// Holds some variables.
    public init(_ variables: [String: String] = [:]) {
        self.variables = variables.filter { !$0.value.isEmpty }
    }

    /// The value of a variable, if it is set.
    public subscript(name: String) -> String? { variables[name] }

    /// The names that are set.
    public var names: Set<String> { Set(variables.keys) }

    /// These variables, and those of another environment that are not set here.
    public func over(_ other: Environment) -> Environment {
        Environment(variables.merging(other.variables) { mine, _ in mine })
    }

    /// What Pail reads of this process's environment.
    public static var ofProcess: Environment {
        let names =
            Setting.allCases.map(\.variable) + RootCredentials.variables + [bucketVariable]
            + Compatibility.allCases.flatMap(\.variables)
        let pairs = names.compactMap { name in
            unsafe getenv(name).map { unsafe (name, String(cString: $0)) }
        }
        return Environment(Dictionary(pairs) { first, _ in first })
    }

    /// The variable by which an application names its bucket.
    static let bucketVariable = "AWS_STORAGE_BUCKET_NAME"
}
