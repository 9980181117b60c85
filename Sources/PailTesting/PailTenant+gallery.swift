public import GalleryClient

extension PailTenant {
    /// A bucket of the tenant as an application configures it.
    public func configuration(_ bucket: String) -> BucketConfiguration {
        var configuration = BucketConfiguration(bucket: bucket)
        configuration.region = region
        configuration.addressing = .path
        configuration.endpoint = endpoint
        configuration.credentials = GalleryCredentials(accessKey: accessKey, secret: secretKey)
        configuration.environment = [:]
        return configuration
    }

    /// A bucket of the tenant, ready to be saved to and read from.
    ///
    /// - Throws: `StorageError` for settings that cannot work.
    public func gallery(_ bucket: String) async throws -> GalleryStorage {
        let storage = try GalleryStorage(configuration(bucket))
        try await storage.resolveCredentials()
        return storage
    }
}
