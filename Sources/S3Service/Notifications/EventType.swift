/// Something that happens to an object, as S3 names it in the event that tells of it.
///
/// [Supported event types](https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html)
enum EventType: String, Sendable, CaseIterable {
    case createdByPut = "ObjectCreated:Put"
    case createdByPost = "ObjectCreated:Post"
    case createdByCopy = "ObjectCreated:Copy"
    case createdByUpload = "ObjectCreated:CompleteMultipartUpload"
    case removed = "ObjectRemoved:Delete"
    case hidden = "ObjectRemoved:DeleteMarkerCreated"
    case tagged = "ObjectTagging:Put"
    case untagged = "ObjectTagging:Delete"
    case listed = "ObjectAcl:Put"
    case restoreBegun = "ObjectRestore:Post"
    case restored = "ObjectRestore:Completed"
    case expired = "LifecycleExpiration:Delete"
    case expiredBehindMarker = "LifecycleExpiration:DeleteMarkerCreated"
    case transitioned = "LifecycleTransition"

    /// Whether it makes or removes a version: such events carry a sequencer.
    var isOrdered: Bool {
        switch self {
        case .createdByPut, .createdByPost, .createdByCopy, .createdByUpload, .removed, .hidden,
            .expired, .expiredBehindMarker:
            true
        case .tagged, .untagged, .listed, .restoreBegun, .restored, .transitioned: false
        }
    }

    /// Whether the version is gone, so that nothing but its name is left to tell.
    var isRemoval: Bool { self == .removed || self == .expired }

    /// The version of the event's form: S3 writes the newer kinds in a later one.
    var formVersion: String {
        switch self {
        case .createdByPut, .createdByPost, .createdByCopy, .createdByUpload, .removed, .hidden,
            .restoreBegun, .restored:
            "2.1"
        case .tagged, .untagged, .listed, .expired, .expiredBehindMarker, .transitioned: "2.3"
        }
    }
}

/// Which events a configuration asks for: one kind, or a family such as `s3:ObjectCreated:*`.
struct EventPattern: Sendable, Hashable {
    /// The pattern as it was given.
    let text: String

    private static let scheme = "s3:"

    /// All that S3 knows; what Pail has no occasion for can be asked for and does not happen.
    private static let known: Set<String> = [
        "ReducedRedundancyLostObject", "ObjectCreated:*", "ObjectCreated:Put",
        "ObjectCreated:Post", "ObjectCreated:Copy", "ObjectCreated:CompleteMultipartUpload",
        "ObjectRemoved:*", "ObjectRemoved:Delete", "ObjectRemoved:DeleteMarkerCreated",
        "ObjectRestore:*", "ObjectRestore:Post", "ObjectRestore:Completed", "ObjectRestore:Delete",
        "Replication:*", "Replication:OperationFailedReplication",
        "Replication:OperationNotTracked", "Replication:OperationMissedThreshold",
        "Replication:OperationReplicatedAfterThreshold", "LifecycleTransition",
        "IntelligentTiering", "ObjectAcl:Put", "LifecycleExpiration:*",
        "LifecycleExpiration:Delete", "LifecycleExpiration:DeleteMarkerCreated",
        "ObjectTagging:*", "ObjectTagging:Put", "ObjectTagging:Delete", "ObjectAnnotation:*",
        "ObjectAnnotation:Put", "ObjectAnnotation:Delete", "ObjectRetention:Put",
    ]

    /// Reads a pattern; `nil` for one that S3 does not know.
    init?(_ text: String) {
        guard text.hasPrefix(Self.scheme),
            Self.known.contains(String(text.dropFirst(Self.scheme.count)))
        else { return nil }
        self.text = text
    }

    /// Whether events of a kind are asked for.
    func matches(_ type: EventType) -> Bool { covers(Self.scheme + type.rawValue) }

    /// Whether one event could be asked for by both.
    func overlaps(_ other: EventPattern) -> Bool {
        covers(other.text) || other.covers(text)
    }

    private func covers(_ name: String) -> Bool {
        text.hasSuffix("*") ? name.hasPrefix(text.dropLast()) : name == text
    }
}
