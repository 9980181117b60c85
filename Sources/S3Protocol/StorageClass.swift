/// The storage classes that S3 knows.
///
/// [Storage classes](https://docs.aws.amazon.com/AmazonS3/latest/userguide/storage-class-intro.html)
public enum StorageClass {
    /// The class of what names none.
    public static let standard = "STANDARD"

    /// Every class that a request may name, in the words of the public S3 model, without `OUTPOSTS`: S3 refuses it.
    public static let names: Set<String> = [
        "STANDARD", "REDUCED_REDUNDANCY", "STANDARD_IA", "ONEZONE_IA", "INTELLIGENT_TIERING",
        "GLACIER", "DEEP_ARCHIVE", "GLACIER_IR", "SNOW", "EXPRESS_ONEZONE",
        "FSX_OPENZFS", "FSX_ONTAP", "AWS_BACKUP_WARM", "AWS_BACKUP_LOW_COST_WARM",
    ]

    /// Those that a lifecycle moves objects to, the warmest first.
    private static let waterfall = [
        "STANDARD_IA", "INTELLIGENT_TIERING", "ONEZONE_IA", "GLACIER_IR", "GLACIER", "DEEP_ARCHIVE",
    ]

    /// Whether an object of a class has to be restored before it can be read.
    public static func isArchive(_ name: String) -> Bool {
        name == "GLACIER" || name == "DEEP_ARCHIVE"
    }

    /// How cold a class is that a lifecycle moves objects to; `nil` for one that it does not.
    public static func coldness(of name: String) -> Int? { waterfall.firstIndex(of: name) }

    /// Whether a lifecycle moves objects from one class to another: only ever to a colder one.
    ///
    /// [Supported transitions](https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html)
    public static func allowsTransition(from old: String, to new: String) -> Bool {
        guard let target = coldness(of: new) else { return false }
        if old == standard || old == "REDUCED_REDUNDANCY" { return true }
        guard let source = coldness(of: old), source < target else { return false }
        return !(old == "ONEZONE_IA" && new == "GLACIER_IR")
    }
}
