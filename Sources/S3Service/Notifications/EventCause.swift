import HTTPMessage
import ObjectStore
import Policy

/// Who did something and from where, as an event tells it.
struct EventCause: Sendable {
    let principalID: String
    let sourceAddress: String
    let ids: RequestIDs
    /// What EventBridge is told of who asked: an account's number, or a service.
    let requester: String
    /// The operation, as EventBridge names it.
    let reason: String

    /// A request, and who makes it.
    init(_ caller: Caller, _ http: HTTPRequest, _ ids: RequestIDs, operation: String) {
        principalID = caller.principalID
        sourceAddress = http.peer
        self.ids = ids
        requester = caller.account.number.isEmpty ? "anonymous" : caller.account.number
        reason = operation
    }

    /// S3 itself, in a service of its own.
    init(service: String, _ ids: RequestIDs, reason: String) {
        principalID = service
        sourceAddress = service
        self.ids = ids
        requester = service
        self.reason = reason
    }
}

extension Caller {
    /// The caller as events know it.
    fileprivate var principalID: String {
        switch identity {
        case .anonymous: "Anonymous"
        case .root(let account): "AWS:\(account.number)"
        case .user(let user, _): "AWS:\(user.uniqueID)"
        case .role(let role, let session, _): "AWS:\(role.uniqueID):\(session)"
        }
    }
}
