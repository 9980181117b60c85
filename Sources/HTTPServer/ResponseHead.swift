import HTTPMessage
import NIOCore
import NIOHTTP1

/// A response's head as it goes onto the wire, and how its body follows.
///
/// The layer above says what it means; the fields that make the message end where it should
/// (`Content-Length`, `Transfer-Encoding`, `Connection`) are set here and nowhere else.
struct ResponseHead {
    /// What of the response's body is sent.
    enum Framing: Hashable {
        /// Nothing: there is none, or there must not be.
        case none
        /// As many bytes as were announced.
        case length(Int)
        /// Chunks, or bytes up to the close where the client knows no chunks.
        case unknown
    }

    let head: HTTPResponseHead
    let framing: Framing

    /// What a request says about its response.
    struct Request {
        var method: HTTPMethod
        var version: HTTPVersion

        /// For a request that was never understood.
        static let unknown = Request(method: .GET, version: .http1_1)
    }

    /// Frames a response, or returns `nil` for one that must not be sent.
    init?(_ response: HTTPResponse, to request: Request, keepAlive: Bool, date: String) {
        guard response.isSafe else { return nil }
        var headers = response.headers
        framing = Self.frame(response, to: request, in: &headers)
        headers.remove(name: "Connection")
        if !keepAlive {
            headers.add(name: "Connection", value: "close")
        } else if request.version == .http1_0 {
            headers.add(name: "Connection", value: "keep-alive")
        }
        if !headers.contains(name: "Date") { headers.add(name: "Date", value: date) }
        head = HTTPResponseHead(
            version: request.version,
            status: response.status,
            headers: headers
        )
    }

    /// Whether the connection cannot be kept after a response: it says so itself, or only the close
    /// tells the client where the body ends.
    static func closes(_ response: HTTPResponse, to request: Request) -> Bool {
        let options = response.headers[canonicalForm: "Connection"]
        if options.contains(where: { $0.lowercased() == "close" }) { return true }
        return request.version == .http1_0 && framing(of: response, to: request) == .unknown
    }

    /// How the body of a response to `request` is framed.
    private static func framing(of response: HTTPResponse, to request: Request) -> Framing {
        guard request.method != .HEAD, response.status.mayHaveBody else { return .none }
        return switch response.body {
        case .empty: .length(0)
        case .bytes(let bytes): .length(bytes.readableBytes)
        case .pieces(let length?, _): .length(length)
        case .pieces(nil, _): .unknown
        }
    }

    private static func frame(
        _ response: HTTPResponse,
        to request: Request,
        in headers: inout HTTPHeaders
    ) -> Framing {
        let framing = framing(of: response, to: request)
        headers.remove(name: "Transfer-Encoding")
        switch framing {
        case .length(let length):
            headers.replaceOrAdd(name: "Content-Length", value: String(length))
        case .unknown:
            headers.remove(name: "Content-Length")
            if request.version == .http1_1 {
                headers.add(name: "Transfer-Encoding", value: "chunked")
            }
        case .none where response.status.mayHaveLength: break
        case .none: headers.remove(name: "Content-Length")
        }
        return framing
    }
}

extension HTTPResponseStatus {
    fileprivate var mayHaveBody: Bool { code >= 200 && code != 204 && code != 304 }

    /// Whether `Content-Length` may stand where there is no body, to say what a GET would send.
    fileprivate var mayHaveLength: Bool { code >= 200 && code != 204 }
}

extension HTTPResponse {
    /// Whether it can be sent as one response: no field breaks out of its line.
    fileprivate var isSafe: Bool {
        status.reasonPhrase.isFieldContent
            && headers.allSatisfy { name, value in name.isToken && value.isFieldContent }
    }
}

extension String {
    /// Whether it may stand as a field's value.
    ///
    /// By its span, as every byte of every head is looked at.
    fileprivate var isFieldContent: Bool {
        let bytes = utf8.span
        for index in bytes.indices where !bytes[index].isFieldContent { return false }
        return true
    }

    /// Whether it may stand as a field's name.
    fileprivate var isToken: Bool {
        let bytes = utf8.span
        for index in bytes.indices where !bytes[index].isToken { return false }
        return !bytes.isEmpty
    }
}

extension UInt8 {
    /// A byte that may stand in a field's value: no control but the tab.
    fileprivate var isFieldContent: Bool { self >= 0x20 ? self != 0x7F : self == 0x09 }

    /// A byte that may stand in a field's name: visible, and no delimiter.
    fileprivate var isToken: Bool {
        switch self {
        case 0x30...0x39, 0x41...0x5A, 0x61...0x7A, UInt8(ascii: "-"): true
        default: "!#$%&'*+.^_`|~".utf8.contains(self)
        }
    }
}
