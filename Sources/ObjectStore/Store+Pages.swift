extension Store {
    /// A page of a bucket's objects, as ``list(_:in:)`` makes it, but never long on the calling thread.
    ///
    /// Where a bucket has ever kept versions, any number of delete markers and old versions may have to be passed for it:
    /// that is done on a worker. Of all others each row that is looked at is an object or stands for many.
    public func page(_ query: ListQuery, of bucket: Bucket) async throws -> Listing {
        guard bucket.versioning != nil else { return try list(query, in: bucket) }
        return try await workers.run { try self.list(query, in: bucket) }
    }
}
