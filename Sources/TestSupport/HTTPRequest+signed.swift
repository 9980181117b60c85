import Digests
public import HTTPMessage
import NIOCore
public import NIOHTTP1
public import S3Protocol
public import Signing

extension HTTPRequest {
    /// A request to a service without a socket, signed in its headers for the bytes of its body.
    ///
    /// - Parameters:
    ///   - method: The method.
    ///   - target: The path with its query, as it travels.
    ///   - bytes: The body; its length is announced unless a coding is.
    ///   - headers: What else is sent.
    ///   - host: Whom it is for.
    ///   - credential: Who signs.
    ///   - time: When.
    ///   - peer: The address that it comes from.
    ///   - isSecure: Whether it comes through TLS.
    /// - Returns: The request.
    public static func signed(
        _ method: HTTPMethod,
        _ target: String,
        _ bytes: [UInt8] = [],
        headers: HTTPHeaders = [:],
        host: String = "127.0.0.1:9000",
        by credential: Credential,
        at time: Timestamp,
        peer: String = "127.0.0.1",
        isSecure: Bool = false
    ) -> HTTPRequest {
        var headers = headers
        headers.replaceOrAdd(name: "host", value: host)
        if !bytes.isEmpty || method == .PUT || method == .POST,
            !headers.contains(name: "transfer-encoding")
        {
            headers.replaceOrAdd(name: "content-length", value: String(bytes.count))
        }
        let signed = SignatureV4.sign(
            SignableRequest(method: method.rawValue, target: target, headers: headers),
            by: credential,
            region: "us-east-1",
            payload: .sha256(Hex.encode(HashFunction.hash(.sha256, bytes))),
            at: time
        )
        return HTTPRequest(
            method: method,
            target: target,
            headers: signed.headers,
            body: HTTPBody(ByteBuffer(bytes: bytes)),
            peer: peer,
            isSecure: isSecure
        )
    }
}
