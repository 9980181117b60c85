/// What a server does wrong on purpose with a response, so that a client's errors can be tested.
///
/// What goes wrong with the body is in the body already: one that throws is cut there.
public struct Mishap: Sendable, Hashable {
    /// What is sent.
    public enum Reply: Sendable, Hashable {
        /// The response.
        case whole
        /// Nothing, and the connection stays open so long, or until the client closes it.
        case silence(Duration)
        /// Nothing: the connection is reset.
        case reset
    }

    /// What is sent.
    public var reply: Reply
    /// Whether a body that breaks off ends with a reset, and not with an orderly close.
    public var breaksByReset: Bool
    /// Whether the client is told `100 Continue` before the response, though it asked for none or has sent
    /// all of its body.
    public var hasStaleContinue: Bool

    /// Describes a mishap.
    public init(
        reply: Reply = .whole,
        breaksByReset: Bool = false,
        hasStaleContinue: Bool = false
    ) {
        self.reply = reply
        self.breaksByReset = breaksByReset
        self.hasStaleContinue = hasStaleContinue
    }
}
