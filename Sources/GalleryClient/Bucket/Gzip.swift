import CZlib
import NIOCore
import Synchronization

extension MediaBody {
    /// The bytes as gzip.
    func gzipped() throws(StorageError) -> MediaBody { coded(try GzipStream(.compress)) }

    /// The bytes that gzip holds; ends with an error where it is damaged.
    func gunzipped() throws(StorageError) -> MediaBody { coded(try GzipStream(.decompress)) }

    private func coded(_ stream: GzipStream) -> MediaBody {
        MediaBody {
            while true {
                if let piece = try stream.next() { return piece }
                if stream.hasEnded { return nil }
                stream.feed(try await makeAsyncIterator().next())
            }
        }
    }
}

/// A stream of zlib, used by one reader.
private final class GzipStream: Sendable {
    enum Direction: Sendable {
        case compress, decompress
    }

    /// What zlib adds to a window's size to speak gzip instead of its own format.
    private static let gzip: CInt = 16
    private static let window: CInt = 15 + gzip
    /// zlib's own default.
    private static let memory: CInt = 8
    /// Bytes that are made at once.
    private static let pieceBytes = 64 << 10
    @safe private struct State {
        // Lives on the heap because zlib keeps a pointer back to it; used under the lock alone.
        nonisolated(unsafe) let zlib: UnsafeMutablePointer<z_stream>
        var input = ByteBuffer()
        var isLast = false
        var hasEnded = false
    }

    private let direction: Direction
    private let state: Mutex<State>

    var hasEnded: Bool { state.withLock { $0.hasEnded } }

    init(_ direction: Direction) throws(StorageError) {
        let zlib = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
        unsafe zlib.initialize(to: z_stream())
        self.direction = direction
        let size = unsafe CInt(MemoryLayout<z_stream>.size)
        let result =
            switch direction {
            case .compress:
                unsafe deflateInit2_(
                    zlib,
                    Z_DEFAULT_COMPRESSION,
                    Z_DEFLATED,
                    Self.window,
                    Self.memory,
                    Z_DEFAULT_STRATEGY,
                    ZLIB_VERSION,
                    size
                )
            case .decompress: unsafe inflateInit2_(zlib, Self.window, ZLIB_VERSION, size)
            }
        state = Mutex(unsafe State(zlib: zlib))
        guard result == Z_OK else {
            throw StorageError(.unavailable, message: "zlib cannot be started (\(result)).")
        }
    }

    deinit {
        state.withLock { state in
            switch direction {
            case .compress: unsafe deflateEnd(state.zlib)
            case .decompress: unsafe inflateEnd(state.zlib)
            }
            unsafe state.zlib.deinitialize(count: 1)
            unsafe state.zlib.deallocate()
        }
    }

    /// Takes the next piece; `nil` is the end.
    func feed(_ piece: ByteBuffer?) {
        state.withLock { state in
            if var piece { state.input.writeBuffer(&piece) } else { state.isLast = true }
        }
    }

    /// What can be made of what was fed, at most ``pieceBytes`` of it; `nil` where more must be fed.
    ///
    /// In pieces, because gzip can grow a thousandfold: what is not asked for is not made.
    func next() throws(StorageError) -> ByteBuffer? {
        try state.withLock { state throws(StorageError) in
            guard !state.hasEnded else { return nil }
            let (output, result) = unsafe run(&state)
            state.input.discardReadBytes()
            state.hasEnded = result == Z_STREAM_END
            // Z_BUF_ERROR: there was nothing to do, which is none.
            guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(result) else { throw Self.damaged }
            if output.readableBytes > 0 { return output }
            if state.isLast && !state.hasEnded { throw Self.damaged }
            return nil
        }
    }

    /// Lets zlib work once.
    @unsafe private func run(_ state: inout State) -> (ByteBuffer, CInt) {
        let zlib = unsafe state.zlib
        let isLast = state.isLast
        var output = ByteBuffer()
        var result = Z_OK
        unsafe state.input.readWithUnsafeMutableReadableBytes { bytes in
            unsafe zlib.pointee.next_in = unsafe bytes.baseAddress?
                .assumingMemoryBound(to: UInt8.self)
            unsafe zlib.pointee.avail_in = uInt(clamping: bytes.count)
            let given = unsafe zlib.pointee.avail_in
            unsafe output.writeWithUnsafeMutableBytes(minimumWritableBytes: Self.pieceBytes) {
                space in
                unsafe zlib.pointee.next_out = unsafe space.baseAddress?
                    .assumingMemoryBound(to: UInt8.self)
                unsafe zlib.pointee.avail_out = uInt(Self.pieceBytes)
                result = unsafe step(zlib, isLast)
                return unsafe Self.pieceBytes - Int(zlib.pointee.avail_out)
            }
            return unsafe Int(given - zlib.pointee.avail_in)
        }
        return (output, result)
    }

    @unsafe private func step(_ zlib: UnsafeMutablePointer<z_stream>, _ isLast: Bool) -> CInt {
        switch direction {
        case .compress: unsafe deflate(zlib, isLast ? Z_FINISH : Z_NO_FLUSH)
        case .decompress: unsafe inflate(zlib, Z_NO_FLUSH)
        }
    }

    private static let damaged = StorageError(
        .corrupted,
        message: "A file that is stored compressed is damaged."
    )
}
