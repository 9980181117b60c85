/// Why a connection could not be served as the protocol stands.
///
/// The server decides that it refuses and closes the connection after; the layer above decides what
/// the response says.
public enum HTTPRefusal: Error, Hashable, Sendable, CaseIterable {
    /// The request is not HTTP: a bad request line, a bad header field, a folded line.
    case malformed
    /// The length of the body can be read in two ways (request smuggling).
    case ambiguousFraming
    /// An HTTP/1.1 request without a `Host`, or any request with two.
    case badHost
    /// A target that names no resource of this server: `*`, or the `host:port` of CONNECT.
    case unsupportedTarget
    /// Neither HTTP/1.0 nor HTTP/1.1.
    case unsupportedVersion
    /// The header block is longer, or has more fields, than the server reads.
    case headersTooLarge
    /// The header block took longer to arrive than the server waits.
    case headerTimeout
    /// More requests were sent ahead than the server keeps.
    case tooManyWaiting
    /// The response to the request has a header field that must not be sent (CR, LF, NUL).
    case unusableResponse

    /// The status that says it in HTTP's own words, 400 for most.
    public var statusCode: Int {
        switch self {
        case .malformed, .ambiguousFraming, .badHost, .unsupportedTarget: 400
        case .headerTimeout: 408
        case .headersTooLarge: 431
        case .unusableResponse: 500
        case .tooManyWaiting: 503
        case .unsupportedVersion: 505
        }
    }
}
