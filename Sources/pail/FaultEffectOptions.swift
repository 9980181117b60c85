import ArgumentParser
import Daemon

/// What belongs to the kind of a fault.
struct FaultEffectOptions: ParsableArguments {
    @Option(help: "error, error-in-200: the S3 error code.")
    var code: String?

    @Option(help: "error: the status (default: the code's own).")
    var status: String?

    @Option(help: "error, error-in-200: the message (default: the code's own).")
    var message: String?

    @Flag(help: "error: the operation is carried out all the same.")
    var carriedOut = false

    @Option(help: "throttle: so many requests a second.")
    var perSecond: String?

    @Option(help: "throttle: so many may come at once.")
    var burst: String?

    @Option(help: "delay, silence: how long.")
    var milliseconds: String?

    @Option(help: "bandwidth: how fast.")
    var bytesPerSecond: String?

    @Option(help: "truncate, reset: after so many bytes of the reply's body.")
    var afterBytes: String?

    @Option(help: "flip: which byte of the reply's body.")
    var atByte: String?

    @Option(help: "skew: how far off the reply's Date is.")
    var seconds: String?

    var fields: [String: Control.Value] {
        var fields: [String: Control.Value] = [:]
        give(code, as: "code", to: &fields)
        give(message, as: "message", to: &fields)
        give(number: status, as: "status", to: &fields)
        give(number: perSecond, as: "perSecond", to: &fields)
        give(number: burst, as: "burst", to: &fields)
        give(number: milliseconds, as: "milliseconds", to: &fields)
        give(number: bytesPerSecond, as: "bytesPerSecond", to: &fields)
        give(number: afterBytes, as: "afterBytes", to: &fields)
        give(number: atByte, as: "atByte", to: &fields)
        give(number: seconds, as: "seconds", to: &fields)
        if carriedOut { fields["carriedOut"] = .flag(true) }
        return fields
    }
}
