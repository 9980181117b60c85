import S3Protocol

/// What a request says about checksums that are still to be computed.
enum ChecksumParameters {
    /// The algorithm that `x-amz-checksum-algorithm` names.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` for one that S3 does not know.
    static func algorithm(_ request: S3Request) throws(S3Error) -> ChecksumAlgorithm? {
        guard let name = request.header("x-amz-checksum-algorithm") else { return nil }
        guard let algorithm = ChecksumAlgorithm(named: name) else {
            let valid = ChecksumAlgorithm.allCases.map(\.rawValue).joined(separator: ", ")
            throw S3Error(
                .invalidRequest,
                "Checksum algorithm provided is unsupported. Please try again with any of the valid "
                    + "types: [\(valid)]"
            )
        }
        return algorithm
    }

    /// The type that `x-amz-checksum-type` names.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` for one that S3 does not know.
    static func type(_ request: S3Request) throws(S3Error) -> ChecksumType? {
        guard let name = request.header("x-amz-checksum-type") else { return nil }
        guard let type = ChecksumType(rawValue: name.uppercased()) else {
            throw S3Error(.invalidRequest, "Value for x-amz-checksum-type header is invalid.")
        }
        return type
    }

    /// The type that `x-amz-checksum-type` names, or the algorithm's own default.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` for a type that the algorithm cannot have.
    static func type(
        _ request: S3Request,
        of algorithm: ChecksumAlgorithm?
    ) throws(S3Error) -> ChecksumType? {
        let named = request.header("x-amz-checksum-type")
        guard let algorithm else {
            guard named == nil else {
                throw S3Error(
                    .invalidRequest,
                    "The x-amz-checksum-type header can only be used with the "
                        + "x-amz-checksum-algorithm header."
                )
            }
            return nil
        }
        guard let type = try type(request) else { return algorithm.types.first }
        guard algorithm.types.contains(type) else {
            throw S3Error(
                .invalidRequest,
                "The \(type.rawValue) checksum type cannot be used with the "
                    + "\(algorithm.rawValue.lowercased()) checksum algorithm."
            )
        }
        return type
    }
}
