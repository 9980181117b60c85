import Instruments
import NIOHTTP1
import Policy
import S3Protocol

extension AdministrationRouter {
    /// What goes wrong on purpose.
    static let faultRoutes = [
        AdministrationRoute(.GET, "faults", "listFaults") { request in
            _ = try request.query()
            return AdministrationReply(
                .object(["faults": .array(request.instruments.faults.entries.map(\.json))])
            )
        },
        AdministrationRoute(.POST, "faults", "addFault") { request in
            let rule = try FaultRule(
                request.body(
                    "operation",
                    "bucket",
                    "key",
                    "client",
                    "nth",
                    "every",
                    "probability",
                    "times",
                    "from",
                    "until",
                    "seed",
                    "effect"
                )
            )
            do throws(FaultPlan.Refused) {
                let entry = try request.instruments.faults.add(rule)
                return AdministrationReply(status: 201, entry.json)
            } catch {
                throw AdministrationError(error)
            }
        },
        AdministrationRoute(.DELETE, "faults", "clearFaults") { request in
            let seed = try request.query(["seed"])["seed"]
            let number = seed.flatMap { UInt64($0) }
            guard seed == nil || number != nil else {
                throw AdministrationError.invalid("seed must be a whole number, 0 at least.")
            }
            request.instruments.faults.clear(seed: number)
            return .done
        },
        AdministrationRoute(.GET, "faults/{id}", "getFault") { request in
            let id = request.parameters["id"] ?? ""
            let entry = request.instruments.faults.entries.first { $0.id == id }
            guard let entry else { throw AdministrationError.notFound("fault \(id)") }
            return AdministrationReply(entry.json)
        },
        AdministrationRoute(.DELETE, "faults/{id}", "removeFault") { request in
            let id = request.parameters["id"] ?? ""
            guard request.instruments.faults.remove(id) else {
                throw AdministrationError.notFound("fault \(id)")
            }
            return .done
        },
    ]
}

extension AdministrationError {
    init(_ refused: FaultPlan.Refused) {
        self =
            switch refused {
            case .tooMany:
                AdministrationError(
                    status: 409,
                    code: "LimitExceeded",
                    message: "There are \(FaultPlan.limit) faults already."
                )
            case .meaningless(let reason): .invalid("\(reason).")
            }
    }
}
