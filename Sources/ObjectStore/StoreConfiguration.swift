public import Digests
public import Logging
public import S3Protocol

/// What an acknowledged write survives.
public enum Durability: Hashable, Sendable {
    /// The loss of power: a reply means it is on the disk.
    case full
    /// The end of the process, `kill -9` too, but not of the machine: the kernel writes when it likes.
    case relaxed
}

/// What a store is made of.
public struct StoreConfiguration: Sendable {
    /// The data folder, made where it is missing; `nil` keeps everything in memory.
    public var folder: String?
    /// What an acknowledged write survives.
    public var durability: Durability
    /// Bodies up to this many bytes are kept in the index, larger ones in files.
    public var inlineLimit: Int
    /// The 12-digit number of the account that the store begins with.
    public var rootAccountNumber: String
    /// The canonical ID of that account; `nil` for one that is made up.
    public var rootCanonicalID: String?
    /// Threads to use instead of some of its own: what hundreds of stores in memory share.
    public var workers: WorkerPool?
    /// How many messages each destination keeps; when one more comes, its oldest goes.
    public var mailboxCapacity: Int
    /// How many sessions an account may have at a time.
    public var sessionLimit: Int
    /// The clock.
    public var time: any TimeSource
    /// Where names and identifiers come from.
    public var random: any RandomSource
    /// Where the store says what it finds.
    public var logger: Logger
    /// Whether what the last start left behind is removed in the background: not where somebody is about to look at it.
    public var tidiesUp = true

    /// Describes a store with the defaults of `pail serve`.
    public init(
        folder: String?,
        durability: Durability = .full,
        inlineLimit: Int? = nil,
        rootAccountNumber: String = "000000000000",
        mailboxCapacity: Int = Mailbox.capacity,
        sessionLimit: Int = Session.limit,
        time: any TimeSource = SystemTime(),
        random: any RandomSource = SystemRandom(),
        logger: Logger
    ) {
        self.folder = folder
        self.durability = durability
        // In memory a larger body is a file descriptor, which is dearer than its bytes.
        self.inlineLimit = inlineLimit ?? (folder == nil ? 64 : 8) * 1024
        self.rootAccountNumber = rootAccountNumber
        self.mailboxCapacity = mailboxCapacity
        self.sessionLimit = sessionLimit
        self.time = time
        self.random = random
        self.logger = logger
    }
}
