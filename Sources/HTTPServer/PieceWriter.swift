import HTTPMessage
import Logging
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Writes a body that is made piece by piece; a piece is asked for when the one before is written.
///
/// Used on the connection's event loop only.
struct PieceWriter {
    let context: ChannelHandlerContext
    let exchange: Exchange
    let service: Service
    /// How much of the announced length is to come, or `nil` where none was announced.
    var left: Int?
    let next: @Sendable () async throws -> HTTPResponse.Piece?
    private var hasEnded = false

    /// A writer of what `next` makes.
    init(
        context: ChannelHandlerContext,
        exchange: Exchange,
        service: Service,
        left: Int?,
        next: @escaping @Sendable () async throws -> HTTPResponse.Piece?
    ) {
        self.context = context
        self.exchange = exchange
        self.service = service
        self.left = left
        self.next = next
    }

    /// Writes all of it; returns whether it could.
    consuming func write() async -> Bool {
        do {
            while left != 0, let piece = try await next() { try await write(piece) }
            guard left ?? 0 == 0 else { throw PieceError.bodyTooShort }
            if !hasEnded { try await end() }
            return true
        } catch {
            service.logger.debug("response cut", metadata: ["error": "\(error)"])
            // What is to arrive of a reply that is cut on purpose, its head at least, arrives.
            if exchange.mishap != nil { context.flush() }
            return false
        }
    }

    private mutating func write(_ piece: HTTPResponse.Piece) async throws {
        switch piece {
        case .bytes(let bytes): try await write(.byteBuffer(bytes))
        case .file(let slice): try await write(slice)
        }
    }

    private mutating func write(_ slice: FileSlice) async throws {
        guard slice.offset >= 0, slice.count >= 0 else { throw PieceError.fileTooShort }
        if !service.isSecure && slice.count > service.limits.sendfileThreshold {
            return try await send(slice)
        }
        var offset = slice.offset
        var remaining = slice.count
        while remaining > 0 {
            let bytes = try slice.file.read(
                min(remaining, service.limits.fileReadBytes),
                at: offset,
                with: context.channel.allocator
            )
            offset += Int64(bytes.readableBytes)
            remaining -= bytes.readableBytes
            try await write(.byteBuffer(bytes))
        }
    }

    /// Has the kernel send it; the slice keeps the file open until that is done.
    private mutating func send(_ slice: FileSlice) async throws {
        let (end, overflow) = slice.offset.addingReportingOverflow(Int64(slice.count))
        // A file that is too short would have `sendfile` make no progress for ever.
        guard !overflow, try end <= slice.file.size else { throw PieceError.fileTooShort }
        let region = FileRegion(
            fileHandle: slice.file.handle,
            readerIndex: Int(slice.offset),
            endIndex: Int(end)
        )
        try await write(.fileRegion(region))
        withExtendedLifetime(slice.file) {}
    }

    /// Writes bytes, and the end of the response with the last.
    private mutating func write(_ data: IOData) async throws {
        let count = data.readableBytes
        guard count > 0 else { return }
        if let left {
            guard count <= left else { throw PieceError.bodyTooLong }
            self.left = left - count
        }
        hasEnded = left == 0
        try await write(part: .body(data), isLast: hasEnded)
        exchange.sentBytes += count
    }

    private mutating func end() async throws {
        hasEnded = true
        try await write(part: .end(nil), isLast: false)
    }

    /// Waits until the socket took all of a part; the last is followed by an end that has no bytes.
    private func write(part: HTTPServerResponsePart, isLast: Bool) async throws {
        let written = context.eventLoop.makePromise(of: Void.self)
        context.write(NIOAny(part), promise: written)
        if isLast { context.write(NIOAny(HTTPServerResponsePart.end(nil)), promise: nil) }
        context.flush()
        exchange.isWriting = true
        defer { exchange.isWriting = false }
        try await written.futureResult.get()
    }
}

/// Why a body cannot be written.
private enum PieceError: Error {
    case bodyTooShort
    case bodyTooLong
    case fileTooShort
    case system(errno: CInt)
}

extension OpenFile {
    /// How long the file is, in bytes.
    fileprivate var size: Int64 {
        get throws {
            try handle.withUnsafeFileDescriptor { descriptor in
                var status = stat()
                guard unsafe fstat(descriptor, &status) == 0 else {
                    throw PieceError.system(errno: errno)
                }
                return Int64(status.st_size)
            }
        }
    }

    /// Reads up to `count` bytes at `offset`, at least one.
    fileprivate func read(
        _ count: Int,
        at offset: Int64,
        with allocator: ByteBufferAllocator
    ) throws -> ByteBuffer {
        var buffer = allocator.buffer(capacity: count)
        try handle.withUnsafeFileDescriptor { descriptor in
            _ = try unsafe buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: count) {
                space in
                while true {
                    let got = unsafe pread(descriptor, space.baseAddress, count, off_t(offset))
                    if got > 0 { return got }
                    guard got < 0 else { throw PieceError.fileTooShort }
                    guard errno == EINTR else { throw PieceError.system(errno: errno) }
                }
            }
        }
        return buffer
    }
}
