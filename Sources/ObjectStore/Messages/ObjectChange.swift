public import S3Protocol

/// A change of an object, told inside the transaction that makes it.
public struct ObjectChange: Sendable, Hashable {
    /// What happened to the object.
    public enum Kind: Sendable, Hashable {
        /// It is a new version.
        case written
        /// The version is gone for good.
        case removed
        /// A delete marker, which is the object here, hides what was there.
        case hidden
        /// What belongs to it is another now: its tags, its list.
        case altered
        /// It can be read until then, although it is archived.
        case restored(until: Timestamp)
        /// It has another storage class.
        case moved(to: String)
    }

    /// What happened.
    public let kind: Kind
    /// The version that it happened to.
    public let object: StoredObject
    /// Grows with each change in the store, so that it orders the changes of a key.
    public let order: Int64
    /// When it happened.
    public let time: Timestamp
}

/// Makes of a change what is to be told of it, and to whom.
///
/// It runs inside the transaction and must be quick. What it answers is committed with the change or not at all.
public struct Announcement: Sendable {
    let messages: @Sendable (_ change: ObjectChange) -> [NewMessage]

    /// Says how messages are made of a change.
    public init(_ messages: @escaping @Sendable (_ change: ObjectChange) -> [NewMessage]) {
        self.messages = messages
    }
}

/// A message that is to be kept until its destination has it.
public struct NewMessage: Sendable, Hashable {
    /// Whom it is for, by a name that whoever delivers it understands.
    public var destination: String
    /// What it is about: messages about one thing stay in order.
    public var subject: String
    /// What it says.
    public var body: [UInt8]

    /// Describes a message.
    public init(to destination: String, about subject: String, _ body: [UInt8]) {
        self.destination = destination
        self.subject = subject
        self.body = body
    }
}

/// A message that waits for its destination.
public struct Message: Sendable, Hashable {
    /// Its number: a later message has a greater one.
    public let id: Int64
    /// Whom it is for.
    public let destination: String
    /// What it is about.
    public let subject: String
    /// What it says.
    public let body: [UInt8]
    /// When it was written.
    public let created: Timestamp
    /// How often it was handed out, or sent in vain.
    public let attempts: Int
}
