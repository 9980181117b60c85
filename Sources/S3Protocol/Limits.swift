/// The limits of the S3 API, each with its reason.
///
/// [Amazon S3 endpoints and quotas](https://docs.aws.amazon.com/general/latest/gr/s3.html)
public enum Limits {
    /// Bytes of a single PUT or of one part: 5 GiB, as AWS has it.
    public static let singleUploadBytes: Int64 = 5 << 30
    /// Bytes of an object: 48.8 TiB, which is 10,000 parts of 5 GiB.
    public static let objectBytes: Int64 = 10_000 * (5 << 30)
    /// Bytes that every part but the last must have: 5 MiB, as AWS has it.
    public static let smallestPartBytes: Int64 = 5 << 20
    /// The highest part number, and so the most parts of an upload.
    public static let parts = 10_000
    /// UTF-8 bytes of a key.
    public static let keyBytes = 1024
    /// Bytes of user metadata: the names without `x-amz-meta-`, and the values.
    public static let userMetadataBytes = 2048
    /// Entries on one page of a listing, also where more are asked for.
    public static let listPage = 1000
    /// Keys in one DeleteObjects.
    public static let deletedKeys = 1000
    /// Bytes of a request's XML document: room for 10,000 parts with their checksums.
    public static let documentBytes = 2 << 20
    /// Bytes of an upload form beside its file, boundaries among them: 20 KiB, as AWS has it.
    public static let formFieldBytes = 20_480
    /// Nesting of a request's XML document: twice what the deepest document of the API needs.
    public static let xmlDepth = 16
    /// Bytes of an XML name; the longest of the API has 44.
    public static let xmlNameBytes = 256
    /// Bytes of a body whose signature can only be checked when all of it is there (see
    /// `PendingSignature`): held in memory, so kept small.
    public static let unhashedBodyBytes = 16 << 20
}
