import Digests
import NIOHTTP1
import S3Protocol

/// The checksums that a request promises for its body.
///
/// [Checking object integrity](https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity.html)
struct ChecksumHeaders: Sendable {
    /// The promised MD5.
    let md5: [UInt8]?
    /// The promised checksum, or the algorithm alone where its value comes in the trailer.
    let algorithm: ChecksumAlgorithm?
    /// The value, in base64, where it came in a header.
    let value: String?
    /// Whether a value of the algorithm must come, in a header or in the trailer.
    let isPromised: Bool

    /// Reads the headers.
    ///
    /// - Throws: ``S3Error`` with `InvalidDigest` for an MD5 that is none, `InvalidRequest` for a
    ///   checksum that is none, for two of them, and for one that was announced and is not there.
    init(_ request: S3Request) throws(S3Error) {
        md5 = try Self.contentMD5(request.headers)
        let header = try Self.header(request.headers)
        let trailer = try Self.trailer(request.header("x-amz-trailer"))
        guard header == nil || trailer == nil else { throw Self.multiple }
        algorithm = header?.algorithm ?? trailer
        value = header?.value
        isPromised = algorithm != nil
        guard let announced = request.header("x-amz-sdk-checksum-algorithm") else { return }
        guard let named = ChecksumAlgorithm(named: announced) else {
            throw S3Error(
                .invalidRequest,
                "Value for x-amz-sdk-checksum-algorithm header is invalid."
            )
        }
        guard named == algorithm || (algorithm == nil && md5 != nil) else {
            throw S3Error(
                .invalidRequest,
                algorithm == nil
                    ? "x-amz-sdk-checksum-algorithm specified, but no corresponding "
                        + "x-amz-checksum-* or x-amz-trailer headers were found."
                    : "Value for x-amz-sdk-checksum-algorithm header is invalid."
            )
        }
    }

    /// The checksum that CompleteMultipartUpload promises for the object, and not for its own body.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest`. A composite value ends in `-N`.
    static func ofObject(_ request: S3Request) throws(S3Error) -> ChecksumHeaders {
        let named = ChecksumAlgorithm.allCases.filter { request.header($0.headerName) != nil }
        guard let algorithm = named.first, let value = request.header(algorithm.headerName) else {
            return .none
        }
        guard named.count == 1 else { throw multiple }
        let digest = value.split(separator: "-", maxSplits: 1).first ?? ""
        try check(String(digest), of: algorithm)
        return ChecksumHeaders(algorithm: algorithm, value: value)
    }

    /// Fails where nothing promises what the document of a request is, which AWS wants of some requests.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest`.
    static func requireDigest(_ request: S3Request) throws(S3Error) {
        let isThere =
            request.headers.contains(name: "content-md5")
            || request.headers.contains { $0.name.lowercased().hasPrefix("x-amz-checksum-") }
            || request.headers.contains(name: "x-amz-trailer")
        guard !isThere else { return }
        throw S3Error(
            .invalidRequest,
            "Missing required header for this request: Content-MD5 OR x-amz-checksum-*"
        )
    }

    /// Fails where nothing promises what the body is, which AWS wants of one that is to be locked.
    ///
    /// - Parameter kind: what AWS calls such requests: `Put Object` or `Put Part`.
    /// - Throws: ``S3Error`` with `InvalidRequest`.
    func require(forLocked kind: String) throws(S3Error) {
        guard !isPromised, md5 == nil else { return }
        throw S3Error(
            .invalidRequest,
            "Content-MD5 OR x-amz-checksum- HTTP header is required for \(kind) requests with Object "
                + "Lock parameters"
        )
    }

    /// No promises.
    static let none = ChecksumHeaders(algorithm: nil, value: nil)

    /// The same promises, with a checksum computed that nobody promised.
    func computing(_ algorithm: ChecksumAlgorithm) -> ChecksumHeaders {
        ChecksumHeaders(algorithm: algorithm, value: nil, md5: md5, isPromised: false)
    }

    private init(
        algorithm: ChecksumAlgorithm?,
        value: String?,
        md5: [UInt8]? = nil,
        isPromised: Bool = true
    ) {
        self.algorithm = algorithm
        self.value = value
        self.md5 = md5
        self.isPromised = isPromised
    }

    private static var multiple: S3Error {
        S3Error(
            .invalidRequest,
            "Expecting a single x-amz-checksum- header. Multiple checksum Types are not allowed."
        )
    }

    /// A header that is there but empty is not a digest.
    private static func contentMD5(_ headers: HTTPHeaders) throws(S3Error) -> [UInt8]? {
        guard let text = headers.first(name: "content-md5") else { return nil }
        guard let digest = Base64.decode(text), digest.count == 16 else {
            throw S3Error(.invalidDigest, details: [.init("Content-MD5", text)])
        }
        return digest
    }

    private static func header(
        _ headers: HTTPHeaders
    ) throws(S3Error) -> (algorithm: ChecksumAlgorithm, value: String)? {
        let found = ChecksumAlgorithm.allCases.compactMap { algorithm in
            headers.first(name: algorithm.headerName).map { (algorithm: algorithm, value: $0) }
        }
        guard found.count <= 1 else { throw multiple }
        guard let found = found.first else { return nil }
        try check(found.value, of: found.algorithm)
        return found
    }

    /// Whether a value could be one of an algorithm's.
    static func check(_ value: String, of algorithm: ChecksumAlgorithm) throws(S3Error) {
        guard Base64.decode(value)?.count == algorithm.byteCount else {
            throw S3Error(
                .invalidRequest,
                "Value for \(algorithm.headerName) header is invalid."
            )
        }
    }

    private static let headerPrefix = "x-amz-checksum-"

    private static func trailer(_ header: String?) throws(S3Error) -> ChecksumAlgorithm? {
        guard let header else { return nil }
        let name = header.trimmingSpaces.lowercased()
        guard name.hasPrefix(headerPrefix),
            let algorithm = ChecksumAlgorithm(named: name.dropFirst(headerPrefix.count))
        else {
            throw S3Error(
                .invalidRequest,
                "The value specified in the x-amz-trailer header is not supported"
            )
        }
        return algorithm
    }
}
