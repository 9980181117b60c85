/// A policy that AWS keeps, under AWS's own name and with AWS's own text.
public struct ManagedPolicy: Sendable, Hashable {
    /// The name, such as `AmazonS3FullAccess`.
    public let name: String
    /// What AWS knows it by for ever.
    public let id: String
    /// What it is for, in AWS's words.
    public let description: String
    /// The number of the version that AWS has in force.
    public let version: Int64
    /// When AWS made it, in seconds since 1970.
    public let created: Int64
    /// The document.
    public let json: String

    /// The name that AWS attaches it by.
    public var arn: String { "arn:aws:iam::aws:policy/\(name)" }

    /// The document of the managed policy that has a name or an ARN.
    ///
    /// - Throws: ``PolicyError`` where Pail has none of that name.
    public static func named(_ name: String) throws(PolicyError) -> PolicyDocument {
        guard let policy = all.first(where: { $0.name == name || $0.arn == name }) else {
            let known = all.map(\.name).joined(separator: ", ")
            throw PolicyError("There is no managed policy \"\(name)\" here, only \(known).")
        }
        return try PolicyDocument(json: policy.json)
    }

    /// All that Pail has.
    public static let all = [
        administratorAccess, amazonS3FullAccess, amazonS3ReadOnlyAccess, iamFullAccess,
        iamReadOnlyAccess,
    ]

    /// Everything, in IAM too.
    ///
    /// [AdministratorAccess](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AdministratorAccess.html)
    public static let administratorAccess = ManagedPolicy(
        name: "AdministratorAccess",
        id: "ANPAIWMBCKSKIEE64ZLYK",
        description: "Provides full access to AWS services and resources.",
        version: 1,
        created: 1_423_247_986,
        json: """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": "*",
                  "Resource": "*"
                }
              ]
            }
            """
    )

    /// Everything in IAM.
    ///
    /// [IAMFullAccess](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMFullAccess.html)
    public static let iamFullAccess = ManagedPolicy(
        name: "IAMFullAccess",
        id: "ANPAI7XKCFMBPM3QQRRVQ",
        description: "Provides full access to IAM via the AWS Management Console.",
        version: 2,
        created: 1_423_248_038,
        json: """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "iam:*",
                    "organizations:DescribeAccount",
                    "organizations:DescribeOrganization",
                    "organizations:DescribeOrganizationalUnit",
                    "organizations:DescribePolicy",
                    "organizations:ListChildren",
                    "organizations:ListParents",
                    "organizations:ListPoliciesForTarget",
                    "organizations:ListRoots",
                    "organizations:ListPolicies",
                    "organizations:ListTargetsForPolicy"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """
    )

    /// Reading everything in IAM.
    ///
    /// [IAMReadOnlyAccess](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/IAMReadOnlyAccess.html)
    public static let iamReadOnlyAccess = ManagedPolicy(
        name: "IAMReadOnlyAccess",
        id: "ANPAJKSO7NDY4T57MWDSQ",
        description: "Provides read only access to IAM via the AWS Management Console.",
        version: 4,
        created: 1_423_248_039,
        json: """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "iam:GenerateCredentialReport",
                    "iam:GenerateServiceLastAccessedDetails",
                    "iam:Get*",
                    "iam:List*",
                    "iam:SimulateCustomPolicy",
                    "iam:SimulatePrincipalPolicy"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """
    )

    /// Everything in S3.
    ///
    /// [AmazonS3FullAccess](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonS3FullAccess.html)
    public static let amazonS3FullAccess = ManagedPolicy(
        name: "AmazonS3FullAccess",
        id: "ANPAIFIR6V6BVTRAHWINE",
        description: "Provides full access to all buckets via the AWS Management Console.",
        version: 2,
        created: 1_423_248_058,
        json: """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": ["s3:*", "s3-object-lambda:*"],
                  "Resource": "*"
                }
              ]
            }
            """
    )

    /// Reading and listing everything in S3.
    ///
    /// [AmazonS3ReadOnlyAccess](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonS3ReadOnlyAccess.html)
    public static let amazonS3ReadOnlyAccess = ManagedPolicy(
        name: "AmazonS3ReadOnlyAccess",
        id: "ANPAIZTJ4DXE7G6AGAE6M",
        description:
            "Provides read only access to all buckets via the AWS Management Console.",
        version: 3,
        created: 1_423_248_059,
        json: """
            {
              "Version": "2012-10-17",
              "Statement": [
                {
                  "Effect": "Allow",
                  "Action": [
                    "s3:Get*",
                    "s3:List*",
                    "s3:Describe*",
                    "s3-object-lambda:Get*",
                    "s3-object-lambda:List*"
                  ],
                  "Resource": "*"
                }
              ]
            }
            """
    )
}
