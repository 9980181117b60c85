extension S3Error.Code {
    /// Every code of S3 that Pail has a name for.
    public static let all: [S3Error.Code] = [
        .accessDenied, .accessControlListNotSupported, .ambiguousGrantByEmailAddress,
        .invalidBucketACLWithObjectOwnership, .invalidBucketACLWithBlockPublicAccess,
        .malformedACL, .malformedPolicy, .noSuchBucketPolicy,
        .noSuchPublicAccessBlockConfiguration, .ownershipControlsNotFound,
        .unresolvableGrantByEmailAddress, .accountProblem, .authorizationHeaderMalformed,
        .authorizationQueryParametersError, .badDigest, .badRequest, .bucketAlreadyExists,
        .bucketAlreadyOwnedByYou, .bucketNotEmpty, .conditionalRequestConflict,
        .contentSHA256Mismatch, .crossLocationLoggingProhibited, .invalidTargetBucketForLogging,
        .entityTooLarge, .entityTooSmall, .expiredToken, .illegalLocationConstraint,
        .incompleteBody, .internalError, .invalidAccessKeyID, .invalidArgument,
        .invalidBucketName, .invalidBucketOwnerAccountID, .invalidChunkSize, .invalidDigest,
        .invalidEncryptionAlgorithm,
        .invalidLocationConstraint, .invalidObjectState, .invalidPart, .invalidPartNumber,
        .invalidPartOrder, .invalidPolicyDocument, .invalidRange, .invalidRequest,
        .invalidS3DestinationBucket, .idMismatch, .invalidStorageClass, .invalidToken, .invalidURI,
        .kmsNotFound, .keyTooLong,
        .malformedPOSTRequest, .malformedTrailer, .accessForbidden,
        .illegalVersioningConfiguration, .invalidBucketState, .invalidTag, .malformedXML,
        .maxMessageLengthExceeded, .maxPostPreDataLengthExceeded, .metadataTooLarge,
        .methodNotAllowed, .missingContentLength, .missingRequestBody, .missingSecurityHeader,
        .noSuchBucket, .noSuchCORSConfiguration, .noSuchLifecycleConfiguration,
        .noSuchConfiguration, .noSuchWebsiteConfiguration, .invalidRedirectLocation,
        .replicationConfigurationNotFound, .tooManyConfigurations, .noSuchKey, .noSuchTagSet,
        .noSuchObjectLockConfiguration, .objectLockConfigurationNotFound, .noSuchUpload,
        .noSuchVersion, .notImplemented, .preconditionFailed, .requestHeaderSectionTooLarge,
        .requestTimeTooSkewed, .requestTimeout, .encryptionConfigurationNotFound,
        .serviceUnavailable, .signatureDoesNotMatch, .slowDown, .tooManyBuckets,
        .unexpectedContent,
    ]

    /// The code of a name, such as `SlowDown`; `nil` for one that Pail does not know.
    public static func named(_ name: String) -> S3Error.Code? { byName[name] }

    private static let byName = Dictionary(all.map { ($0.name, $0) }) { first, _ in first }
}
