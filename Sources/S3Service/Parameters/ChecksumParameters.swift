import S3Protocol

/// What a request says about checksums that are still to be computed.
enum ChecksumParameters {
    /// The algorithm that `x-amz-checksum-algorithm` names.
    ///
    /// - Throws: ``S3Error`` with `InvalidRequest` for one that S3 does not know.
    static func algorithm(_ request: S3Request) throws(S3Error) -> ChecksumAlgorithm? {
        guard let name = request.header("x-amz-checksum-algorithm") else { return nil }
        guard let algorithm = ChecksumAlgorithm(rawValue: name.uppercased()) else {
            throw S3Error(
                .invalidRequest,
                "Checksum algorithm provided is unsupported. Please try again with any of the valid "
                    + "types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]"
            )
        }
        return algorithm
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
        guard let named else { return algorithm == .crc64nvme ? .fullObject : .composite }
        guard let type = ChecksumType(rawValue: named.uppercased()) else {
            throw S3Error(.invalidRequest, "Value for x-amz-checksum-type header is invalid.")
        }
        let isPossible =
            switch algorithm {
            case .crc64nvme: type == .fullObject
            case .sha1, .sha256: type == .composite
            case .crc32, .crc32c: true
            }
        guard isPossible else {
            throw S3Error(
                .invalidRequest,
                "The \(type.rawValue) checksum type cannot be used with the "
                    + "\(algorithm.rawValue.lowercased()) checksum algorithm."
            )
        }
        return type
    }
}
