public import S3Protocol

/// A secret access key, which no log and no interpolation gives away.
public struct Secret: Sendable, Hashable {
    private let text: String

    /// Wraps a secret.
    public init(_ text: String) { self.text = text }

    /// The secret itself: for signing, and for the one time that it is shown to its owner.
    public func revealed() -> String { text }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    /// The word `redacted`.
    public var description: String { "redacted" }
    /// The word `redacted`.
    public var debugDescription: String { description }
    /// Nothing inside.
    public var customMirror: Mirror { Mirror(self, children: [:]) }
}

/// An access key and what belongs to it.
public struct Credential: Sendable, Hashable {
    /// The key's public half, such as `AKIAIOSFODNN7EXAMPLE`.
    public let accessKey: String
    /// Its secret half.
    public let secret: Secret
    /// What must come with the key where it is a temporary one.
    public let sessionToken: String?
    /// When a temporary key ends; `nil` for one that lasts.
    public let expires: Timestamp?

    /// Names a key's parts.
    public init(
        accessKey: String,
        secret: Secret,
        sessionToken: String? = nil,
        expires: Timestamp? = nil
    ) {
        self.expires = expires
        self.accessKey = accessKey
        self.secret = secret
        self.sessionToken = sessionToken
    }
}
