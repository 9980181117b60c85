public import NIOCore

/// A run of bytes in an open file.
public struct FileSlice: Sendable {
    /// The file; it stays open while any slice of it lives.
    public let file: OpenFile
    /// Where the run starts, in bytes.
    public let offset: Int64
    /// How long it is, in bytes.
    public let count: Int

    /// Names a run of bytes.
    public init(file: OpenFile, offset: Int64, count: Int) {
        self.file = file
        self.offset = offset
        self.count = count
    }
}

/// A descriptor that is open for reading and closes with its last user.
public final class OpenFile: Sendable {
    /// The open file, for NIO's `FileRegion`.
    public let handle: NIOFileHandle

    /// Takes over a descriptor.
    public init(owning descriptor: CInt) {
        handle = NIOFileHandle(_deprecatedTakingOwnershipOfDescriptor: descriptor)
    }

    /// Closing can only fail for a descriptor that is closed already, and nobody else closes it.
    deinit { try? handle.close() }
}
