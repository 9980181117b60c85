public import HTTPMessage
import NIOHTTP1
import S3Protocol
public import S3Service

/// An ``S3Service`` with ``Instruments`` before it.
///
/// Where nothing goes wrong, nothing is recorded and the clock is the machine's, a request passes at the price of
/// three relaxed atomic loads.
public struct InstrumentedService: Sendable {
    /// What answers.
    public let service: S3Service
    /// What a test plays on.
    public let instruments: Instruments

    /// Puts instruments before a service; its clock must be theirs.
    public init(_ service: S3Service, _ instruments: Instruments) {
        self.service = service
        self.instruments = instruments
    }

    /// Answers a request, or what is made of it on purpose.
    public func respond(to http: HTTPRequest) async -> HTTPResponse {
        guard instruments.areInUse else { return await service.respond(to: http) }
        return await instrumented(http)
    }

    private func instrumented(_ http: HTTPRequest) async -> HTTPResponse {
        // Who sets the instruments must not be kept from it by them.
        guard !service.isOwn(http) else { return await service.respond(to: http) }
        let faults =
            instruments.faults.isEmpty ? [] : instruments.faults.faults(of: subject(of: http))
        let run = FaultRun(faults, instruments)
        let isRecorded = instruments.recorder.isOn
        let counted = isRecorded ? CountedBody(http.body) : nil
        var request = http
        if let counted { request.body = counted.body }
        request.body = run.slowed(request.body)
        await run.delay()
        let call = isRecorded ? CallInProgress(http, counted, faults, instruments.recorder) : nil
        let failure = run.failure
        let intervention = Intervention(
            failure: failure?.error,
            isCarriedOut: failure?.isCarriedOut ?? false,
            logging: call?.sent
        )
        var response = await service.respond(to: request, intervention)
        if !instruments.clock.isReal, run.skew == 0 { response.date(instruments.clock.now()) }
        run.spoil(&response, isHead: http.method == .HEAD)
        call?.responded(response)
        return response
    }

    private func subject(of http: HTTPRequest) -> FaultSubject {
        let subject = service.subject(of: http)
        return FaultSubject(
            operation: subject.operation,
            bucket: subject.bucket,
            key: subject.key,
            address: http.peer,
            accessKey: ClaimedKey.of(http) ?? "",
            userAgent: http.headers.first(name: "user-agent") ?? ""
        )
    }
}

extension Instruments {
    /// Whether a request has to be looked at.
    fileprivate var areInUse: Bool { !faults.isEmpty || recorder.isOn || !clock.isReal }
}

extension HTTPResponse {
    /// Says what the time is, in place of the server.
    mutating func date(_ moment: Timestamp) {
        headers.replaceOrAdd(name: "Date", value: HTTPDate.format(moment))
    }
}
