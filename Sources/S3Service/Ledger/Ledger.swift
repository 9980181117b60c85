import NIOHTTP1

/// What Pail does with each operation and each setting of S3: the one table that refusals, `--strict`, the header
/// `x-pail-stored-only`, `/_pail/fidelity` and the tables of docs/compatibility.md are made of.
enum Ledger {
    /// How much of something there is.
    enum State: String, Sendable {
        /// It does what it does on AWS.
        case enforced
        /// It is checked, kept and told again, and nothing else comes of it.
        case storedOnly = "stored-only"
        /// It is answered with 501, by name.
        case refused
    }

    /// An operation of the public model.
    struct Operation: Sendable {
        let name: String
        let state: State
        /// The setting that is only stored, as `x-pail-stored-only` names it.
        let setting: String?
        /// What tells a request for it from others, where no type of its own does.
        let mark: Mark?
        /// What of it there is, or why there is none of it, in Markdown.
        let note: String
    }

    /// What tells a request for an operation that is refused from all others.
    enum Mark: Sendable {
        /// A method at a level, with a parameter of the query.
        case query(HTTPMethod, Route.Level, String)
        /// A header.
        case header(String)
        /// The service that the request is signed for, where it names no bucket.
        case scope(String)
    }

    /// A header of a request, or a setting that documents have.
    struct Setting: Sendable {
        /// The name; a star at its end stands for any other end.
        let name: String
        let state: State
        let reach: Reach
        let note: String
    }

    /// Who sees to it that a setting is refused, or marked as only stored.
    enum Reach: Sendable {
        /// The pipeline, for a header of any request.
        case everywhere
        /// The operations that it belongs to.
        case operation
    }
}

extension Ledger.Operation {
    static func enforced(_ name: String, _ note: String) -> Self {
        Self(name: name, state: .enforced, setting: nil, mark: nil, note: note)
    }

    static func stored(_ name: String, _ setting: String, _ note: String) -> Self {
        Self(name: name, state: .storedOnly, setting: setting, mark: nil, note: note)
    }

    static func refused(
        _ name: String,
        _ method: HTTPMethod,
        _ level: Route.Level,
        _ subresource: String,
        _ note: String
    ) -> Self {
        let mark = Ledger.Mark.query(method, level, subresource)
        return Self(name: name, state: .refused, setting: nil, mark: mark, note: note)
    }

    static func refused(_ name: String, _ mark: Ledger.Mark, _ note: String) -> Self {
        Self(name: name, state: .refused, setting: nil, mark: mark, note: note)
    }
}

extension Ledger.Setting {
    static func enforced(_ name: String, _ note: String) -> Self {
        Self(name: name, state: .enforced, reach: .operation, note: note)
    }

    static func stored(_ name: String, _ reach: Ledger.Reach, _ note: String) -> Self {
        Self(name: name, state: .storedOnly, reach: reach, note: note)
    }

    static func refused(_ name: String, _ reach: Ledger.Reach, _ note: String) -> Self {
        Self(name: name, state: .refused, reach: reach, note: note)
    }
}
