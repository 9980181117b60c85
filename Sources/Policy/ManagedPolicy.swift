/// A policy that AWS keeps, under AWS's own name and with AWS's own text.
public struct ManagedPolicy: Sendable, Hashable {
    /// The name, such as `AmazonS3FullAccess`.
    public let name: String
    /// The document.
    public let json: String

    /// The name that AWS attaches it by.
    public var arn: String { "arn:aws:iam::aws:policy/\(name)" }

    /// The document of the managed policy that has a name or an ARN.
    ///
    /// - Throws: ``PolicyError`` where Pail has none of that name.
    public static func named(_ name: String) throws(PolicyError) -> PolicyDocument {
        guard let policy = all.first(where: { $0.name == name || $0.arn == name }) else {
            let known = all.map(\.name).joined(separator: " and ")
            throw PolicyError("There is no managed policy \"\(name)\" here, only \(known).")
        }
        return try PolicyDocument(json: policy.json)
    }

    /// All that Pail has.
    public static let all = [amazonS3FullAccess, amazonS3ReadOnlyAccess]

    /// Everything in S3.
    ///
    /// [AmazonS3FullAccess](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AmazonS3FullAccess.html)
    public static let amazonS3FullAccess = ManagedPolicy(
        name: "AmazonS3FullAccess",
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
