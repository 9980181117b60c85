/// How much a connection may ask for and how long it may take.
///
/// Nothing that a client controls is without one of these, so that a client can waste only its own
/// time and a known amount of memory.
public struct HTTPLimits: Sendable {
    /// The request line and all header names and values of one request, in bytes.
    ///
    /// A presigned URL with a session token and 2 KiB of user metadata needs less than half of it.
    public var headerBytes = 32 * 1024
    /// Header fields of one request; clients send a dozen, 2 KiB of one-letter metadata still fits.
    public var headerFields = 200
    /// Requests of one connection that wait for the response before them.
    ///
    /// They all came in one read, for reading stops while one waits; this bounds what they cost.
    public var waitingRequests = 128
    /// Connections of one server; more wait in the listen queue until one closes.
    public var connections = 4096

    /// From the first byte of a request's head to its end: what a slow-loris attack stretches.
    public var headerTime = Duration.seconds(30)
    /// Between two requests of a connection; longer than clients' pools keep theirs, so that they
    /// close first and never race us.
    public var idleTime = Duration.seconds(120)
    /// Without a byte of a body that somebody waits for.
    public var bodyStallTime = Duration.seconds(60)
    /// Without a byte of a response taken by the client.
    public var writeStallTime = Duration.seconds(60)

    /// Bytes of an unread body that are thrown away to keep a connection, after an early response.
    ///
    /// Eight MiB is the part size of the common clients: throwing one away is cheaper than a new
    /// TLS handshake.
    public var drainBytes = 8 * 1024 * 1024
    /// How long that may take.
    public var drainTime = Duration.seconds(5)
    /// How long a connection is read on after our side of it is closed.
    ///
    /// Closing with unread bytes makes the kernel reset the connection, and the client would lose
    /// the response ([RFC 9112 §9.6](https://www.rfc-editor.org/rfc/rfc9112#section-9.6)).
    public var lingerTime = Duration.seconds(5)

    /// Body bytes a connection holds for its reader before it stops reading from the socket: two of
    /// the largest reads, one to hash while the other arrives.
    public var bodyHighWatermark = 2 * 1024 * 1024
    /// Body bytes at which it starts again; low enough to read in big steps, high enough that the
    /// reader never waits for the wake-up.
    public var bodyLowWatermark = 512 * 1024
    /// What a connection may hold when the process's whole ``BodyBudget`` is taken.
    public var bodyFloor = 64 * 1024
    /// The largest single read from a socket: 1 MiB beats 64 KiB on large uploads, measured.
    public var receiveBytes = 1024 * 1024
    /// The same where TLS is between: each read lies in memory twice, once as it came and once
    /// decrypted, and decryption is what takes the time.
    public var secureReceiveBytes = 256 * 1024

    /// The largest buffer that a connection keeps to read into it again: heads and small bodies need no new one each time,
    /// and a thousand connections keep 32 MiB.
    public var keptReceiveBytes = 32 * 1024

    /// Runs of a file longer than this go from the page cache to the socket in the kernel; shorter
    /// ones are cheaper to copy into the packet that carries the head.
    public var sendfileThreshold = 64 * 1024
    /// What is read from a file at a time where it must pass through memory (TLS); it lies there twice, once as it is
    /// and once encrypted, for each connection that waits for its client.
    public var fileReadBytes = 64 * 1024

    /// The limits of a server that faces a network.
    public init() {}
}
