/// Something that a check found.
public struct Finding: Sendable, Hashable {
    /// What is wrong.
    public enum Kind: String, Sendable, Hashable, CaseIterable {
        /// Stored bytes are not those that were written.
        case damaged
        /// The file with the bytes is not there.
        case missing
        /// Bytes that were found to be bad once are as they were written.
        case sound
        /// A file among the blobs that nothing names.
        case unnamed
        /// The index does not agree with itself.
        case index
    }

    /// What is wrong.
    public let kind: Kind
    /// The blob's file, or its row where it is in the index.
    public let blob: String?
    /// What was found, in words.
    public let detail: String
    /// The objects whose bytes they are, as `bucket/key`, a few of them.
    public let objects: [String]
    /// What was done about it; `nil` where nothing was.
    public var remedy: String?

    /// Describes something that was found.
    public init(
        _ kind: Kind,
        blob: String? = nil,
        detail: String,
        objects: [String] = [],
        remedy: String? = nil
    ) {
        self.kind = kind
        self.blob = blob
        self.detail = detail
        self.objects = objects
        self.remedy = remedy
    }
}

/// What a check looked at and found.
public struct CheckReport: Sendable, Hashable {
    /// How many findings are kept in words.
    public static let limit = 1000

    /// How many blobs were looked at, those in the index among them.
    public var blobs: Int64 = 0
    /// How many bytes were read and compared.
    public var bytes: Int64 = 0
    /// How many blobs are encrypted under keys that are not here: of these, only what is around the bytes was compared.
    public var locked: Int64 = 0
    /// What was found, the first of it.
    public private(set) var findings: [Finding] = []
    /// How much was found in all.
    public private(set) var findingCount: Int64 = 0

    /// Makes a report of nothing.
    public init() {}

    /// Makes a report of what another told.
    public init(
        blobs: Int64,
        bytes: Int64,
        locked: Int64,
        findings: [Finding],
        findingCount: Int64
    ) {
        self.blobs = blobs
        self.bytes = bytes
        self.locked = locked
        self.findings = findings
        self.findingCount = findingCount
    }

    /// Adds something that was found.
    public mutating func add(_ finding: Finding) {
        findingCount += 1
        if findings.count < Self.limit { findings.append(finding) }
    }

    /// Whether more findings are kept in words.
    var hasRoom: Bool { findings.count < Self.limit }
}

/// How far something that takes long has come.
public struct WorkProgress: Sendable, Hashable {
    /// What is being done, in a word or two.
    public var step: String
    /// How much of it is done, in bytes.
    public var done: Int64
    /// How much there is in all; `nil` where nobody knows.
    public var total: Int64?

    /// Says how far something has come.
    public init(_ step: String, done: Int64 = 0, total: Int64? = nil) {
        self.step = step
        self.done = done
        self.total = total
    }
}
