import Instruments
import Policy
import S3Protocol

extension FaultEffect {
    /// How long a silence is where nobody says: longer than clients wait.
    private static let usualSilence: Int64 = 300_000

    /// What each kind may say beside its name.
    private static let members: [String: [String]] = [
        "error": ["code", "status", "message", "carriedOut"],
        "error-in-200": ["code", "message"],
        "throttle": ["perSecond", "burst"],
        "delay": ["milliseconds"],
        "bandwidth": ["bytesPerSecond"],
        "truncate": ["afterBytes"],
        "flip": ["atByte"],
        "reset": ["afterBytes"],
        "silence": ["milliseconds"],
        "stale-continue": [],
        "skew": ["seconds"],
    ]

    /// Reads an effect: an object with its `kind`, and what belongs to that.
    ///
    /// - Throws: ``AdministrationError``.
    init(_ json: JSON) throws(AdministrationError) {
        guard let kind = json["kind"]?.string, let members = Self.members[kind] else {
            let known = Self.members.keys.sorted().joined(separator: ", ")
            throw .invalid("effect must be an object with a kind: one of \(known).")
        }
        let fields = try JSONFields(json, ["kind"] + members)
        self = try Self.read(kind, fields)
    }

    private static func read(
        _ kind: String,
        _ fields: JSONFields
    ) throws(AdministrationError) -> FaultEffect {
        func integer(_ name: String) throws(AdministrationError) -> Int64 {
            try fields.required(name, fields.integer(name))
        }
        switch kind {
        case "error":
            return .error(try code(fields), isCarriedOut: try fields.flag("carriedOut") ?? false)
        case "error-in-200": return .errorIn200(try code(fields))
        case "throttle":
            let rate = try fields.required("perSecond", fields.number("perSecond"))
            // A burst that nobody names is what a second lets pass, and one at least.
            let usual = Int(min(max(rate.rounded(.up), 1), 1_000_000))
            return .throttle(perSecond: rate, burst: try fields.count("burst") ?? usual)
        case "delay": return .delay(milliseconds: try integer("milliseconds"))
        case "bandwidth": return .bandwidth(bytesPerSecond: try integer("bytesPerSecond"))
        case "truncate": return .truncate(afterBytes: try integer("afterBytes"))
        case "flip": return .flip(atByte: try fields.integer("atByte"))
        case "reset": return .reset(afterBytes: try fields.integer("afterBytes"))
        case "silence":
            return .silence(milliseconds: try fields.integer("milliseconds") ?? usualSilence)
        case "skew": return .skew(seconds: try integer("seconds"))
        default: return .staleContinue
        }
    }

    /// An error code: one of S3's, or another with its status.
    private static func code(_ fields: JSONFields) throws(AdministrationError) -> S3Error.Code {
        let name = try fields.required("code", fields.text("code"))
        let known = S3Error.Code.named(name)
        let status = try fields.count("status") ?? known?.status
        guard let status else {
            throw .invalid("\(name) is none of S3's codes that Pail knows: it needs a status.")
        }
        let message = try fields.text("message") ?? known?.message ?? name
        return S3Error.Code(status, name, message)
    }

    /// The effect with its kind.
    var json: JSON {
        let kind = JSON.string(name)
        switch self {
        case .error(let code, let isCarriedOut):
            return .object([
                "kind": kind, "code": .string(code.name), "status": .number(String(code.status)),
                "message": .string(code.message), "carriedOut": .bool(isCarriedOut),
            ])
        case .errorIn200(let code):
            return .object([
                "kind": kind, "code": .string(code.name), "message": .string(code.message),
            ])
        case .throttle(let rate, let burst):
            return .object([
                "kind": kind, "perSecond": .number(String(rate)), "burst": .number(String(burst)),
            ])
        case .delay(let time), .silence(let time):
            return .object(["kind": kind, "milliseconds": .number(String(time))])
        case .bandwidth(let rate):
            return .object(["kind": kind, "bytesPerSecond": .number(String(rate))])
        case .truncate(let count):
            return .object(["kind": kind, "afterBytes": .number(String(count))])
        case .reset(let count):
            return .object(["kind": kind, "afterBytes": count.map { .number(String($0)) }])
        case .flip(let place):
            return .object(["kind": kind, "atByte": place.map { .number(String($0)) }])
        case .staleContinue: return .object(["kind": kind])
        case .skew(let seconds):
            return .object(["kind": kind, "seconds": .number(String(seconds))])
        }
    }
}
