public import NIOCore

/// Where the bytes of a file that is saved come from.
public enum MediaSource: Sendable {
    /// Bytes in memory.
    case bytes(ByteBuffer)
    /// A file on this machine, by its path; read in pieces, again where a request is tried again.
    case file(path: String)
    /// Pieces that come once, in order; `length` is their sum in bytes where it is known.
    case stream(length: Int64?, MediaBody)
}
