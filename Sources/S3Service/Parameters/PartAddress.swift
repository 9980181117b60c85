import S3Protocol

/// Which part of which upload a request means.
struct PartAddress: Sendable {
    let bucket: String
    let key: String
    let uploadID: String
    let number: Int

    /// Reads the parameters.
    ///
    /// - Throws: ``S3Error`` with `InvalidArgument` for a part number that none may have.
    init(_ request: S3Request) throws(S3Error) {
        bucket = request.bucket
        key = request.key
        uploadID = request.query["uploadId"] ?? ""
        guard let number = Int(request.query["partNumber"] ?? ""),
            (1...Limits.parts).contains(number)
        else {
            throw S3Error(
                .invalidArgument,
                "Part number must be an integer between 1 and \(Limits.parts), inclusive",
                details: [
                    .init("ArgumentName", "partNumber"),
                    .init("ArgumentValue", request.query["partNumber"] ?? ""),
                ]
            )
        }
        self.number = number
    }
}
