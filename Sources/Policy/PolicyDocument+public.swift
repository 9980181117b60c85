extension PolicyDocument {
    /// Whether a bucket's policy lets in anybody who is not named.
    ///
    /// [The meaning of "public"](https://docs.aws.amazon.com/AmazonS3/latest/userguide/access-control-block-public-access.html#access-control-block-public-access-policy-status)
    public var isPublic: Bool { statements.contains(where: \.isPublic) }
}

extension PolicyStatement {
    fileprivate var isPublic: Bool {
        guard effect == .allow, let principals else { return false }
        if case .these(let list) = principals, !list.contains(.everyone) { return false }
        return !conditions.contains(where: \.namesWho)
    }
}

extension Condition {
    /// Keys that tell who asks or from where, as AWS lists them.
    private static let keys: Set = [
        "aws:sourceip", "aws:sourcearn", "aws:sourcevpc", "aws:sourcevpce", "aws:sourceowner",
        "aws:sourceaccount", "aws:sourceorgid", "aws:principalorgid", "aws:principalarn",
        "aws:principalaccount", "aws:userid", "s3:dataaccesspointarn",
        "s3:dataaccesspointaccount", "s3:x-amz-server-side-encryption-aws-kms-key-id",
    ]

    /// Whether the condition narrows a statement down to somebody: fixed values of one of the keys.
    fileprivate var namesWho: Bool {
        guard Self.keys.contains(key), !comparison.isNegated, !comparison.ifExists,
            comparison.quantifier != .all
        else { return false }
        return operands.allSatisfy { isFixed($0) }
    }

    private func isFixed(_ operand: Operand) -> Bool {
        switch operand {
        case .pattern(let pattern):
            // Of an access point's ARN, the account alone must be fixed.
            if key == "s3:dataaccesspointarn" {
                return Self.namesAccount(pattern.source.split(separator: ":").map(String.init))
            }
            return pattern.isFixed || (key == "aws:userid" && Self.isSession(pattern.source))
        case .arn(let parts):
            if key == "s3:dataaccesspointarn" { return Self.namesAccount(parts.map(\.source)) }
            return parts.allSatisfy(\.isFixed)
        case .address(let block): return block.isNarrow
        case .number, .date, .boolean: return false
        }
    }

    private static func namesAccount(_ parts: [String]) -> Bool {
        parts.contains { $0.utf8.count == 12 && $0.utf8.allSatisfy { (0x30...0x39).contains($0) } }
    }

    /// A role's identifier, and any session of it.
    private static func isSession(_ text: String) -> Bool {
        text.hasPrefix("AROA") && text.hasSuffix(":*")
            && !text.dropLast(2).contains { "*?$".contains($0) }
    }
}

extension IPAddress {
    private static let privateBlocks = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"]
        .compactMap { IPAddress($0) }

    /// Whether the block is too narrow to be everybody: AWS draws the line at /8, and at /32 for IPv6.
    fileprivate var isNarrow: Bool {
        prefix >= (isV4 ? 8 : 32) || Self.privateBlocks.contains { $0.contains(self) }
    }
}
