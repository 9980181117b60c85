import ArgumentParser
import Daemon

/// Which requests a fault is for.
struct FaultRequests: ParsableArguments {
    @Option(help: "The operation, such as PutObject.")
    var operation: String?

    @Option(help: "The bucket.")
    var bucket: String?

    @Option(help: "The key.")
    var key: String?

    @Option(help: "The client's IP address.")
    var address: String?

    @Option(help: "The client's access key.")
    var accessKey: String?

    @Option(help: "The client's User-Agent.")
    var userAgent: String?

    @Option(help: "Only the request of this number, counted from 1.")
    var nth: String?

    @Option(help: "Only each request whose number this divides.")
    var every: String?

    @Option(help: "With this probability, from 0 to 1.")
    var probability: String?

    @Option(help: "With so many requests, and then with none.")
    var times: String?

    @Option(help: "From this moment of the clock on.")
    var from: String?

    @Option(help: "Before this moment of the clock.")
    var until: String?

    @Option(help: "What chance is drawn from.")
    var seed: String?

    var fields: [String: Control.Value] {
        var fields: [String: Control.Value] = [:]
        give(operation, as: "operation", to: &fields)
        give(bucket, as: "bucket", to: &fields)
        give(key, as: "key", to: &fields)
        give(from, as: "from", to: &fields)
        give(until, as: "until", to: &fields)
        give(number: nth, as: "nth", to: &fields)
        give(number: every, as: "every", to: &fields)
        give(number: probability, as: "probability", to: &fields)
        give(number: times, as: "times", to: &fields)
        give(number: seed, as: "seed", to: &fields)
        return fields
    }

    var client: [String: Control.Value] {
        var fields: [String: Control.Value] = [:]
        give(address, as: "address", to: &fields)
        give(accessKey, as: "accessKey", to: &fields)
        give(userAgent, as: "userAgent", to: &fields)
        return fields
    }
}
