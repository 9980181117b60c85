import HTTPMessage
import NIOCore
import NIOHTTP1

extension ConnectionState {
    /// Something that came from the client, in the order it came.
    enum Arrival {
        case head(HTTPRequestHead)
        case body(ByteBuffer)
        case end
        /// What the parser could not read; nothing follows but the end of the input.
        case refusal(HTTPRefusal)
        /// The client closed its side, perhaps in the middle of something.
        case endOfInput
    }

    /// Something the connection must do.
    enum Action {
        /// Make ready to serve a request; it begins when what has come of its body is delivered.
        case open(CheckedHead)
        /// Hand bytes to the reader of the request's body.
        case deliver(ByteBuffer)
        /// The request's body is all there.
        case complete
        /// The rest of the request's body will never come.
        case failBody(HTTPBodyError)
        /// Answer with a refusal.
        case refuse(HTTPRefusal)
        /// Close our side and read on, so that the client can read the response in peace.
        case halfClose
        /// Close.
        case close
        /// Close without a word, so that the client sees that something is missing.
        case cut
    }
}

extension ConnectionState.Arrival {
    /// What a parser's error means to a connection.
    init(_ error: HTTPParserError) {
        switch error {
        case .invalidEOFState, .closedConnection: self = .endOfInput
        case .headerOverflow: self = .refusal(.headersTooLarge)
        case .invalidVersion: self = .refusal(.unsupportedVersion)
        case .unexpectedContentLength, .invalidContentLength: self = .refusal(.ambiguousFraming)
        default: self = .refusal(.malformed)
        }
    }
}
