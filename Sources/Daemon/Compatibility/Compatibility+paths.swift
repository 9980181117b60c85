import Policy
import S3Service

extension Compatibility {
    /// What the other server's health checks and start-up probes ask for, without a key.
    func openPaths(_ scripts: InitScripts) -> [String: OpenPath] {
        switch self {
        case .minio:
            // Nothing is served before the store is open, so who hears this is told the truth.
            return Dictionary(
                ["live", "ready", "cluster"]
                    .map { ("/minio/health/\($0)", OpenPath(type: "text/plain") { "" }) }
            ) { first, _ in first }
        case .localstack:
            return [
                "/_localstack/health": OpenPath(type: "application/json") { Self.health },
                "/_localstack/init": OpenPath(type: "application/json") { scripts.json },
            ]
        }
    }

    /// LocalStack's list of services, with those that Pail has.
    private static let health = JSON.object([
        "services": .object([
            "s3": .string("running"), "iam": .string("running"), "sts": .string("running"),
        ]),
        "edition": .string("pail"),
        "version": .string(pailVersion),
    ]).text
}
