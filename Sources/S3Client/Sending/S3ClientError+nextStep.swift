extension S3ClientError {
    /// What a person can do about an error of the service.
    func nextStep(bucket: String?) -> String {
        let bucket = bucket ?? "the bucket"
        return switch code {
        case "NoSuchBucket":
            "Make the bucket \(bucket), or look at its name and at the endpoint."
        case "AccessDenied", "Forbidden", "AllAccessDisabled":
            "Look at what the key's policy and the policy of \(bucket) allow."
        case "InvalidAccessKeyId":
            "The service does not know the access key: look at AWS_ACCESS_KEY_ID and at the endpoint."
        case "SignatureDoesNotMatch": signatureStep
        case "RequestTimeTooSkewed":
            "Set this machine's clock: the service says it is \(detail("ServerTime") ?? "another time")."
        case "ExpiredToken", "InvalidToken", "TokenRefreshRequired":
            "Get new temporary credentials; AWS_SESSION_TOKEN belongs to one key pair."
        case "PermanentRedirect", "AuthorizationHeaderMalformed",
            "IllegalLocationConstraintException":
            "Set the region of \(bucket)\(detail("Region").map { ": \($0)" } ?? "")."
        case "SlowDown", "ServiceUnavailable", "Throttling":
            "Send fewer requests at once, or later."
        case "EntityTooLarge": "Upload it in parts."
        case "BadDigest", "XAmzContentSHA256Mismatch":
            "The bytes changed on the way, or while they were read: try again."
        case "BucketAlreadyExists": "Choose another name: bucket names are shared by all accounts."
        case "NoSuchUpload": "The upload was completed or aborted already: begin it anew."
        case "PreconditionFailed", "ConditionalRequestConflict":
            "Another writer was there first: read the object again."
        default: ""
        }
    }

    private var signatureStep: String {
        let hint = detail("Hint").map { "\($0). " } ?? ""
        return
            "\(hint)Look at AWS_SECRET_ACCESS_KEY, and compare details (StringToSign) with what was signed."
    }
}
