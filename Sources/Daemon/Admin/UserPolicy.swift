import ObjectStore
import Policy

/// A policy of a user, as the command line shows one.
public struct UserPolicy: Sendable, Hashable {
    /// Its name.
    public let name: String
    /// Its ARN, where it is attached.
    public let arn: String?
    /// Its document, where it is the user's own.
    public let document: String?

    init(_ policy: PolicyAttachment) {
        name = policy.name
        switch policy {
        case .attached(let arn): (self.arn, document) = (arn, nil)
        case .inline(_, let text): (arn, document) = (nil, text)
        }
    }

    /// The policy as a row: columns that `cut` and `awk` can take apart.
    public var row: String { "\(name)\t\(arn ?? "own")" }

    /// The policy as one line of JSON.
    public var jsonText: String {
        JSON.object([
            "PolicyName": .string(name), "PolicyArn": arn.map(JSON.string),
            "PolicyDocument": document.map(JSON.string),
        ])
        .text
    }
}
