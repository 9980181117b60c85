public import Signing

/// The key pair of the root account, which may do everything in it.
public struct RootCredentials: Sendable, Hashable {
    /// Where a pair comes from, which decides who may print it.
    public enum Origin: Sendable, Hashable {
        /// Whoever started the daemon gave it: it is never stored and never printed.
        case given
        /// It was made by Pail and is kept in the data folder.
        case dataFolder
        /// It was made by Pail for a store in memory, and ends with the process.
        case process
    }

    /// The pair, with the session token that requests must carry if there is one.
    public let credential: Credential
    /// Where it comes from.
    public let origin: Origin

    /// Holds a pair.
    public init(_ credential: Credential, origin: Origin = .given) {
        self.credential = credential
        self.origin = origin
    }

    /// Holds a pair without a session token.
    public init(accessKey: String, secret: String, origin: Origin = .given) {
        self.init(Credential(accessKey: accessKey, secret: Secret(secret)), origin: origin)
    }

    /// The pair's public half.
    public var accessKey: String { credential.accessKey }
    /// The pair's other half.
    public var secret: Secret { credential.secret }

    /// A secret shorter than this may be guessed by whoever can reach the daemon.
    static let minimumSecretLength = 16
    /// The variables that a pair is given by.
    static let variables = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"]

    /// Whether the secret is so short that it may be guessed.
    var isWeak: Bool { secret.revealed().utf8.count < Self.minimumSecretLength }
}

extension RootCredentials {
    /// The pair of an environment.
    ///
    /// - Returns: `nil` where neither half is set.
    /// - Throws: ``Refusal`` where only one is, or where the access key could not stand in a
    ///   signature's scope.
    public init?(environment: Environment) throws(Refusal) {
        switch (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"]) {
        case (nil, nil): return nil
        case (let accessKey?, let secret?):
            guard Self.isAccessKey(accessKey) else {
                throw Refusal(
                    "AWS_ACCESS_KEY_ID may have letters, digits and any of . _ - + @, "
                        + "and nothing else."
                )
            }
            self.init(
                Credential(
                    accessKey: accessKey,
                    secret: Secret(secret),
                    sessionToken: environment["AWS_SESSION_TOKEN"]
                )
            )
        case (nil, _), (_, nil):
            throw Refusal(
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY must both be set, or neither."
            )
        }
    }

    /// Whether a text can be an access key: whatever has a meaning in a signature's scope cannot.
    static func isAccessKey(_ text: String) -> Bool {
        !text.isEmpty
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: ".-_+@".utf8.contains(byte)
                }
            }
    }

    /// Makes a pair that nobody can guess: 238 bits, in letters and digits that no shell minds.
    public static func generate(
        origin: Origin,
        using random: inout some RandomNumberGenerator
    ) -> RootCredentials {
        let upper = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567")
        let all = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789")
        func word(_ letters: [Character], _ length: Int) -> String {
            String((0..<length).compactMap { _ in letters.randomElement(using: &random) })
        }
        return RootCredentials(
            accessKey: "PAIL" + word(upper, 16),
            secret: word(all, 40),
            origin: origin
        )
    }
}
