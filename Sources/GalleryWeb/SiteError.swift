/// Why the gallery cannot do what its command line asked, in words for the person who asked.
public struct SiteError: Error, Hashable, Sendable, CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public let description: String

    /// Describes a failure.
    public init(_ description: String) { self.description = description }
}
