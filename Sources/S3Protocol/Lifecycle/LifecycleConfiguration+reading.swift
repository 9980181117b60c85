extension LifecycleConfiguration {
    /// Reads a document that a client puts on a bucket.
    ///
    /// - Parameters:
    ///   - document: the document, UTF-8.
    ///   - transitionMinimum: which small objects are not to be moved.
    ///   - makeID: makes a name for a rule that has none.
    /// - Throws: ``S3Error`` with `MalformedXML`, `InvalidArgument`, `InvalidRequest` or `InvalidTag`.
    public init(
        document: some Collection<UInt8>,
        transitionMinimum: TransitionMinimum,
        makeID: () -> String
    ) throws(S3Error) {
        let root = try XMLElement.parse(document, root: "LifecycleConfiguration")
        try root.allow(once: [], many: ["Rule"])
        guard (1...Self.ruleLimit).contains(root.children.count) else {
            throw S3Error(.malformedXML)
        }
        self.transitionMinimum = transitionMinimum
        rules = try root.children.map { element throws(S3Error) in
            try LifecycleRule(element, makeID: makeID)
        }
        try checkTogether()
    }

    /// What a rule alone cannot know.
    private func checkTogether() throws(S3Error) {
        guard Set(rules.map(\.id)).count == rules.count else {
            throw S3Error(
                .invalidArgument,
                "Rule ID must be unique. Found same ID for more than one rule"
            )
        }
        let isFirstVersion = rules.first?.filter.form == .prefix
        for rule in rules where (rule.filter.form == .prefix) != isFirstVersion {
            throw S3Error(
                .invalidRequest,
                isFirstVersion
                    ? "Filter element can only be used in Lifecycle V2."
                    : "Base level prefix cannot be used in Lifecycle V2, prefixes are only supported "
                        + "in the Filter."
            )
        }
        if isFirstVersion { try checkFirstVersion() }
    }

    /// In the first version of the API prefixes must not overlap, and versions are not counted.
    private func checkFirstVersion() throws(S3Error) {
        guard !rules.contains(where: \.countsVersions) else {
            throw S3Error(
                .invalidRequest,
                "NewerNoncurrentVersions element can only be used in Lifecycle V2."
            )
        }
        var prefixes: [String: [[UInt8]]] = [:]
        for rule in rules {
            for action in rule.actionTypes {
                prefixes[action, default: []].append(Array((rule.filter.prefix ?? "").utf8))
            }
        }
        for (action, unsorted) in prefixes.sorted(by: { $0.key < $1.key }) {
            // What begins with a prefix follows it in order, so neighbours are all that can be first to overlap.
            let sorted = unsorted.sorted { $0.lexicographicallyPrecedes($1) }
            for (first, second) in zip(sorted, sorted.dropFirst()) where second.starts(with: first)
            {
                throw S3Error(
                    .invalidRequest,
                    "Found overlapping prefixes '\(String(decoding: first, as: UTF8.self))' and "
                        + "'\(String(decoding: second, as: UTF8.self))' for same action type '\(action)'"
                )
            }
        }
    }
}

extension LifecycleRule {
    fileprivate var countsVersions: Bool {
        noncurrentExpiration?.newer != nil || noncurrentTransitions.contains { $0.age.newer != nil }
    }

    fileprivate var actionTypes: [String] {
        var types: [String] = []
        switch expiration {
        case .at: types.append("Expiration")
        case .expiredObjectDeleteMarker: types.append("ExpiredObjectDeleteMarker")
        case nil: break
        }
        if !transitions.isEmpty { types.append("Transition") }
        if !noncurrentTransitions.isEmpty { types.append("NoncurrentVersionTransition") }
        if noncurrentExpiration != nil { types.append("NoncurrentVersionExpiration") }
        if abortDays != nil { types.append("AbortIncompleteMultipartUpload") }
        return types
    }
}

extension XMLElement {
    /// Fails where there is any other child, or a second one where there may be one.
    func allow(once: Set<String>, many: Set<String> = []) throws(S3Error) {
        var seen: Set<String> = []
        for child in children where !many.contains(child.name) {
            guard once.contains(child.name), seen.insert(child.name).inserted else {
                throw S3Error(.malformedXML)
            }
        }
    }

    /// The child of a name as a whole number.
    func integer(_ name: String) throws(S3Error) -> Int64? {
        guard let child = self[name] else { return nil }
        guard let number = Int64(child.trimmed) else { throw S3Error(.malformedXML) }
        return number
    }

    /// The child of a name as a number of days, or of anything else that is counted.
    func count(_ name: String) throws(S3Error) -> Int? {
        guard let number = try integer(name) else { return nil }
        guard let count = Int32(exactly: number) else { throw S3Error(.malformedXML) }
        return Int(count)
    }

    /// The child `Date`, which is a midnight.
    func midnight() throws(S3Error) -> Timestamp? {
        guard let child = self["Date"] else { return nil }
        guard let date = ISO8601.parse(child.trimmed) else { throw S3Error(.malformedXML) }
        guard LifecycleDay.calendar.moment(0, after: date) == date else {
            throw S3Error(.invalidArgument, "'Date' must be at midnight GMT")
        }
        return date
    }
}
