/// Why a storage did not do what it was asked.
public struct StorageError: Error, Hashable, Sendable {
    /// What an application can tell apart.
    public enum Kind: Sendable, Hashable {
        /// There is no such file.
        case notFound
        /// There is one already, and it may not be replaced.
        case alreadyExists
        /// The name is none: empty, too long, or outside of its place.
        case invalidName
        /// The credentials are missing, wrong or not allowed to do this.
        case accessDenied
        /// There is no such bucket or folder.
        case noStorage
        /// The settings contradict each other or lack something.
        case configuration
        /// This storage cannot do this.
        case unsupported
        /// What arrived is not what was sent.
        case corrupted
        /// The storage could not be reached, or failed; trying again later may help.
        case unavailable
        /// The storage refused for another reason, which ``StorageError/code`` names.
        case refused
    }

    /// What an application can tell apart.
    public var kind: Kind
    /// S3's own code, such as `NoSuchBucket`; empty where no reply came.
    public var code: String
    /// What happened, for a person.
    public var message: String
    /// What to do about it, for a person.
    public var advice: String
    /// The request's id, for the log of the other side; empty where no reply came.
    public var requestID: String

    /// Describes a failure.
    public init(
        _ kind: Kind,
        code: String = "",
        message: String,
        advice: String = "",
        requestID: String = ""
    ) {
        self.kind = kind
        self.code = code
        self.message = message
        self.advice = advice
        self.requestID = requestID
    }
}

extension StorageError: CustomStringConvertible {
    /// All of it in one line.
    public var description: String {
        let code = code.isEmpty ? "" : " (\(code))"
        let request = requestID.isEmpty ? "" : " [request \(requestID)]"
        return "\(message)\(code)\(advice.isEmpty ? "" : " \(advice)")\(request)"
    }
}
