import S3Protocol

extension StorageClass {
    /// The class that a write asks for.
    ///
    /// - Throws: ``S3Error`` with `InvalidStorageClass`.
    static func read(_ request: S3Request) throws(S3Error) -> String {
        guard let name = request.header("x-amz-storage-class") else { return standard }
        guard names.contains(name) else {
            throw S3Error(
                .invalidStorageClass,
                details: [.init("StorageClassRequested", name)]
            )
        }
        return name
    }
}
