import NIOHTTP1
import S3Protocol

/// The checksum that a presigned URL promises for the body in its query.
///
/// An SDK that signs the URL of an upload before there is a body writes the empty body's checksum into
/// it. S3 holds the body to that, and so does `--strict`; else it is ignored, and the log says so.
///
/// [Checking object integrity](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
enum PresignedChecksum {
    /// The promises of a request's query, as the headers that they stand for.
    static func promises(of request: S3Request) -> [(name: String, value: String)] {
        guard !request.query.isEmpty else { return [] }
        return (ChecksumAlgorithm.allCases.map(\.headerName) + ["x-amz-sdk-checksum-algorithm"])
            .compactMap { name in
                guard let value = request.query.nonEmpty(name),
                    !request.headers.contains(name: name)
                else { return nil }
                return (name, value)
            }
    }

    /// The request with its query's promises among its headers.
    static func held(
        _ request: S3Request,
        to promises: [(name: String, value: String)]
    ) throws(S3Error) -> S3Request {
        var headers = request.headers
        for (name, value) in promises { headers.add(name: name, value: value) }
        return try S3Request(request, key: request.key, headers: headers)
    }
}
