import HTTPMessage
import NIOCore

/// One request and its response, while the connection works on them.
///
/// Used on its event loop only, apart from the body's queue.
final class Exchange {
    let request: ResponseHead.Request
    /// The body as it arrives, or `nil` where the request has none.
    let body: BodyQueue?
    /// What the responder will be asked, until it is.
    var question: HTTPRequest?
    /// Whether a refusal took the place of a response that could not be sent.
    var isRefused = false
    /// Whether bytes were handed to the socket that it has not taken yet.
    var isWriting = false
    /// How many bytes of the response's body were written.
    var sentBytes = 0
    /// What goes wrong with the response on purpose.
    var mishap: Mishap?
    /// What ends a silence that takes the place of the response, while there is one.
    var silence: Scheduled<Void>?
    /// Who wants to know what becomes of the response.
    var onSent: (@Sendable (HTTPResponse.Sent) -> Void)?

    init(_ request: ResponseHead.Request, body: BodyQueue? = nil, question: HTTPRequest? = nil) {
        self.request = request
        self.body = body
        self.question = question
    }

    /// Says, once, what became of the response, and lets go of the request's body.
    func settle(isComplete: Bool) {
        body?.fail(.connectionClosed)
        silence.take()?.cancel()
        onSent.take()?(HTTPResponse.Sent(bodyBytes: sentBytes, isComplete: isComplete))
    }
}
