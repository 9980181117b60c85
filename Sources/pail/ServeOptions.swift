import ArgumentParser
import Daemon

/// The options of `pail serve`, all of them optional: what is absent here may be set elsewhere.
struct ServeOptions: ParsableArguments {
    @Option(help: "The address to listen on.")
    var host: String?

    @Option(
        help: "The port for http; 0 for any that is free, none for https alone (default: 9000)."
    )
    var port: String?

    @Option(help: "The data folder, made where it is missing (default: ./pail-data).")
    var data: String?

    @Option(help: "The region to be (default: us-east-1).")
    var region: String?

    @Option(
        help: "A base for virtual-host addressing, beside s3.localhost and localhost; repeatable."
    )
    var domain: [String] = []

    @Option(help: "A bucket to make at start if it is missing; repeatable.")
    var bucket: [String] = []

    @Option(help: "A folder whose folders become buckets at start, if they are missing or empty.")
    var seed: String?

    @Option(help: "A host that is the same as the others named so, for signatures; repeatable.")
    var alias: [String] = []

    @Option(help: "The root account's 12-digit ID (default: 000000000000).")
    var accountID: String?

    @Option(help: "The PEM file of the certificate to serve https with.")
    var tlsCert: String?

    @Option(help: "The PEM file of the certificate's private key.")
    var tlsKey: String?

    @Option(help: "The port for https; 0 for any that is free (default: 9443).")
    var tlsPort: String?

    @Option(help: "What a reply means: full, it is on disk; relaxed, it survives kill -9.")
    var durability: String?

    @Option(help: "For tests: a day of a lifecycle lasts so many seconds (default: a day).")
    var lifecycleDaySeconds: String?

    @Option(
        help: "How many stored bytes to read and compare in a second, or off (default: 4194304)."
    )
    var scrubBytesPerSecond: String?

    @Option(help: "What new buckets are given: aws, or legacy, as before April 2023.")
    var bucketDefaults: String?

    @Option(help: "Access logs of buckets are delivered every so many seconds (default: 300).")
    var logDeliverySeconds: String?

    @Option(
        help: "NAME=URL: let notifications to the topic or function NAME go there; repeatable."
    )
    var webhook: [String] = []

    @Option(help: "A file with the secret that events to webhooks are signed with.")
    var webhookSecretFile: String?

    @Option(help: "Stand in for minio or localstack: its variables, health checks and habits.")
    var compat: String?

    @Option(name: .customLong("init"), help: "A folder of *.sh that are run once Pail serves.")
    var initFolder: String?

    @Option(help: "How many threads serve connections (default: one for each core).")
    var eventLoops: String?

    @Option(help: "The form of the log: text or json.")
    var logFormat: String?

    @Option(help: "A file of NAME=value lines with settings.")
    var config: String?

    @Flag(help: "Keep nothing on disk: everything is gone at exit.")
    var memory = false

    @Flag(help: "Refuse what AWS refuses, where Pail would be lenient.")
    var strict = false

    @Flag(name: .customLong("sigv4-only"), help: "Refuse signatures of version 2.")
    var sigV4Only = false

    @Flag(help: "Permit a short secret key where other machines can reach the daemon.")
    var allowWeakKeys = false

    /// What was said on the command line, under the names of the settings.
    var flags: [Setting: [String]] {
        let single: [Setting: String?] = [
            .host: host, .port: port, .data: data, .region: region, .accountID: accountID,
            .tlsCert: tlsCert, .tlsKey: tlsKey, .tlsPort: tlsPort, .durability: durability,
            .lifecycleDaySeconds: lifecycleDaySeconds, .logFormat: logFormat, .config: config,
            .bucketDefaults: bucketDefaults, .logDeliverySeconds: logDeliverySeconds,
            .webhookSecretFile: webhookSecretFile, .compat: compat, .initFolder: initFolder,
            .scrubBytesPerSecond: scrubBytesPerSecond, .seed: seed, .eventLoops: eventLoops,
        ]
        let switches: [Setting: Bool] = [
            .memory: memory, .strict: strict, .sigV4Only: sigV4Only,
            .allowWeakKeys: allowWeakKeys,
        ]
        var flags: [Setting: [String]] = [
            .domain: domain, .bucket: bucket, .alias: alias, .webhook: webhook,
        ]
        for (setting, value) in single { flags[setting] = value.map { [$0] } }
        for (setting, isOn) in switches where isOn { flags[setting] = ["true"] }
        return flags
    }
}
