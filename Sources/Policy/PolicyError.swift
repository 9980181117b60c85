/// Why a policy document was refused; nothing of a refused document is ever applied.
public struct PolicyError: Error, Hashable, CustomStringConvertible {
    /// What is wrong with it, for a person to read.
    public let description: String

    /// Says what is wrong.
    public init(_ description: String) { self.description = description }
}
