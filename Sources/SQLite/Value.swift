/// A value of one of SQLite's five storage classes.
public enum Value: Hashable, Sendable {
    /// No value.
    case null
    /// A signed 64-bit integer.
    case integer(Int64)
    /// A double.
    case real(Double)
    /// Text, in UTF-8.
    case text(String)
    /// Bytes; they compare byte by byte.
    case blob([UInt8])

    /// An integer, or NULL.
    public static func integer(_ value: Int64?) -> Value { value.map { .integer($0) } ?? .null }
    /// An integer.
    public static func integer(_ value: Int) -> Value { .integer(Int64(value)) }
    /// 1 for true and 0 for false.
    public static func boolean(_ value: Bool) -> Value { .integer(value ? 1 : 0) }
    /// Text, or NULL.
    public static func text(_ value: String?) -> Value { value.map { .text($0) } ?? .null }
    /// Bytes, or NULL.
    public static func blob(_ value: [UInt8]?) -> Value { value.map { .blob($0) } ?? .null }
    /// The UTF-8 of a string as bytes, for what must be ordered and compared byte by byte.
    public static func utf8(_ value: String) -> Value { .blob(Array(value.utf8)) }
}
