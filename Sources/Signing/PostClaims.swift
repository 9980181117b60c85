public import S3Protocol

/// What a form says of who signed it.
///
/// What it says is not yet believed: ``Verifier`` does that.
///
/// [Authenticating HTTP POST requests](https://docs.aws.amazon.com/AmazonS3/latest/API/sigv4-authentication-HTTPPOST.html)
public enum PostClaims: Sendable, Hashable {
    /// It does not say.
    case anonymous
    /// By signature version 4.
    case v4(PostV4Claims)
    /// By signature version 2.
    case v2(PostV2Claims)

    /// The names of the fields that AWS asks for, in the order it misses them, in lower case.
    private static let v4Names = [
        "x-amz-signature", "x-amz-algorithm", "x-amz-credential", "x-amz-date",
    ]
    private static let v2Names = ["signature", "awsaccesskeyid"]

    /// Reads what a form claims.
    ///
    /// - Parameter field: The value of a field, by its name in lower case.
    /// - Returns: The claims; a form with none of a signature's fields is anonymous.
    /// - Throws: `InvalidArgument` where a field is missing or cannot be read.
    public static func parse(
        _ field: (String) -> String?
    ) throws(S3Error) -> PostClaims {
        let isV4 = v4Names.contains { field($0) != nil }
        let isV2 = v2Names.contains { field($0) != nil }
        guard !isV4 || !isV2 else { throw .twoMechanisms("") }
        guard isV4 || isV2 else { return .anonymous }
        for name in (isV4 ? v4Names : v2Names) + ["policy"] where field(name) == nil {
            throw .missingField(spelled(name))
        }
        return isV4 ? .v4(try PostV4Claims(field)) : .v2(PostV2Claims(field))
    }

    /// How AWS spells a field's name when it misses it.
    private static func spelled(_ name: String) -> String {
        switch name {
        case "awsaccesskeyid": "AWSAccessKeyId"
        case "signature": "Signature"
        case "policy": name
        default:
            name.split(separator: "-").map { $0.prefix(1).uppercased() + $0.dropFirst() }
                .joined(separator: "-")
        }
    }
}

/// What a form that is signed by version 4 says of itself.
public struct PostV4Claims: Sendable, Hashable {
    /// The access key.
    public let accessKey: String
    /// What the signature is good for.
    public let scope: CredentialScope
    /// When the form was signed.
    public let time: Timestamp
    /// The signature: 64 hexadecimal digits, if it is one.
    public let signature: String
    /// The policy in base64: all that is signed.
    public let policy: String
    /// The token of a temporary key.
    public let sessionToken: String?
    /// The field `x-amz-credential` as it came.
    let credential: String

    fileprivate init(_ field: (String) -> String?) throws(S3Error) {
        func value(_ name: String) -> String { field(name) ?? "" }
        guard value("x-amz-algorithm") == V4Claims.algorithm else {
            throw .invalidField(
                "X-Amz-Algorithm",
                value("x-amz-algorithm"),
                "X-Amz-Algorithm only supports \"\(V4Claims.algorithm)\""
            )
        }
        credential = value("x-amz-credential")
        guard !credential.hasPrefix("/") else {
            throw .invalidCredential(
                credential,
                "a non-empty Access Key (AKID) must be provided in the credential."
            )
        }
        switch CredentialScope.parse(Array(credential.utf8)[...], of: "s3") {
        case .success(let parsed): (accessKey, scope) = parsed
        case .failure(let reason): throw .invalidCredential(credential, reason.message)
        }
        guard let time = ISO8601.parseBasic(value("x-amz-date")) else {
            throw .invalidField(
                "X-Amz-Date",
                value("x-amz-date"),
                "X-Amz-Date must be formated via ISO8601 Long format"
            )
        }
        guard value("x-amz-date").hasPrefix(scope.day) else {
            throw .invalidCredential(
                credential,
                """
                Invalid credential date "\(scope.day)". This date is not the same as X-Amz-Date: \
                "\(value("x-amz-date").prefix(8))".
                """
            )
        }
        self.time = time
        signature = value("x-amz-signature")
        policy = value("policy")
        sessionToken = field("x-amz-security-token")
    }
}

/// What a form that is signed by version 2 says of itself.
public struct PostV2Claims: Sendable, Hashable {
    /// The access key.
    public let accessKey: String
    /// The signature in base64, if it is one.
    public let signature: String
    /// The policy in base64: all that is signed.
    public let policy: String
    /// The token of a temporary key.
    public let sessionToken: String?

    fileprivate init(_ field: (String) -> String?) {
        accessKey = field("awsaccesskeyid") ?? ""
        signature = field("signature") ?? ""
        policy = field("policy") ?? ""
        sessionToken = field("x-amz-security-token")
    }
}

extension S3Error {
    /// A form lacks a field, or has it behind the file, where nothing is read any more.
    public static func missingField(_ name: String) -> S3Error {
        invalidField(
            name,
            "",
            "Bucket POST must contain a field named '\(name)'.  If it is specified, please check "
                + "the order of the fields."
        )
    }

    /// A form's field has a value that it may not have.
    public static func invalidField(
        _ name: String,
        _ value: String,
        _ message: String
    ) -> S3Error {
        S3Error(
            .invalidArgument,
            message,
            details: [.init("ArgumentName", name), .init("ArgumentValue", value)]
        )
    }

    static func invalidCredential(_ credential: String, _ message: String) -> S3Error {
        invalidField("X-Amz-Credential", credential, message)
    }
}
