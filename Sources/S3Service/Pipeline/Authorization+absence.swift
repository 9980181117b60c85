import ObjectStore
import Policy
import S3Protocol

// What somebody is told of an object that is not there: only who may list it learns that, and who may learns it
// also without a right to read.
//
// [Permissions of GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html#API_GetObject_RequestSyntax)

/// That a copy's source is not there, as the caller may be told: that has been asked in the source's own bucket, and
/// says nothing of the bucket that the request names.
struct SourceAbsence: Error {
    let error: S3Error
}

extension Authorization {
    /// The answer where what is asked for turns out not to be there.
    func absence(_ error: S3Error, of key: String, in bucket: Bucket) throws -> S3Error {
        if try mayList(key, in: bucket) { return error }
        return S3Error(
            .accessDenied,
            logged: "\(error.code.name), told to none but those who may list the bucket"
        )
    }

    /// The answer to who may not read what is asked for, which may not even be there.
    func refusal(_ error: S3Error, _ action: Action, on target: Target) throws -> S3Error {
        guard action == GetObject.action, case .object(let bucket, let key, .latest) = target,
            try store.object(key, in: bucket) == nil, try mayList(key, in: bucket)
        else { return error }
        return ObjectVersion.latest.missing(key)
    }

    /// Whether the caller could find out by a listing; conditions see the key as its prefix.
    private func mayList(_ key: String, in bucket: Bucket) throws -> Bool {
        try allows(ListObjectsV2.action, on: .bucket(bucket), told: ["s3:prefix": [key]])
    }
}
