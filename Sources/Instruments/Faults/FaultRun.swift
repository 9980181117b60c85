import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol

/// Everything that goes wrong with one request, put into effect.
struct FaultRun: Sendable {
    private let faults: [AppliedFault]
    private let instruments: Instruments

    init(_ faults: [AppliedFault], _ instruments: Instruments) {
        self.faults = faults
        self.instruments = instruments
    }

    /// The error to answer with.
    var failure: (error: S3Error, isCarriedOut: Bool)? {
        for fault in faults {
            switch fault.effect {
            case .error(let code, let isCarriedOut):
                return (S3Error(code, logged: note(fault)), isCarriedOut)
            case .errorIn200(let code):
                let code = S3Error.Code(200, code.name, code.message)
                return (S3Error(code, logged: note(fault)), false)
            case .throttle: return (S3Error(.slowDown, logged: note(fault)), false)
            default: continue
            }
        }
        return nil
    }

    /// How far the reply's `Date` is off, in seconds.
    var skew: Int64 {
        faults.reduce(0) { sum, fault in
            if case .skew(let seconds) = fault.effect { sum &+ seconds } else { sum }
        }
    }

    /// Waits as long as the delays say.
    func delay() async {
        for fault in faults {
            guard case .delay(let milliseconds) = fault.effect else { continue }
            await instruments.sleep(milliseconds)
        }
    }

    /// A request's body, as slow as it is to be.
    func slowed(_ body: HTTPBody) -> HTTPBody {
        guard let pace else { return body }
        return HTTPBody(length: body.length) {
            guard let piece = try await body.next() else { return nil }
            await pace.wait(for: piece.readableBytes)
            return piece
        }
    }

    /// Does to a reply what is to go wrong with it.
    func spoil(_ response: inout HTTPResponse, isHead: Bool) {
        if skew != 0 { response.date(instruments.clock.now().advanced(bySeconds: skew)) }
        for fault in faults { spoil(&response, fault, isHead: isHead) }
        if let pace { response.body = response.body.slowed(by: pace) }
    }

    private func spoil(_ response: inout HTTPResponse, _ fault: AppliedFault, isHead: Bool) {
        var mishap = response.mishap ?? Mishap()
        switch fault.effect {
        case .truncate(let count):
            // Said even where nothing else is: what comes before the cut is to arrive.
            response.mishap = mishap
            response.body = response.body.cut(after: count)
        // Behind a whole reply nobody would see it: what has no body is reset before its head.
        case .reset(let count?) where !isHead && !response.body.isEmpty:
            mishap.breaksByReset = true
            response.body = response.body.cut(after: count)
        case .reset: mishap.reply = .reset
        case .silence(let milliseconds): mishap.reply = .silence(.milliseconds(milliseconds))
        case .staleContinue: mishap.hasStaleContinue = true
        case .flip(let place): response.body = response.body.flipped(at: place, fault.draw)
        case .error, .errorIn200, .throttle, .delay, .bandwidth, .skew: return
        }
        if mishap != Mishap() { response.mishap = mishap }
    }

    /// The slowest pace that is asked for.
    private var pace: Pace? {
        let rates = faults.compactMap { fault -> Int64? in
            if case .bandwidth(let rate) = fault.effect { rate } else { nil }
        }
        return rates.min().map { Pace(bytesPerSecond: $0, sleep: instruments.sleep) }
    }

    private func note(_ fault: AppliedFault) -> String { "by \(fault.rule): \(fault.effect.name)" }
}

/// How fast bytes travel.
struct Pace: Sendable {
    let bytesPerSecond: Int64
    let sleep: Instruments.Sleeper

    /// How many bytes go at once: what takes a tenth of a second, and not so few that each waits for itself alone.
    var step: Int { Int(min(max(bytesPerSecond / 10, 1), 64 << 10)) }

    /// Waits as long as so many bytes take.
    func wait(for bytes: Int) async {
        let (milliseconds, overflow) = Int64(bytes).multipliedReportingOverflow(by: 1000)
        await sleep(overflow ? .max : milliseconds / bytesPerSecond)
    }
}
