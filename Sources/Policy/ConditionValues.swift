/// What a request has under the keys that conditions and variables ask for.
///
/// [Condition keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/amazon-s3-policy-keys.html)
public protocol ConditionValues {
    /// The values of a key, asked for only where a statement needs them.
    ///
    /// - Parameter key: The key in lower case, such as `aws:sourceip`; of `s3:existingobjecttag/Name`
    ///   the part after the slash in its own case.
    /// - Returns: The values; `nil` where the request has no such key.
    /// - Throws: What looking it up throws; then nothing is decided.
    func values(of key: String) throws -> [String]?
}

/// A request that has none of the keys.
public struct NoConditionValues: ConditionValues, Sendable {
    /// Makes it.
    public init() {}

    /// There is no such key.
    public func values(of key: String) -> [String]? { nil }
}
