/// What a bucket is given when it is made, as far as access goes.
///
/// [Default settings for new buckets](https://docs.aws.amazon.com/AmazonS3/latest/userguide/create-bucket-faq.html)
public enum BucketDefaults: String, Sendable, CaseIterable {
    /// As AWS makes buckets: lists do not count, and public access is blocked.
    case aws
    /// As AWS made buckets before April 2023, and other servers do: lists count, and nothing is blocked.
    case legacy

    /// The settings in the store, by name.
    public var settings: [String: [UInt8]] { settings(ownership: nil) }

    /// The settings of a bucket whose ownership was asked for.
    func settings(ownership: ObjectOwnership?) -> [String: [UInt8]] {
        var settings: [String: [UInt8]] = [:]
        settings[ObjectOwnership.setting] = (ownership ?? self.ownership)?.stored
        if self == .aws { settings[PublicAccessBlock.setting] = PublicAccessBlock.all.stored }
        return settings
    }

    /// The ownership of a bucket for which none is asked; buckets of old have no such setting.
    var ownership: ObjectOwnership? { self == .aws ? .bucketOwnerEnforced : nil }

    /// What is refused to be public from the start.
    var block: PublicAccessBlock { self == .aws ? .all : PublicAccessBlock() }
}
