extension CredentialScope {
    /// Why a credential cannot be used, in AWS's words.
    struct Refusal: Error {
        let message: String

        init(_ message: String) { self.message = message }
    }

    /// Reads `AKID/20130524/us-east-1/s3/aws4_request`, where the key itself may hold slashes.
    static func parse(
        _ credential: ArraySlice<UInt8>,
        of expected: String
    ) -> Result<(accessKey: String, scope: CredentialScope), Refusal> {
        var parts = credential.split(
            separator: UInt8(ascii: "/"),
            omittingEmptySubsequences: false
        )
        guard let end = parts.popLast(), let service = parts.popLast(),
            let region = parts.popLast(), let day = parts.popLast(),
            let first = parts.first, !first.isEmpty
        else {
            return .failure(
                Refusal(
                    """
                    the Credential is mal-formed; expecting \
                    "<YOUR-AKID>/YYYYMMDD/REGION/SERVICE/aws4_request".
                    """
                )
            )
        }
        let scope = CredentialScope(
            day: text(day),
            region: text(region),
            service: text(service)
        )
        if let refusal = scope.refusal(expected, terminator: text(end)) { return .failure(refusal) }
        let keyLength =
            credential.count - day.count - region.count - service.count - end.count - 4
        return .success((text(credential.prefix(keyLength)), scope))
    }

    private func refusal(_ expected: String, terminator: String) -> Refusal? {
        guard day.utf8.count == 8, day.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return Refusal(
                """
                incorrect date format "\(day)". This date in the credential must be in the format \
                "yyyyMMdd".
                """
            )
        }
        guard service == expected else {
            return Refusal(
                "incorrect service \"\(service)\". This endpoint belongs to \"\(expected)\"."
            )
        }
        guard terminator == Self.terminator else {
            return Refusal(
                "incorrect terminal \"\(terminator)\". This endpoint uses \"\(Self.terminator)\"."
            )
        }
        return nil
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> String {
        String(decoding: bytes, as: UTF8.self)
    }
}
