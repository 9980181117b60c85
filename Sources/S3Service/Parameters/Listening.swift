import S3Protocol

extension S3Request {
    /// Refuses a request to wait for events, which MinIO has and S3 has not.
    ///
    /// It is told from a list by `events` alone. Its clients take a list for a stream that broke off, and ask again
    /// at once and for ever, where an error ends them.
    ///
    /// What S3 has is [notifications](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutBucketNotificationConfiguration.html).
    ///
    /// - Throws: ``S3Error`` with `NotImplemented`.
    func refuseListening() throws(S3Error) {
        guard query["events"] != nil else { return }
        throw S3Error(
            .notImplemented,
            "ListenBucketNotification is MinIO's and not implemented; PutBucketNotificationConfiguration sends events.",
            details: [.init("Operation", "ListenBucketNotification")]
        )
    }
}
