import Instruments
import Policy
import S3Protocol

extension FaultRule {
    /// Reads a rule.
    ///
    /// - Throws: ``AdministrationError`` that names the member that cannot be read.
    init(_ fields: JSONFields) throws(AdministrationError) {
        let effect = try fields.required("effect", fields["effect"])
        let client = try fields["client"].map { json throws(AdministrationError) in
            try Client(JSONFields(json, ["address", "accessKey", "userAgent"]))
        }
        let seed = try fields.integer("seed")
        guard seed ?? 0 >= 0 else { throw .invalid("seed must be 0 at least.") }
        self.init(
            try FaultEffect(effect),
            operation: try fields.text("operation"),
            bucket: try fields.text("bucket"),
            key: try fields.text("key"),
            client: client ?? Client(),
            turn: Turn(
                nth: try fields.count("nth"),
                every: try fields.count("every"),
                probability: try fields.number("probability"),
                times: try fields.count("times")
            ),
            from: try fields.moment("from"),
            until: try fields.moment("until"),
            seed: seed.map { UInt64($0) }
        )
    }
}

extension FaultRule.Client {
    fileprivate init(_ fields: JSONFields) throws(AdministrationError) {
        self.init(
            address: try fields.text("address"),
            accessKey: try fields.text("accessKey"),
            userAgent: try fields.text("userAgent")
        )
    }

    fileprivate var json: JSON? {
        self == FaultRule.Client()
            ? nil
            : .object([
                "address": address.map(JSON.string), "accessKey": accessKey.map(JSON.string),
                "userAgent": userAgent.map(JSON.string),
            ])
    }
}

extension FaultPlan.Entry {
    /// The rule with its name and counts.
    var json: JSON {
        .object([
            "id": .string(id),
            "operation": rule.operation.map(JSON.string),
            "bucket": rule.bucket.map(JSON.string),
            "key": rule.key.map(JSON.string),
            "client": rule.client.json,
            "nth": rule.turn.nth.map { .number(String($0)) },
            "every": rule.turn.every.map { .number(String($0)) },
            "probability": rule.turn.probability.map { .number(String($0)) },
            "times": rule.turn.times.map { .number(String($0)) },
            "from": rule.from.map { .string(ISO8601.format($0)) },
            "until": rule.until.map { .string(ISO8601.format($0)) },
            "seed": rule.seed.map { .number(String($0)) },
            "effect": rule.effect.json,
            "met": .number(String(met)),
            "applied": .number(String(applied)),
        ])
    }
}
