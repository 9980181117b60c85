/// What a `Range` header asks for.
///
/// [RFC 9110, 14.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-14.1.2)
public enum ByteRange: Hashable, Sendable {
    /// `bytes=first-last`, both included.
    case closed(Int64, Int64)
    /// `bytes=first-`.
    case from(Int64)
    /// `bytes=-count`.
    case suffix(Int64)

    /// Reads a `Range` header.
    ///
    /// - Returns: `nil` where the header is to be ignored: another unit, no range, or several (S3
    ///   answers those with the whole object).
    public static func parse(_ header: some StringProtocol) -> ByteRange? {
        let parts = header.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
        guard parts.count == 2, trim(parts[0]).lowercased() == "bytes" else { return nil }
        let bounds = trim(parts[1]).split(
            separator: "-",
            maxSplits: 1,
            omittingEmptySubsequences: false
        ).map(trim)
        guard bounds.count == 2 else { return nil }
        switch (number(bounds[0]), number(bounds[1])) {
        case (let first?, let last?): return first <= last ? .closed(first, last) : nil
        case (let first?, nil): return bounds[1].isEmpty ? .from(first) : nil
        case (nil, let count?): return bounds[0].isEmpty ? .suffix(count) : nil
        case (nil, nil): return nil
        }
    }

    /// The bytes it names in an object of `size` bytes.
    ///
    /// - Throws: ``S3Error`` with `InvalidRange` where it names none.
    public func resolve(size: Int64) throws(S3Error) -> Range<Int64> {
        switch self {
        case .closed(let first, let last) where first < size: return first..<min(last, size - 1) + 1
        case .from(let first) where first < size: return first..<size
        case .suffix(let count) where count > 0 && size > 0: return max(0, size - count)..<size
        default:
            throw S3Error(
                .invalidRange,
                details: [
                    .init("RangeRequested", requested), .init("ActualObjectSize", String(size)),
                ]
            )
        }
    }

    private var requested: String {
        switch self {
        case .closed(let first, let last): "bytes=\(first)-\(last)"
        case .from(let first): "bytes=\(first)-"
        case .suffix(let count): "bytes=-\(count)"
        }
    }

    private static func trim(_ text: some StringProtocol) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }

    /// Digits alone; more of them than fit are as good as the largest number.
    private static func number(_ text: String) -> Int64? {
        guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return min(Int64(text) ?? .max, .max - 1)
    }
}
