/// A key pair that signs requests, given by hand.
public struct GalleryCredentials: Sendable, Hashable {
    /// The access key, which every signed URL shows.
    public var accessKey: String
    /// The token that belongs to temporary keys.
    public var sessionToken: String?
    let secret: String

    /// Takes a pair.
    public init(accessKey: String, secret: String, sessionToken: String? = nil) {
        self.accessKey = accessKey
        self.secret = secret
        self.sessionToken = sessionToken
    }
}

extension GalleryCredentials: CustomStringConvertible, CustomReflectable {
    /// The access key alone: nothing that prints a configuration prints its secret.
    public var description: String { "access key \(accessKey)" }

    /// The access key alone, also for `dump`.
    public var customMirror: Mirror { Mirror(self, children: ["accessKey": accessKey]) }
}
