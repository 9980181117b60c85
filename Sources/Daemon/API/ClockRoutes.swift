import Instruments
import NIOHTTP1
import Policy
import S3Protocol

extension AdministrationRouter {
    /// What time it is.
    static let clockRoutes = [
        AdministrationRoute(.GET, "clock", "getClock") { request in
            _ = try request.query()
            return AdministrationReply(request.instruments.clock.reading.json)
        },
        AdministrationRoute(.POST, "clock/freeze", "freezeClock") { request in
            let moment = try request.body("at").moment("at")
            return try await set(request) { clock throws(TestClock.Refused) in
                try await clock.freeze(at: moment)
            }
        },
        AdministrationRoute(.POST, "clock/move", "moveClock") { request in
            let distance = try milliseconds(
                request.body("days", "hours", "minutes", "seconds", "milliseconds")
            )
            return try await set(request) { clock throws(TestClock.Refused) in
                try await clock.move(byMilliseconds: distance)
            }
        },
        AdministrationRoute(.POST, "clock/speed", "speedClock") { request in
            let fields = try request.body("factor")
            let factor = try fields.required("factor", fields.number("factor"))
            return try await set(request) { clock throws(TestClock.Refused) in
                try await clock.run(factor: factor)
            }
        },
        AdministrationRoute(.POST, "clock/real", "resetClock") { request in
            _ = try request.body()
            await request.instruments.clock.reset()
            return AdministrationReply(request.instruments.clock.reading.json)
        },
    ]

    private static func set(
        _ request: AdministrationRequest,
        _ change: (TestClock) async throws(TestClock.Refused) -> Void
    ) async throws(AdministrationError) -> AdministrationReply {
        let clock = request.instruments.clock
        do { try await change(clock) } catch {
            switch error {
            case .outOfRange: throw .invalid("The clock shows moments from 1970 to 9999.")
            case .badFactor:
                throw .invalid(
                    "factor must be above 0, and at most \(Int(TestClock.maximumFactor))."
                )
            }
        }
        return AdministrationReply(clock.reading.json)
    }

    /// The sum of what is named, in milliseconds.
    private static func milliseconds(_ fields: JSONFields) throws(AdministrationError) -> Int64 {
        let units: [(String, Int64)] = [
            ("days", 86_400_000), ("hours", 3_600_000), ("minutes", 60_000), ("seconds", 1000),
            ("milliseconds", 1),
        ]
        var sum: Int64 = 0
        for (name, unit) in units {
            let (product, isTooMuch) = (try fields.integer(name) ?? 0)
                .multipliedReportingOverflow(by: unit)
            let (added, overflow) = sum.addingReportingOverflow(product)
            guard !isTooMuch, !overflow else { throw .invalid("\(name) is too much.") }
            sum = added
        }
        guard units.contains(where: { fields.has($0.0) }) else {
            throw .invalid("days, hours, minutes, seconds or milliseconds is missing.")
        }
        return sum
    }
}

extension TestClock.Reading {
    var json: JSON {
        .object([
            "now": .string(ISO8601.format(now)),
            "mode": .string(isReal ? "real" : factor == 0 ? "frozen" : "running"),
            "factor": .number(String(factor)),
            "offsetMilliseconds": .number(String(offset)),
        ])
    }
}
