// What is due: rules, an object and the time go in, at most one action comes out. No store, no clock.

/// What a lifecycle looks at: a version of an object, and where it stands among the others of its key.
public struct LifecycleSubject: Sendable, Hashable {
    /// Where a version stands.
    public enum Standing: Sendable, Hashable {
        /// It is the latest, in a bucket that keeps versions or kept them, or in one that never did.
        case current(isVersioned: Bool)
        /// Others came after it: when the next did, and how many noncurrent ones there are after it.
        case noncurrent(since: Timestamp, newer: Int)
        /// It is a delete marker and the only version of its key.
        case loneMarker
    }

    /// Where it stands.
    public var standing: Standing
    /// Its key.
    public var key: String
    /// Its length in bytes.
    public var size: Int64
    /// Its tags, by name.
    public var tags: [String: String]
    /// Its storage class; `nil` for a delete marker, which has none.
    public var storageClass: String?
    /// When it was written.
    public var modified: Timestamp

    /// Describes a version.
    public init(
        _ standing: Standing,
        key: String,
        size: Int64,
        tags: [String: String] = [:],
        storageClass: String?,
        modified: Timestamp
    ) {
        self.standing = standing
        self.key = key
        self.size = size
        self.tags = tags
        self.storageClass = storageClass
        self.modified = modified
    }
}

/// What is to be done with a version.
public enum LifecycleAction: Sendable, Hashable {
    /// The current version goes: it is removed, or hidden where its bucket keeps versions.
    case expire
    /// A noncurrent version or a delete marker is removed for good.
    case remove
    /// It gets another class.
    case transition(to: String)
}

/// When something happens, and by which rule.
public struct LifecycleNotice: Sendable, Hashable {
    /// When.
    public let date: Timestamp
    /// The rule's name.
    public let ruleID: String
}

extension LifecycleConfiguration {
    /// What is to be done with a version now, if anything is.
    ///
    /// Removing for good comes before a change of class, and that before a delete marker. Of several
    /// classes the coldest counts.
    ///
    /// [Conflicts](https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html)
    public func action(
        for subject: LifecycleSubject,
        at now: Timestamp,
        day: LifecycleDay = .calendar
    ) -> LifecycleAction? {
        let rules = rules.filter { $0.isEnabled && $0.filter.matches(subject) }
        guard !rules.isEmpty else { return nil }
        switch subject.standing {
        case .loneMarker:
            return rules.contains { $0.removesMarker(of: subject, at: now, day) } ? .remove : nil
        case .current(let isVersioned):
            let expires = rules.contains { $0.expires(subject, at: now, day) }
            if expires, !isVersioned { return .expire }
            let moved = coldest(of: rules, for: subject) { rule in
                rule.transitions.filter { $0.moment.isDue(subject.modified, at: now, day) }
                    .map(\.storageClass)
            }
            return moved ?? (expires ? .expire : nil)
        case .noncurrent(let since, let newer):
            func isDue(_ age: LifecycleRule.NoncurrentAge) -> Bool {
                newer >= age.newer ?? 0 && day.moment(age.days, after: since) <= now
            }
            if rules.contains(where: { $0.noncurrentExpiration.map(isDue) ?? false }) {
                return .remove
            }
            return coldest(of: rules, for: subject) { rule in
                rule.noncurrentTransitions.filter { isDue($0.age) }.map(\.storageClass)
            }
        }
    }

    /// When an object that is current goes, as `x-amz-expiration` tells it; the earliest rule counts.
    public func expiration(of subject: LifecycleSubject) -> LifecycleNotice? {
        var first: LifecycleNotice?
        for rule in enabledRules where rule.filter.matches(subject) {
            guard case .at(let moment) = rule.expiration else { continue }
            let date = moment.due(subject.modified, .calendar)
            if first.map({ date < $0.date }) ?? true {
                first = LifecycleNotice(date: date, ruleID: rule.id)
            }
        }
        return first
    }

    /// When an upload in parts is given up, as `x-amz-abort-date` tells it; the earliest rule counts.
    public func abort(
        key: String,
        initiated: Timestamp,
        day: LifecycleDay = .calendar
    ) -> LifecycleNotice? {
        var first: LifecycleNotice?
        for rule in enabledRules where rule.filter.matchesPrefix(of: key.utf8) {
            guard let days = rule.abortDays else { continue }
            let date = day.moment(days, after: initiated)
            if first.map({ date < $0.date }) ?? true {
                first = LifecycleNotice(date: date, ruleID: rule.id)
            }
        }
        return first
    }

    /// The change to the coldest class among those that are due, allowed, and not for larger objects only.
    private func coldest(
        of rules: [LifecycleRule],
        for subject: LifecycleSubject,
        due: (LifecycleRule) -> [String]
    ) -> LifecycleAction? {
        guard let old = subject.storageClass else { return nil }
        let classes = rules.flatMap { rule in
            due(rule).filter { new in
                StorageClass.allowsTransition(from: old, to: new)
                    && (rule.filter.hasSize || transitionMinimum.allows(subject.size, to: new))
            }
        }
        return classes.max {
            StorageClass.coldness(of: $0) ?? 0 < StorageClass.coldness(of: $1) ?? 0
        }
        .map { .transition(to: $0) }
    }
}

extension LifecycleFilter {
    fileprivate func matches(_ subject: LifecycleSubject) -> Bool {
        matches(key: subject.key, size: subject.size, tags: subject.tags)
    }
}

extension LifecycleRule {
    fileprivate func expires(
        _ subject: LifecycleSubject,
        at now: Timestamp,
        _ day: LifecycleDay
    ) -> Bool {
        guard case .at(let moment) = expiration else { return false }
        return moment.isDue(subject.modified, at: now, day)
    }

    /// A marker that hides nothing goes at once where the rule says so, else when it is as old as objects are to be.
    fileprivate func removesMarker(
        of subject: LifecycleSubject,
        at now: Timestamp,
        _ day: LifecycleDay
    ) -> Bool {
        if case .expiredObjectDeleteMarker(let removes) = expiration { return removes }
        return expires(subject, at: now, day)
    }
}

extension LifecycleRule.Moment {
    fileprivate func due(_ modified: Timestamp, _ day: LifecycleDay) -> Timestamp {
        switch self {
        case .days(let days): day.moment(days, after: modified)
        case .date(let date): date
        }
    }

    fileprivate func isDue(_ modified: Timestamp, at now: Timestamp, _ day: LifecycleDay) -> Bool {
        due(modified, day) <= now
    }
}
