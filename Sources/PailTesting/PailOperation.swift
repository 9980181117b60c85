/// The name of an operation of S3, such as `PutObject`; any of AWS's names can be written as a string.
///
/// `*` and `?` stand for what may be anything: `"Get*"`.
public struct PailOperation: RawRepresentable, ExpressibleByStringLiteral, Hashable, Sendable {
    /// AWS's name.
    public let rawValue: String

    /// Names an operation.
    public init(rawValue: String) { self.rawValue = rawValue }

    /// Names an operation.
    public init(stringLiteral name: String) { rawValue = name }
}

extension PailOperation {
    /// [AbortMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_AbortMultipartUpload.html).
    public static let abortMultipartUpload: PailOperation = "AbortMultipartUpload"
    /// [CompleteMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html).
    public static let completeMultipartUpload: PailOperation = "CompleteMultipartUpload"
    /// [CopyObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html).
    public static let copyObject: PailOperation = "CopyObject"
    /// [CreateBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateBucket.html).
    public static let createBucket: PailOperation = "CreateBucket"
    /// [CreateMultipartUpload](https://docs.aws.amazon.com/AmazonS3/latest/API/API_CreateMultipartUpload.html).
    public static let createMultipartUpload: PailOperation = "CreateMultipartUpload"
    /// [DeleteBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteBucket.html).
    public static let deleteBucket: PailOperation = "DeleteBucket"
    /// [DeleteObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObject.html).
    public static let deleteObject: PailOperation = "DeleteObject"
    /// [DeleteObjectTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjectTagging.html).
    public static let deleteObjectTagging: PailOperation = "DeleteObjectTagging"
    /// [DeleteObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html).
    public static let deleteObjects: PailOperation = "DeleteObjects"
    /// [GetObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html).
    public static let getObject: PailOperation = "GetObject"
    /// [GetObjectAcl](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAcl.html).
    public static let getObjectAcl: PailOperation = "GetObjectAcl"
    /// [GetObjectAttributes](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectAttributes.html).
    public static let getObjectAttributes: PailOperation = "GetObjectAttributes"
    /// [GetObjectLegalHold](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLegalHold.html).
    public static let getObjectLegalHold: PailOperation = "GetObjectLegalHold"
    /// [GetObjectLockConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectLockConfiguration.html).
    public static let getObjectLockConfiguration: PailOperation = "GetObjectLockConfiguration"
    /// [GetObjectRetention](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectRetention.html).
    public static let getObjectRetention: PailOperation = "GetObjectRetention"
    /// [GetObjectTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObjectTagging.html).
    public static let getObjectTagging: PailOperation = "GetObjectTagging"
    /// [HeadBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html).
    public static let headBucket: PailOperation = "HeadBucket"
    /// [HeadObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadObject.html).
    public static let headObject: PailOperation = "HeadObject"
    /// [ListBuckets](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListBuckets.html).
    public static let listBuckets: PailOperation = "ListBuckets"
    /// [ListMultipartUploads](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListMultipartUploads.html).
    public static let listMultipartUploads: PailOperation = "ListMultipartUploads"
    /// [ListObjectVersions](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html).
    public static let listObjectVersions: PailOperation = "ListObjectVersions"
    /// [ListObjects](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjects.html).
    public static let listObjects: PailOperation = "ListObjects"
    /// [ListObjectsV2](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html).
    public static let listObjectsV2: PailOperation = "ListObjectsV2"
    /// [ListParts](https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListParts.html).
    public static let listParts: PailOperation = "ListParts"
    /// [PostObject](https://docs.aws.amazon.com/AmazonS3/latest/API/RESTObjectPOST.html).
    public static let postObject: PailOperation = "PostObject"
    /// [PutObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html).
    public static let putObject: PailOperation = "PutObject"
    /// [PutObjectAcl](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectAcl.html).
    public static let putObjectAcl: PailOperation = "PutObjectAcl"
    /// [PutObjectLegalHold](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLegalHold.html).
    public static let putObjectLegalHold: PailOperation = "PutObjectLegalHold"
    /// [PutObjectLockConfiguration](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectLockConfiguration.html).
    public static let putObjectLockConfiguration: PailOperation = "PutObjectLockConfiguration"
    /// [PutObjectRetention](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectRetention.html).
    public static let putObjectRetention: PailOperation = "PutObjectRetention"
    /// [PutObjectTagging](https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObjectTagging.html).
    public static let putObjectTagging: PailOperation = "PutObjectTagging"
    /// [RestoreObject](https://docs.aws.amazon.com/AmazonS3/latest/API/API_RestoreObject.html).
    public static let restoreObject: PailOperation = "RestoreObject"
    /// [UploadPart](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPart.html).
    public static let uploadPart: PailOperation = "UploadPart"
    /// [UploadPartCopy](https://docs.aws.amazon.com/AmazonS3/latest/API/API_UploadPartCopy.html).
    public static let uploadPartCopy: PailOperation = "UploadPartCopy"
}
