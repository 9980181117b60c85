import NIOHTTP1

/// What access logs call an operation: `REST.METHOD.WHAT`.
enum LoggedOperation {
    /// The name of a request's operation.
    static func name(of request: S3Request) -> String {
        if request.method == .OPTIONS { return "REST.OPTIONS.PREFLIGHT" }
        let isCopy = request.method == .PUT && request.headers.contains(name: "x-amz-copy-source")
        let what = resource(of: request)
        let copies = isCopy && (what == "OBJECT" || what == "PART")
        return "REST.\(copies ? "COPY" : request.method.rawValue).\(what)"
    }

    /// The name of what a copy does to its source.
    static func ofSource(_ name: String) -> String { "\(name)_GET" }

    /// A key of a list that is deleted.
    static let listedDeletion = "BATCH.DELETE.OBJECT"

    private static func resource(of request: S3Request) -> String {
        let isObject = request.level == .object
        let names = isObject ? ofObjects : ofBuckets
        for name in request.query.names where Subresources.names.contains(name) {
            guard !Self.parameters.contains(name) else { continue }
            if name == "uploadId", request.method == .PUT { return "PART" }
            return names[name] ?? name.uppercased().replacing("-", with: "_")
        }
        // A form is sent to its bucket and stores an object.
        return isObject || request.method == .POST ? "OBJECT" : "BUCKET"
    }

    /// Names that say more about what is meant and do not name something else.
    private static let parameters: Set = ["versionId", "partNumber", "select-type"]

    private static let ofBuckets = [
        "delete": "MULTI_OBJECT_DELETE", "logging": "LOGGING_STATUS",
        "object-lock": "OBJECT_LOCK_CONFIGURATION", "ownershipControls": "OWNERSHIP_CONTROLS",
        "policy": "BUCKETPOLICY", "policyStatus": "BUCKETPOLICYSTATUS",
        "publicAccessBlock": "PUBLIC_ACCESS_BLOCK", "requestPayment": "REQUEST_PAYMENT",
        "versions": "BUCKETVERSIONS",
    ]

    private static let ofObjects = [
        "attributes": "OBJECT_ATTRIBUTES", "legal-hold": "OBJECT_LOCK_LEGALHOLD",
        "retention": "OBJECT_LOCK_RETENTION", "tagging": "OBJECT_TAGGING",
        "torrent": "OBJECT_TORRENT", "uploadId": "UPLOAD",
    ]
}
