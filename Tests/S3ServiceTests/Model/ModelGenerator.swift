/// Makes sequences of steps: the same for the same seed.
struct ModelGenerator {
    private var random: ModelRandom
    /// Few keys, so that steps meet each other.
    private let keys: [ModelKey]

    init(seed: UInt64) {
        // Not a multiple of the generator's own step: sequences would be each other's, shifted.
        random = ModelRandom(state: seed &* 0xD134_2543_DE82_EF95)
        var keys: [ModelKey] = []
        for _ in 0..<6 { keys.append(random.pick(ModelKey.pool)) }
        self.keys = keys
    }

    static func steps(seed: UInt64, count: Int) -> [ModelStep] {
        var generator = Self(seed: seed)
        var steps: [ModelStep] = []
        while steps.count < count { steps += generator.next() }
        return Array(steps.prefix(count))
    }

    /// One step, or a few that belong together.
    private mutating func next() -> [ModelStep] {
        switch random.below(100) {
        case ..<22: [.put(place(), body(), labels(), condition())]
        case ..<34: [.read(place(), version(), read())]
        case ..<44: [.copy(from: place(), version(), to: place(), copy())]
        case ..<46: selfCopy()
        case ..<55: [.delete(place(), version(), random.chance(2) ? condition() : .none)]
        case ..<59: [deleteMany()]
        case ..<62:
            [.keepVersions(bucket: bucket(), random.chance(3) ? "Suspended" : "Enabled")]
        case ..<68: [.tag(place(), version(), tagging())]
        case ..<72: upload()
        case ..<80: [uploadStep()]
        default: [list()]
        }
    }

    private mutating func bucket() -> Int { random.chance(4) ? 1 : 0 }

    private mutating func place() -> ModelPlace {
        ModelPlace(bucket: bucket(), key: random.pick(keys))
    }

    private mutating func body() -> ModelBody {
        // The sizes around which bodies move from the index into files are among these.
        ModelBody(
            seed: random.below(9),
            size: random.pick([0, 1, 7, 20, 8191, 8192, 8193, 20_000])
        )
    }

    private mutating func labels() -> ModelLabels {
        ModelLabels(
            fields: fields(),
            tags: random.chance(3) ? tags() : [:],
            storageClass: random.chance(6) ? "STANDARD_IA" : "STANDARD"
        )
    }

    private mutating func fields() -> ModelFields {
        ModelFields(
            contentType: random.pick(["text/plain", "image/jpeg", "binary/octet-stream"]),
            note: "note \(random.below(50))"
        )
    }

    private mutating func tags() -> [String: String] {
        var tags: [String: String] = [:]
        for _ in 0..<random.below(4) {
            tags[random.pick(["colour", "size", "a b", "x/y=z", "\u{E9}"])] =
                random.pick(["", "red", "1+1=2", "\u{E9}", "a b"])
        }
        return tags
    }

    private mutating func condition() -> ModelCondition {
        random.pick([.none, .none, .none, .absent, .unchanged, .other])
    }

    private mutating func version() -> ModelVersionChoice {
        switch random.below(20) {
        case ..<9: .latest
        case ..<11: .null
        case ..<18: .known(random.below(1000))
        case 18: .foreign(random.below(1000))
        default: random.chance(3) ? .nonsense : .latest
        }
    }

    private mutating func read() -> ModelRead {
        let span: ModelRead.Span =
            switch random.below(10) {
            case 0:
                { (first: Int) in .closed(first, first + random.below(10_000)) }(random.below(25))
            case 1: .from(random.pick([0, 1, 8191, 30_000]))
            case 2: .suffix(random.pick([0, 1, 8, 9000]))
            case 3: .part(random.below(3) + 1)
            default: .whole
            }
        let condition = random.chance(3) ? random.pick(ModelRead.Condition.allCases) : .none
        return ModelRead(isHead: random.chance(3), span: span, condition: condition)
    }

    private mutating func copy() -> ModelCopy {
        ModelCopy(
            fields: random.chance(3) ? fields() : nil,
            tags: random.chance(4) ? tags() : nil,
            storageClass: random.chance(6) ? random.pick(["STANDARD", "STANDARD_IA"]) : nil,
            condition: random.chance(3) ? condition() : .none,
            sourceCondition: random.chance(6) ? random.pick(ModelRead.Condition.allCases) : .none
        )
    }

