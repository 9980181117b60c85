import ArgumentParser

/// Which calls are meant.
struct CallFilterOptions: ParsableArguments {
    @Option(help: "The operation; names may have * and ?.")
    var operation: String?

    @Option(help: "The bucket.")
    var bucket: String?

    @Option(help: "The key.")
    var key: String?

    @Option(help: "The access key.")
    var accessKey: String?

    @Option(help: "The status.")
    var status: String?

    @Option(help: "The S3 error code.")
    var error: String?

    @Option(help: "A fault that was applied, by its kind.")
    var fault: String?

    @Option(help: "Only calls after that of this number.")
    var after: String?

    var query: [String: String] {
        let given = [
            "operation": operation, "bucket": bucket, "key": key, "accessKey": accessKey,
            "status": status, "error": error, "fault": fault, "after": after,
        ]
        return given.compactMapValues { $0 }
    }
}
