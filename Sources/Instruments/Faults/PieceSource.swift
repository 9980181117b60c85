import Glibc
import HTTPMessage
import NIOCore
import Synchronization

/// A reply's body, in pieces as long as they are wanted.
final class PieceSource: Sendable {
    private let next: @Sendable () async throws -> HTTPResponse.Piece?
    private let state = Mutex(State())

    private struct State {
        var rest: HTTPResponse.Piece?
        var taken: Int64 = 0
    }

    init(_ next: @escaping @Sendable () async throws -> HTTPResponse.Piece?) { self.next = next }

    /// How many bytes were taken.
    var taken: Int64 { state.withLock { $0.taken } }

    /// The next bytes, one at least and no more than `limit`; `nil` at the end.
    func take(atMost limit: Int64) async throws -> HTTPResponse.Piece? {
        // The body has one reader, so nobody takes between the two locks.
        var piece = state.withLock { $0.rest.take() }
        while piece == nil || piece?.count == 0 {
            guard let fresh = try await next() else { return nil }
            piece = fresh
        }
        guard let piece else { return nil }
        let count = Int(min(Int64(piece.count), limit))
        state.withLock { state in
            state.taken += Int64(count)
            if count < piece.count { state.rest = piece.dropping(count) }
        }
        return piece.first(count)
    }
}

extension HTTPResponse.Piece {
    var count: Int {
        switch self {
        case .bytes(let bytes): bytes.readableBytes
        case .file(let slice): slice.count
        }
    }

    fileprivate func first(_ count: Int) -> HTTPResponse.Piece {
        switch self {
        case .bytes(let bytes):
            .bytes(bytes.getSlice(at: bytes.readerIndex, length: count) ?? bytes)
        case .file(let slice):
            .file(FileSlice(file: slice.file, offset: slice.offset, count: count))
        }
    }

    fileprivate func dropping(_ count: Int) -> HTTPResponse.Piece {
        switch self {
        case .bytes(var bytes):
            bytes.moveReaderIndex(forwardBy: count)
            return .bytes(bytes)
        case .file(let slice):
            let rest = slice.count - count
            return .file(
                FileSlice(file: slice.file, offset: slice.offset + Int64(count), count: rest)
            )
        }
    }

    /// The first byte; what is in a file is read.
    ///
    /// - Throws: ``BrokenOff`` where the file is shorter than it was.
    func firstByte() throws -> UInt8 {
        switch self {
        case .bytes(let bytes):
            guard let byte = bytes.readableBytesView.first else { throw BrokenOff() }
            return byte
        case .file(let slice):
            return try slice.file.handle.withUnsafeFileDescriptor { descriptor in
                var byte: UInt8 = 0
                guard unsafe pread(descriptor, &byte, 1, off_t(slice.offset)) == 1 else {
                    throw BrokenOff()
                }
                return byte
            }
        }
    }
}

/// The end of a body that is cut on purpose.
struct BrokenOff: Error {}
