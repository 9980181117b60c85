// What the parts of a rule have to do with each other, in S3's own words.

extension LifecycleRule {
    /// Fails where a rule's actions contradict each other or its filter.
    func checkActions() throws(S3Error) {
        guard
            expiration != nil || !transitions.isEmpty || !noncurrentTransitions.isEmpty
                || noncurrentExpiration != nil || abortDays != nil
        else {
            throw S3Error(
                .invalidRequest,
                "At least one action needs to be specified in a rule"
            )
        }
        if case .expiredObjectDeleteMarker = expiration {
            try requirePlainFilter(for: "ExpiredObjectDeleteMarker")
        }
        if abortDays != nil { try requirePlainFilter(for: "AbortIncompleteMultipartUpload") }
        try checkTransitions()
        try checkNoncurrentTransitions()
    }

    /// Delete markers and uploads have neither tags nor a size.
    private func requirePlainFilter(for action: String) throws(S3Error) {
        guard filter.tags.isEmpty else {
            throw S3Error(.invalidRequest, "\(action) cannot be specified with Tags.")
        }
        guard !filter.hasSize else {
            throw S3Error(.invalidRequest, "\(action) cannot be specified with Object Size.")
        }
    }

    private func checkTransitions() throws(S3Error) {
        let units = Set(transitions.map(\.moment.unit))
        guard units.count <= 1 else {
            throw S3Error(
                .invalidRequest,
                "Found mixed 'Date' and 'Days' based Transition actions in lifecycle rule for "
                    + filter.described
            )
        }
        guard let unit = units.first else { return }
        try checkOrder(
            transitions.map { ($0.storageClass, $0.moment.place) },
            unit: unit,
            action: "Transition"
        )
        guard case .at(let end) = expiration else { return }
        guard end.unit == unit else {
            throw S3Error(
                .invalidRequest,
                "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle "
                    + "rule for \(filter.described)"
            )
        }
        guard transitions.allSatisfy({ $0.moment.place < end.place }) else {
            throw S3Error(
                .invalidArgument,
                "'\(unit)' in the Expiration action for \(filter.described) must be "
                    + "\(unit == "Days" ? "greater" : "later") than '\(unit)' in the Transition action"
            )
        }
    }

    private func checkNoncurrentTransitions() throws(S3Error) {
        let action = "NoncurrentVersionTransition"
        try checkOrder(
            noncurrentTransitions.map { ($0.storageClass, Int64($0.age.days)) },
            unit: "NoncurrentDays",
            action: action
        )
        guard let end = noncurrentExpiration,
            !noncurrentTransitions.allSatisfy({ $0.age.days < end.days })
        else { return }
        throw S3Error(
            .invalidArgument,
            "'NoncurrentDays' in the NoncurrentVersionExpiration action for \(filter.described) must "
                + "be greater than 'NoncurrentDays' in the \(action) action"
        )
    }

    /// Each class once, and the colder the later.
    private func checkOrder(
        _ steps: [(storageClass: String, place: Int64)],
        unit: String,
        action: String
    ) throws(S3Error) {
        guard Set(steps.map(\.storageClass)).count == steps.count else {
            throw S3Error(
                .invalidRequest,
                "'StorageClass' must be different for '\(action)' actions in same 'Rule' with "
                    + filter.described
            )
        }
        let steps = steps.sorted {
            StorageClass.coldness(of: $0.storageClass) ?? 0
                < StorageClass.coldness(of: $1.storageClass) ?? 0
        }
        for (warm, cold) in zip(steps, steps.dropFirst()) where warm.place >= cold.place {
            throw S3Error(
                .invalidArgument,
                "'\(unit)' in the '\(action)' action for StorageClass '\(cold.storageClass)' for "
                    + "\(filter.described) must be greater than '\(filter.described)' in the "
                    + "'\(action)' action for StorageClass '\(warm.storageClass)'"
            )
        }
    }
}

extension LifecycleRule.Moment {
    /// What it is counted in.
    fileprivate var unit: String {
        switch self {
        case .days: "Days"
        case .date: "Date"
        }
    }

    /// Its place among others of the same unit.
    fileprivate var place: Int64 {
        switch self {
        case .days(let days): Int64(days)
        case .date(let date): date.milliseconds
        }
    }
}
