import Digests
import HTTPMessage
import Logging
import NIOHTTP1
import S3Protocol
import Signing

extension S3Client {
    /// Sends a call, again where that can help, and reads its reply.
    ///
    /// - Parameters:
    ///   - call: What to send.
    ///   - read: Reads a reply of success; what it throws counts as the attempt's failure.
    /// - Returns: What was read.
    /// - Throws: ``S3ClientError``, or `CancellationError`.
    func send<Result: Sendable>(
        _ call: Call,
        read: (TransportResponse) async throws -> Result
    ) async throws -> Result {
        try call.check()
        let payload = try await Payload(
            call.body,
            check: call.checksum,
            isCovered: !endpoint.isSecure && credentials.areThere
        )
        var attempts = Attempts(policy: retry, random: random)
        var isOutcomeUnknown = false
        while true {
            let credential = try await credentials.resolve()
            do {
                return try await read(await attempt(call, payload, credential))
            } catch {
                try Task.checkCancellation()
                if let cause = payload.sourceFailure { throw cause }
                var failure = Failure(error, of: call)
                failure.error.followsUnknownOutcome = isOutcomeUnknown
                isOutcomeUnknown = isOutcomeUnknown || failure.isTransient
                guard let pause = next(after: failure, of: call, by: credential, &attempts) else {
                    throw failure.error
                }
                logger.debug(
                    "S3 request is tried again",
                    metadata: ["after": "\(pause)", "failure": "\(failure.error)"]
                )
                if pause > .zero { try await retry.wait(pause) }
            }
        }
    }

    /// Sends once; a reply that is an error is thrown.
    private func attempt(
        _ call: Call,
        _ payload: Payload,
        _ credential: Credential?
    ) async throws -> TransportResponse {
        let place = try endpoint.resolve(
            bucket: call.bucket,
            region: knowledge.region(of: call.bucket)
        )
        let request = signed(call, payload, credential, place)
        let response = try await transport.send(request, to: place.origin)
        guard (200..<300).contains(Int(response.status.code)) else {
            throw await Failure.read(response, of: call)
        }
        return response
    }

    private func signed(
        _ call: Call,
        _ payload: Payload,
        _ credential: Credential?,
        _ place: ResolvedEndpoint
    ) -> HTTPRequest {
        var head = SignableRequest(
            method: call.method.rawValue,
            target: place.path(key: call.key) + call.encodedQuery,
            headers: ["Host": place.host]
        )
        head.headers.add(contentsOf: call.headers)
        for (name, value) in payload.headers {
            // A body's own encoding and that of its framing stand side by side.
            let own = name == "Content-Encoding" ? head.headers[name] : []
            head.headers.replaceOrAdd(
                name: name,
                value: (own + [value]).joined(separator: ",")
            )
        }
        if !call.body.canHaveLength(for: call.method) {
            head.headers.remove(name: "Content-Length")
        }
        guard let credential else {
            if payload.signing.isStreaming, let value = payload.signing.headerValue {
                head.headers.replaceOrAdd(name: "x-amz-content-sha256", value: value)
            }
            return request(head, call, payload.open(nil))
        }
        let signed = SignatureV4.sign(
            head,
            by: credential,
            region: place.region,
            payload: payload.signing,
            at: signingTime
        )
        head.headers = signed.headers
        return request(head, call, payload.open(signed.chunkSigning))
    }

    private func request(_ head: SignableRequest, _ call: Call, _ body: HTTPBody) -> HTTPRequest {
        HTTPRequest(
            method: call.method,
            target: head.target,
            headers: head.headers,
            body: body,
            isSecure: endpoint.isSecure
        )
    }

    /// What to do after a failure: the pause before the next attempt, or `nil` to give up.
    private func next(
        after failure: Failure,
        of call: Call,
        by credential: Credential?,
        _ attempts: inout Attempts
    ) -> Duration? {
        guard call.body.isReplayable else { return nil }
        if let offset = failure.clockOffset(from: time.now(), known: knowledge.clockOffset),
            attempts.mayCorrect(.clock)
        {
            knowledge.clockOffset = offset
            return .zero
        }
        if let region = failure.region, let bucket = call.bucket,
            region != (knowledge.region(of: bucket) ?? endpoint.region),
            attempts.mayCorrect(.region)
        {
            knowledge.note(region: region, of: bucket)
            return .zero
        }
        if failure.isExpired, let credential, attempts.mayCorrect(.credentials),
            credentials.forget(credential)
        {
            return .zero
        }
        return failure.isTransient ? attempts.pause(asked: failure.retryAfter) : nil
    }
}

/// What was tried so far for one call.
private struct Attempts {
    /// What is put right once, without a pause.
    enum Correction: Hashable {
        case clock, region, credentials
    }

    let policy: RetryPolicy
    let random: any RandomSource
    private var made = 1
    private var corrected: Set<Correction> = []

    init(policy: RetryPolicy, random: any RandomSource) {
        self.policy = policy
        self.random = random
    }

    mutating func mayCorrect(_ correction: Correction) -> Bool {
        corrected.insert(correction).inserted
    }

    /// The pause before the next attempt; `nil` where there is none left, or the server asks for too long a one.
    mutating func pause(asked: Duration?) -> Duration? {
        guard made < policy.attempts else { return nil }
        if let asked, asked > RetryPolicy.longestAskedPause { return nil }
        let pause = policy.pause(after: made, random: random.bytes(8))
        made += 1
        return max(pause, asked ?? .zero)
    }
}

extension RequestBody {
    /// GET, HEAD and DELETE say nothing of a body that they do not have.
    fileprivate func canHaveLength(for method: HTTPMethod) -> Bool {
        length != 0 || method == .PUT || method == .POST
    }
}