    /// A copy of an object to itself, which S3 allows where it changes something.
    private mutating func selfCopy() -> [ModelStep] {
        let place = place()
        return [.copy(from: place, random.chance(3) ? version() : .latest, to: place, copy())]
    }

    private mutating func deleteMany() -> ModelStep {
        var targets: [ModelTarget] = []
        for _ in 0..<random.below(4) + 1 {
            let version = version()
            let isConditional = if case .latest = version { random.chance(4) } else { false }
            let condition: ModelCondition =
                isConditional ? random.pick([.unchanged, .other]) : .none
            targets.append(
                ModelTarget(key: random.pick(keys), version: version, condition: condition)
            )
        }
        return .deleteMany(bucket: bucket(), targets, isQuiet: random.chance(4))
    }

    private mutating func tagging() -> ModelTagging {
        switch random.below(5) {
        case 0: .delete
        case ..<3: .put(tags())
        default: .get
        }
    }
}

// MARK: Uploads and listings

extension ModelGenerator {
    private mutating func partBody() -> ModelBody {
        ModelBody(seed: random.below(4), size: random.pick([0, 9, 8192, 20_000]))
    }

    /// The beginning of an upload, most often with what makes it whole.
    private mutating func upload() -> [ModelStep] {
        var steps: [ModelStep] = [.createUpload(place(), labels())]
        guard random.chance(2) else { return steps }
        if random.chance(2) {
            let large = ModelBody(seed: random.below(4), size: ModelBody.large)
            steps.append(.uploadPart(upload: 0, number: random.below(2) + 1, large))
        }
        if random.chance(3) { steps.append(.uploadPart(upload: 0, number: 5, partBody())) }
        steps.append(.uploadPart(upload: 0, number: random.below(3) + 3, partBody()))
        if random.chance(3) { steps.append(list()) }
        let completion = random.chance(4) ? random.pick(ModelCompletion.allCases) : .all
        steps.append(.complete(upload: 0, completion, random.chance(2) ? condition() : .none))
        return steps
    }

    private mutating func uploadStep() -> ModelStep {
        let upload = random.chance(2) ? 0 : random.below(4)
        switch random.below(10) {
        case ..<2: return .uploadPart(upload: upload, number: partNumber(), partBody())
        case ..<4:
            let first = random.below(20)
            return .copyPart(
                upload: upload,
                number: partNumber(),
                place(),
                version(),
                range: random.chance(2) ? first...(first + random.below(9000)) : nil
            )
        case ..<7:
            return .complete(
                upload: upload,
                random.chance(2) ? .all : random.pick(ModelCompletion.allCases),
                random.chance(4) ? condition() : .none
            )
        case 7: return .abort(upload: upload)
        default:
            return .listParts(
                upload: upload,
                after: random.below(4),
                limit: random.pick([0, 1, 2, 9])
            )
        }
    }

    private mutating func partNumber() -> Int {
        random.pick([1, 2, 2, 3, 4, 5, 10_000, 10_001, 0])
    }

    private mutating func list() -> ModelStep {
        let query = ModelQuery(
            prefix: random.pick(ModelKey.prefixes),
            delimiter: random.pick(ModelKey.delimiters),
            limit: random.pick([0, 1, 1, 2, 3, 5, 1000, 5000]),
            urlEncoded: random.chance(2)
        )
        return .list(
            bucket: bucket(),
            random.pick(ModelListKind.allCases),
            query,
            after: random.chance(2) ? ModelKey("") : random.pick(keys + ModelKey.prefixes),
            version()
        )
    }
}

/// [SplitMix64](https://prng.di.unimi.it/splitmix64.c), so that a seed means the same everywhere.
struct ModelRandom: Sendable {
    var state: UInt64

    mutating func below(_ count: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var word = state
        word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
        word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((word ^ (word >> 31)) % UInt64(count))
    }

    /// Once in so many times.
    mutating func chance(_ times: Int) -> Bool { below(times) == 0 }

    mutating func pick<Choice>(_ choices: [Choice]) -> Choice { choices[below(choices.count)] }
}
