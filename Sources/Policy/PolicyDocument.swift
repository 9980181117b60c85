/// A policy document: who may do what, and under which conditions.
///
/// A document with anything in it that is not understood is refused as a whole, since a condition that is
/// skipped allows what its author did not mean to allow.
///
/// [JSON policy elements](https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements.html)
public struct PolicyDocument: Sendable, Hashable {
    /// The version of the policy language, which decides whether `${...}` is a variable.
    public enum Version: String, Sendable, CaseIterable {
        /// The first one, and the one that a document without a version is in.
        case original = "2008-10-17"
        /// The present one, with policy variables.
        case current = "2012-10-17"
    }

    /// The longest document accepted, in bytes: AWS's own limit for a policy of S3.
    public static let maximumSize = 20_480

    /// The version of the policy language.
    public let version: Version
    /// The document's own name, if it has one.
    public let id: String?
    /// The statements, at least one.
    public let statements: [PolicyStatement]

    init(version: Version, id: String?, statements: [PolicyStatement]) {
        self.version = version
        self.id = id
        self.statements = statements
    }
}
