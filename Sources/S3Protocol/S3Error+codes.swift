// One row a code: status, name and sentence as AWS publishes them, or as it was seen to send them where that is another.
// <https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html>

// swift-format-ignore
extension S3Error.Code {
    /// The caller may not do this.
    public static let accessDenied = Self(403, "AccessDenied", "Access Denied")
    /// A list where the bucket has none.
    public static let accessControlListNotSupported = Self(400, "AccessControlListNotSupported", "The bucket does not allow ACLs")
    /// More than one account has the address.
    public static let ambiguousGrantByEmailAddress = Self(400, "AmbiguousGrantByEmailAddress", "The email address that you provided is associated with more than one account.")
    /// A list for a bucket that is to be made without any.
    public static let invalidBucketACLWithObjectOwnership = Self(400, "InvalidBucketAclWithObjectOwnership", "Bucket cannot have ACLs set with ObjectOwnership's BucketOwnerEnforced setting")
    /// A public list for a bucket that is to be made with public access blocked.
    public static let invalidBucketACLWithBlockPublicAccess = Self(400, "InvalidBucketAclWithBlockPublicAccessError", "Bucket cannot have public ACLs set with BlockPublicAccess enabled")
    /// The list is not one.
    public static let malformedACL = Self(400, "MalformedACLError", "The XML you provided was not well-formed or did not validate against our published schema")
    /// The bucket's policy is not one.
    public static let malformedPolicy = Self(400, "MalformedPolicy", "Your policy contains a principal that is not valid.")
    /// The bucket has no policy.
    public static let noSuchBucketPolicy = Self(404, "NoSuchBucketPolicy", "The bucket policy does not exist")
    /// The bucket blocks no public access.
    public static let noSuchPublicAccessBlockConfiguration = Self(404, "NoSuchPublicAccessBlockConfiguration", "The public access block configuration was not found")
    /// The bucket has no setting for whose its objects are.
    public static let ownershipControlsNotFound = Self(404, "OwnershipControlsNotFoundError", "The bucket ownership controls were not found")
    /// Nobody has the address.
    public static let unresolvableGrantByEmailAddress = Self(400, "UnresolvableGrantByEmailAddress", "The email address that you provided does not match any account on record.")
    /// The caller's account is not in order.
    public static let accountProblem = Self(403, "AccountProblem", "There is a problem with your AWS account that prevents the operation from completing successfully.")
    /// The `Authorization` header cannot be read, or its scope is not this region's.
    public static let authorizationHeaderMalformed = Self(400, "AuthorizationHeaderMalformed", "The authorization header that you provided is not valid.")
    /// A presigned URL's parameters cannot be read.
    public static let authorizationQueryParametersError = Self(400, "AuthorizationQueryParametersError", "Query-string authentication version 4 requires the X-Amz-Algorithm, X-Amz-Credential, X-Amz-Signature, X-Amz-Date, X-Amz-SignedHeaders, and X-Amz-Expires parameters.")
    /// The body is not the one whose digest was promised.
    public static let badDigest = Self(400, "BadDigest", "The Content-MD5 or checksum value that you specified did not match what the server received.")
    /// The request cannot be understood as HTTP.
    public static let badRequest = Self(400, "BadRequest", "Bad Request")
    /// Another account has a bucket of this name.
    public static let bucketAlreadyExists = Self(409, "BucketAlreadyExists", "The requested bucket name is not available. The bucket namespace is shared by all users of the system. Specify a different name and try again.")
    /// The caller has a bucket of this name already.
    public static let bucketAlreadyOwnedByYou = Self(409, "BucketAlreadyOwnedByYou", "Your previous request to create the named bucket succeeded and you already own it.")
    /// A bucket with objects cannot be deleted.
    public static let bucketNotEmpty = Self(409, "BucketNotEmpty", "The bucket you tried to delete is not empty")
    /// The object changed while a conditional write was under way.
    public static let conditionalRequestConflict = Self(409, "ConditionalRequestConflict", "The conditional request cannot succeed due to a conflicting operation against this resource.")
    /// The body's SHA-256 is not the signed one.
    public static let contentSHA256Mismatch = Self(400, "XAmzContentSHA256Mismatch", "The provided 'x-amz-content-sha256' header does not match what was computed.")
    /// A log is to go to another region.
    public static let crossLocationLoggingProhibited = Self(403, "CrossLocationLoggingProhibitted", "Cross S3 location logging not allowed. ")
    /// A log is to go where it cannot.
    public static let invalidTargetBucketForLogging = Self(400, "InvalidTargetBucketForLogging", "The target bucket for logging does not exist, is not owned by you, or does not have the appropriate grants for the log-delivery group.")
    /// A body is larger than an object or a part may be.
    public static let entityTooLarge = Self(400, "EntityTooLarge", "Your proposed upload exceeds the maximum allowed object size.")
    /// A part other than the last is smaller than 5 MiB.
    public static let entityTooSmall = Self(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size")
    /// A session token is past its end.
    public static let expiredToken = Self(400, "ExpiredToken", "The provided token has expired.")
    /// The bucket is asked for in a region that is not served here.
    public static let illegalLocationConstraint = Self(400, "IllegalLocationConstraintException", "The specified location-constraint is incompatible for the region specific endpoint this request was sent to.")
    /// The body ended early.
    public static let incompleteBody = Self(400, "IncompleteBody", "You did not provide the number of bytes specified by the Content-Length HTTP header.")
    /// The server's own fault.
    public static let internalError = Self(500, "InternalError", "We encountered an internal error. Please try again.")
    /// No such access key.
    public static let invalidAccessKeyID = Self(403, "InvalidAccessKeyId", "The AWS Access Key Id you provided does not exist in our records.")
    /// A parameter has a value it may not have.
    public static let invalidArgument = Self(400, "InvalidArgument", "Invalid Argument")
    /// The name breaks the rules for bucket names.
    public static let invalidBucketName = Self(400, "InvalidBucketName", "The specified bucket is not valid.")
    /// A chunk is too small, and not the last.
    public static let invalidChunkSize = Self(403, "InvalidChunkSizeError", "Only the last chunk is allowed to have a size less than 8192 bytes")
    /// A promised MD5 is not an MD5.
    public static let invalidDigest = Self(400, "InvalidDigest", "The Content-MD5 you specified was invalid.")
    /// The algorithm of a client's own key is not AES256.
    public static let invalidEncryptionAlgorithm = Self(400, "InvalidEncryptionAlgorithmError", "The Encryption request you specified is not valid. Supported value: AES256.")
    /// No such region.
    public static let invalidLocationConstraint = Self(400, "InvalidLocationConstraint", "The specified location-constraint is not valid")
    /// The object's storage class does not allow it.
    public static let invalidObjectState = Self(403, "InvalidObjectState", "The operation is not valid for the object's storage class")
    /// A named part is missing or another.
    public static let invalidPart = Self(400, "InvalidPart", "One or more of the specified parts could not be found.  The part may not have been uploaded, or the specified entity tag may not match the part's entity tag.")
    /// The object has no such part.
    public static let invalidPartNumber = Self(416, "InvalidPartNumber", "The requested partnumber is not satisfiable")
    /// Parts are named out of order.
    public static let invalidPartOrder = Self(400, "InvalidPartOrder", "The list of parts was not in ascending order. Parts must be ordered by part number.")
    /// The policy of a form is not one.
    public static let invalidPolicyDocument = Self(400, "InvalidPolicyDocument", "The content of the form does not meet the conditions specified in the policy document.")
    /// The owner that a bucket is expected to have is no account.
    public static let invalidBucketOwnerAccountID = Self(400, "InvalidBucketOwnerAWSAccountID", "The value of the expected bucket owner parameter must be an AWS account ID.")
    /// A configuration is to be written where it cannot.
    public static let invalidS3DestinationBucket = Self(400, "InvalidS3DestinationBucket", "Invalid bucket ARN.")
    /// A document names another configuration than its request does.
    public static let idMismatch = Self(400, "IdMismatch", "Document ID does not match the specified configuration ID.")
    /// No byte of the object lies in the range.
    public static let invalidRange = Self(416, "InvalidRange", "The requested range is not satisfiable")
    /// The request contradicts itself or asks for what is not done.
    public static let invalidRequest = Self(400, "InvalidRequest", "Invalid Request")
    /// No such storage class.
    public static let invalidStorageClass = Self(400, "InvalidStorageClass", "The storage class you specified is not valid")
    /// The session token is not this key's.
    public static let invalidToken = Self(400, "InvalidToken", "The provided token is malformed or otherwise not valid.")
    /// The target cannot be decoded.
    public static let invalidURI = Self(400, "InvalidURI", "Couldn't parse the specified URI.")
    /// No such key to encrypt with.
    public static let kmsNotFound = Self(400, "KMS.NotFoundException", "The request was rejected because the specified entity or resource could not be found.")
    /// A key is longer than 1,024 bytes.
    public static let keyTooLong = Self(400, "KeyTooLongError", "Your key is too long.")
    /// The body is not the form it should be.
    public static let malformedPOSTRequest = Self(400, "MalformedPOSTRequest", "The body of your POST request is not well-formed multipart/form-data.")
    /// The trailer that was announced did not come, or cannot be read.
    public static let malformedTrailer = Self(400, "MalformedTrailerError", "The request contained trailing data that was not well-formed or did not conform to our published schema.")
    /// A cross-origin request that no rule of the bucket allows.
    public static let accessForbidden = Self(403, "AccessForbidden", "CORSResponse: CORS is not enabled for this bucket.")
    /// A versioning configuration says neither Enabled nor Suspended.
    public static let illegalVersioningConfiguration = Self(400, "IllegalVersioningConfigurationException", "The Versioning element must be specified")
    /// The bucket is not in a state in which this can be done to it.
    public static let invalidBucketState = Self(409, "InvalidBucketState", "The request is not valid for the current state of the bucket.")
    /// A tag is too long, or has characters that tags may not have.
    public static let invalidTag = Self(400, "InvalidTag", "The tag provided was not a valid tag.")
    /// The body is not the document it should be.
    public static let malformedXML = Self(400, "MalformedXML", "The XML you provided was not well-formed or did not validate against our published schema")
    /// A document is larger than is read.
    public static let maxMessageLengthExceeded = Self(400, "MaxMessageLengthExceeded", "Your request was too big.")
    /// A form has more than 20 KiB beside its file.
    public static let maxPostPreDataLengthExceeded = Self(400, "MaxPostPreDataLengthExceeded", "Your POST request fields preceeding the upload file was too large.")
    /// User metadata is larger than 2 KiB.
    public static let metadataTooLarge = Self(400, "MetadataTooLarge", "Your metadata headers exceed the maximum allowed metadata size.")
    /// The resource does not take this method.
    public static let methodNotAllowed = Self(405, "MethodNotAllowed", "The specified method is not allowed against this resource.")
    /// A body without a length.
    public static let missingContentLength = Self(411, "MissingContentLength", "You must provide the Content-Length HTTP header.")
    /// A document was expected.
    public static let missingRequestBody = Self(400, "MissingRequestBodyError", "Request Body is empty")
    /// A header that authentication needs is absent.
    public static let missingSecurityHeader = Self(400, "MissingSecurityHeader", "Your request was missing a required header.")
    /// No such bucket.
    public static let noSuchBucket = Self(404, "NoSuchBucket", "The specified bucket does not exist")
    /// The bucket has no rules for pages from elsewhere.
    public static let noSuchCORSConfiguration = Self(404, "NoSuchCORSConfiguration", "The CORS configuration does not exist")
    /// The bucket has no lifecycle.
    public static let noSuchLifecycleConfiguration = Self(404, "NoSuchLifecycleConfiguration", "The lifecycle configuration does not exist")
    /// The bucket has no configuration of this ID.
    public static let noSuchConfiguration = Self(404, "NoSuchConfiguration", "The specified configuration does not exist.")
    /// The bucket is no website.
    public static let noSuchWebsiteConfiguration = Self(404, "NoSuchWebsiteConfiguration", "The specified bucket does not have a website configuration")
    /// An object cannot send anybody there.
    public static let invalidRedirectLocation = Self(400, "InvalidRedirectLocation", "The website redirect location must have a prefix of 'http://' or 'https://' or '/'.")
    /// The bucket is copied nowhere.
    public static let replicationConfigurationNotFound = Self(404, "ReplicationConfigurationNotFoundError", "The replication configuration was not found")
    /// The bucket has as many configurations of a kind as it may.
    public static let tooManyConfigurations = Self(400, "TooManyConfigurations", "You are attempting to create a new configuration but have already reached the 1,000-configuration limit.")
    /// No such object.
    public static let noSuchKey = Self(404, "NoSuchKey", "The specified key does not exist.")
    /// The bucket has no tags.
    public static let noSuchTagSet = Self(404, "NoSuchTagSet", "The TagSet does not exist")
    /// The version has no lock of this kind.
    public static let noSuchObjectLockConfiguration = Self(404, "NoSuchObjectLockConfiguration", "The specified object does not have a ObjectLock configuration")
    /// The bucket has no locks.
    public static let objectLockConfigurationNotFound = Self(404, "ObjectLockConfigurationNotFoundError", "Object Lock configuration does not exist for this bucket")
    /// No such multipart upload.
    public static let noSuchUpload = Self(404, "NoSuchUpload", "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
    /// No such version of the object.
    public static let noSuchVersion = Self(404, "NoSuchVersion", "The specified version does not exist.")
    /// Pail does not do this.
    public static let notImplemented = Self(501, "NotImplemented", "A header you provided implies functionality that is not implemented")
    /// A condition of the request does not hold.
    public static let preconditionFailed = Self(412, "PreconditionFailed", "At least one of the pre-conditions you specified did not hold")
    /// The head of the request is larger than is read.
    public static let requestHeaderSectionTooLarge = Self(400, "RequestHeaderSectionTooLarge", "Your request header section exceeds the maximum allowed request header section size.")
    /// The client's clock and this one disagree.
    public static let requestTimeTooSkewed = Self(403, "RequestTimeTooSkewed", "The difference between the request time and the current time is too large.")
    /// The body stopped arriving.
    public static let requestTimeout = Self(400, "RequestTimeout", "Your socket connection to the server was not read from or written to within the timeout period.")
    /// The bucket has no default encryption.
    public static let encryptionConfigurationNotFound = Self(404, "ServerSideEncryptionConfigurationNotFoundError", "The server side encryption configuration was not found")
    /// The store cannot take writes now.
    public static let serviceUnavailable = Self(503, "ServiceUnavailable", "Service is unable to handle request.")
    /// The signature is not the one this request has.
    public static let signatureDoesNotMatch = Self(403, "SignatureDoesNotMatch", "The request signature we calculated does not match the signature you provided. Check your key and signing method.")
    /// Too much at once.
    public static let slowDown = Self(503, "SlowDown", "Please reduce your request rate.")
    /// The account has all the buckets it may have.
    public static let tooManyBuckets = Self(400, "TooManyBuckets", "You have attempted to create more buckets than allowed.")
    /// A body where none belongs.
    public static let unexpectedContent = Self(400, "UnexpectedContent", "This request does not support content")
}
