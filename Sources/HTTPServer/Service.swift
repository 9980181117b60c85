import HTTPMessage
import Logging

/// What all connections of one server share.
struct Service: Sendable {
    let limits: HTTPLimits
    let budget: BodyBudget
    let isSecure: Bool
    let logger: Logger
    let gate: ConnectionGate
    let refusal: HTTPServer.Refusal
    let responder: HTTPServer.Responder
}
