import NIOHTTP1
import S3Protocol

extension S3Client {
    /// Makes a bucket in the client's region.
    ///
    /// - Throws: ``S3ClientError``: `BucketAlreadyOwnedByYou`, `BucketAlreadyExists`, ...
    ///
    /// [CreateBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html)
    public func createBucket(_ bucket: String) async throws {
        var call = Call(operation: "CreateBucket", method: .PUT, bucket: bucket)
        // The first region is the one that has no name here.
        if endpoint.region != S3Endpoint.defaultRegion {
            let region = endpoint.region
            call.body = .bytes(
                XMLWriter.document("CreateBucketConfiguration") {
                    $0.element("LocationConstraint", region)
                }
            )
        }
        try await send(call) { try await $0.discard() }
    }
}
