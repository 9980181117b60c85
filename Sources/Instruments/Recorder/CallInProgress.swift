import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol
import S3Service
import Synchronization

/// A call that is recorded when its reply is sent.
final class CallInProgress: Sendable {
    private let request: HTTPRequest
    private let body: CountedBody?
    private let faults: [String]
    private let recorder: Recorder
    private let response = Mutex<HTTPHeaders>([:])
    private let number = Mutex<UInt64?>(nil)

    init(
        _ request: HTTPRequest,
        _ body: CountedBody?,
        _ faults: [AppliedFault],
        _ recorder: Recorder
    ) {
        self.request = request
        self.body = body
        self.faults = faults.map(\.effect.name)
        self.recorder = recorder
    }

    /// Remembers the reply as it is sent.
    func responded(_ response: HTTPResponse) {
        self.response.withLock { $0 = response.headers }
        number.withLock { $0 = recorder.pending.begin() }
    }

    /// Records the call, which is over.
    @Sendable func sent(_ entry: AccessLogEntry) {
        recorder.add(call(logged: entry))
        end()
    }

    deinit { end() }

    private func end() {
        if let number = number.withLock({ $0.take() }) { recorder.pending.end(number) }
    }

    private func call(logged entry: AccessLogEntry) -> RecordedCall {
        let response = response.withLock { $0 }
        var call = RecordedCall()
        call.time = entry.time
        call.requestID = entry.requestID
        call.operation = entry.operation
        call.bucket = entry.bucket
        call.key = entry.key
        call.method = request.method.rawValue
        call.target = Redaction.target(request.target)
        call.isSecure = request.isSecure
        call.peer = request.peer
        call.accessKey = entry.accessKey
        call.signature = SignatureKind(request)
        call.requestHeaders = Redaction.fields(request.headers)
        call.requestBytes = body?.count ?? 0
        call.checksums = Self.checksums(call.requestHeaders, Redaction.fields(response))
        call.status = entry.status
        call.errorCode = entry.errorCode
        call.responseHeaders = Redaction.fields(response)
        call.responseBytes = Int64(entry.bytesSent)
        call.isComplete = entry.isComplete
        call.faults = faults
        call.microseconds = entry.microseconds
        return call
    }

    /// What either side says that a body's digest is, each once.
    private static func checksums(
        _ request: [RecordedCall.Field],
        _ response: [RecordedCall.Field]
    ) -> [RecordedCall.Field] {
        var found: [RecordedCall.Field] = []
        for field in request + response {
            let name = field.name.lowercased()
            let isDigest =
                name == "content-md5"
                || (name.hasPrefix("x-amz-checksum-")
                    && !["mode", "type", "algorithm"]
                        .contains(name.dropFirst("x-amz-checksum-".count)))
            let checksum = RecordedCall.Field(name, field.value)
            if isDigest, !found.contains(checksum) { found.append(checksum) }
        }
        return found
    }
}

/// A body that counts what is read of it.
final class CountedBody: Sendable {
    private let source: HTTPBody
    private let bytes = Atomic<Int64>(0)

    init(_ source: HTTPBody) { self.source = source }

    /// Bytes that were read so far.
    var count: Int64 { bytes.load(ordering: .relaxed) }

    /// The same body.
    var body: HTTPBody {
        HTTPBody(length: source.length) { [self] in
            guard let piece = try await source.next() else { return nil }
            bytes.add(Int64(piece.readableBytes), ordering: .relaxed)
            return piece
        }
    }
}
