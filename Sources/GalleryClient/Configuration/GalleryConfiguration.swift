/// Where an application keeps its media: typed, or read from the environment by the names that Django's users know.
///
/// ```swift
/// let configuration = try GalleryConfiguration(environment: ProcessInfo.processInfo.environment)
/// let storage = try await configuration.storage()
/// ```
public struct GalleryConfiguration: Sendable, Hashable {
    /// A folder or a bucket.
    public enum Place: Sendable, Hashable {
        /// A folder on this machine.
        case folder(FolderConfiguration)
        /// A bucket on AWS, on Pail, or on another S3.
        case bucket(BucketConfiguration)
    }

    /// A folder or a bucket.
    public var place: Place

    /// Chooses a place.
    public init(_ place: Place) { self.place = place }

    /// Reads the settings of an environment: a bucket where `AWS_STORAGE_BUCKET_NAME` is set, else a folder.
    ///
    /// The names and their meanings are those of [django-storages](https://django-storages.readthedocs.io/en/latest/backends/amazon-S3.html),
    /// listed with ``BucketConfiguration/init(environment:)`` and ``FolderConfiguration/init(environment:)``.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/configuration``, which names the variable and what it may be.
    public init(environment: [String: String]) throws(StorageError) {
        if EnvironmentSettings(environment).text("AWS_STORAGE_BUCKET_NAME") == nil {
            place = .folder(try FolderConfiguration(environment: environment))
        } else {
            place = .bucket(try BucketConfiguration(environment: environment))
        }
    }
}
