import Glibc
public import HTTPMessage
import NIOCore
import NIOHTTP1
public import S3Client
public import S3Protocol
public import S3Service

/// Carries requests to a service in the same process, as the daemon's sockets would.
public struct ServiceTransport: HTTPTransport {
    private let service: S3Service
    private let time: any TimeSource

    /// Leads to a service.
    public init(_ service: S3Service, time: any TimeSource) {
        self.service = service
        self.time = time
    }

    /// Lets the service answer.
    public func send(
        _ request: HTTPRequest,
        to origin: HTTPOrigin
    ) async throws -> TransportResponse {
        let response = await service.respond(to: request)
        var headers = response.headers
        if !headers.contains(name: "Date") {
            headers.add(name: "Date", value: HTTPDate.format(time.now()))
        }
        let isHead = request.method == .HEAD
        switch response.body {
        case .empty: return TransportResponse(response.status, headers, .empty)
        case .bytes(let bytes):
            headers.replaceOrAdd(name: "Content-Length", value: String(bytes.readableBytes))
            let body = isHead ? HTTPBody.empty : HTTPBody(bytes)
            return TransportResponse(response.status, headers, body)
        case .pieces(let length, let next):
            if let length { headers.replaceOrAdd(name: "Content-Length", value: String(length)) }
            let body = HTTPBody(length: length) { try await next().map(Self.bytes) }
            return TransportResponse(response.status, headers, isHead ? .empty : body)
        }
    }

    private static func bytes(of piece: HTTPResponse.Piece) throws -> ByteBuffer {
        switch piece {
        case .bytes(let buffer): return buffer
        case .file(let slice):
            return try slice.file.handle.withUnsafeFileDescriptor { descriptor in
                var buffer = ByteBufferAllocator().buffer(capacity: slice.count)
                let count = unsafe buffer.writeWithUnsafeMutableBytes(
                    minimumWritableBytes: slice.count
                ) { space in
                    let start = off_t(slice.offset)
                    return max(unsafe pread(descriptor, space.baseAddress, slice.count, start), 0)
                }
                guard count == slice.count else { throw HTTPBodyError.connectionClosed }
                return buffer
            }
        }
    }
}

extension TransportResponse {
    fileprivate init(_ status: HTTPResponseStatus, _ headers: HTTPHeaders, _ body: HTTPBody) {
        self.init(status: status, headers: headers, body: body)
    }
}
