import Digests
import ObjectStore
import S3Protocol

/// The key of a log object.
///
/// [Log object key format](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ServerLogs.html#server-log-keyname-format)
enum LogKey {
    private static let uniqueBytes = 8

    /// Makes a key that no other log object has.
    ///
    /// - Parameters:
    ///   - subject: What the log is about.
    ///   - account: The twelve digits of the source bucket's owner.
    ///   - now: When it is delivered.
    ///   - random: Where the unique part comes from.
    /// - Returns: `PREFIX2013-11-01-21-32-16-E568B2907131C0C0`, or, where logs are partitioned,
    ///   `PREFIX123456789012/us-east-1/photos/2013/11/01/2013-11-01-21-32-16-E568B2907131C0C0`.
    static func make(
        _ subject: LogSubject,
        account: String,
        at now: Timestamp,
        random: any RandomSource
    ) -> String {
        // A day's own log shows no time of day.
        let parts = ISO8601.format(subject.day ?? now).prefix(19)
            .split { $0 == "-" || $0 == "T" || $0 == ":" }
        let unique = Hex.encode(random.bytes(uniqueBytes)).uppercased()
        let name = parts.joined(separator: "-") + "-" + unique
        let prefix = subject.configuration.targetPrefix
        switch subject.configuration.keyFormat {
        case nil, .simple: return prefix + name
        case .partitioned:
            let folders = [account, subject.sourceRegion, subject.source]
            let path = folders + parts.prefix(3).map(String.init) + [name]
            return prefix + path.joined(separator: "/")
        }
    }
}
