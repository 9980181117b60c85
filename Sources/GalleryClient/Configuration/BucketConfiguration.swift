import S3Client

/// A bucket that holds media, and how it is reached.
public struct BucketConfiguration: Sendable, Hashable {
    /// Where the bucket's name stands in URLs.
    public enum AddressingStyle: String, Sendable, Hashable, CaseIterable {
        /// In the host on Amazon's own endpoints, in the path elsewhere.
        case auto
        /// In the host: `https://bucket.s3.us-east-2.amazonaws.com/`.
        case virtual
        /// In the path: `http://127.0.0.1:9000/bucket/`.
        case path
    }

    /// How long a signed URL may be good for, in seconds: up to a week.
    ///
    /// [Presigned URLs](https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-presigned-url.html)
    public static let urlLifetimes: ClosedRange<Int> = 1...604_800
    /// How long a part of an upload may be, in bytes: 5 MiB to 5 GiB.
    ///
    /// [Multipart upload limits](https://docs.aws.amazon.com/AmazonS3/latest/userguide/qfacts.html)
    public static let partSizes: ClosedRange<Int64> = 5_242_880...5_368_709_120
    /// The size above which boto3 uploads in parts, and the size of its parts: 8 MiB.
    public static let defaultPartSize: Int64 = 8_388_608
    /// What django-storages compresses where it is told to compress.
    public static let defaultGzipTypes: Set<String> = [
        "text/css", "text/javascript", "application/javascript", "application/x-javascript",
        "image/svg+xml",
    ]

    /// The bucket's name.
    public var bucket: String
    /// The bucket's region; `nil` is that of the AWS CLI's profile, or `us-east-1`.
    public var region: String?
    /// Where the bucket's name stands in URLs.
    public var addressing: AddressingStyle = .auto
    /// Another server than Amazon's, such as `http://127.0.0.1:9000`.
    public var endpoint: String?
    /// The same server as browsers reach it, where that differs: URLs are made for it.
    public var publicEndpoint: String?
    /// A host that shows the bucket's content, such as a CDN's; its URLs are not signed.
    public var customDomain: String?
    /// How URLs of the custom domain begin: `https` or `http`.
    public var urlScheme = "https"
    /// A folder of the bucket that holds everything, without slashes at its ends; empty for the top.
    public var location = ""
    /// The key pair; `nil` looks for one as AWS's tools do: environment, profile files, container.
    public var credentials: GalleryCredentials?
    /// The AWS CLI's profile to use, before any key of the environment; `nil` is the one that `AWS_PROFILE` names.
    public var profile: String?
    /// Where credentials and profiles are looked for; `nil` is the process's own environment.
    ///
    /// What prints a configuration prints none of it.
    public var environment: [String: String]? {
        get { hiddenEnvironment?.values }
        set { hiddenEnvironment = newValue.map { HiddenSettings($0) } }
    }
    private var hiddenEnvironment: HiddenSettings?
    /// Whether a save without a policy of its own replaces what has the name.
    public var overwrites = false
    /// The canned ACL of what is saved; `nil` sends none.
    public var defaultACL: String?
    /// Whether URLs for reading are signed; where not, the bucket must be public.
    public var signsURLs = true
    /// How long signed URLs are good for, in seconds.
    public var urlLifetime = 3600
    /// `Cache-Control` of what is saved without one of its own.
    public var cacheControl: String?
    /// `Content-Disposition` of what is saved without one of its own.
    public var contentDisposition: String?
    /// The storage class of what is saved, such as `STANDARD_IA`.
    public var storageClass: String?
    /// Whether files of ``gzipTypes`` are stored compressed.
    public var gzips = false
    /// The media types that compression helps.
    public var gzipTypes = defaultGzipTypes
    /// The size in bytes from which a file is uploaded in parts.
    public var multipartThreshold = defaultPartSize
    /// The size of a part in bytes.
    public var partSize = defaultPartSize
    /// A file of certificates (PEM) that are trusted beside the system's.
    public var trustedCertificates: String?

    /// A bucket with everything else as it mostly is.
    public init(bucket: String) { self.bucket = bucket }
}
