import Testing

@testable import S3Protocol

/// Days of January 2024, from the midnight that begins them.
private func january(_ day: Int, _ hour: Int = 0, _ minute: Int = 0) -> Timestamp {
    Timestamp(seconds: 1_704_067_200 + Int64(((day - 1) * 24 + hour) * 3600 + minute * 60))
}

private func lifecycle(
    _ rules: String,
    minimum: LifecycleConfiguration.TransitionMinimum = .allClasses
) throws -> LifecycleConfiguration {
    try LifecycleConfiguration(
        document: "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>".utf8,
        transitionMinimum: minimum
    ) { "made" }
}

private func rule(_ actions: String, id: String = "r", filter: String = "") -> String {
    "<Rule><ID>\(id)</ID><Filter>\(filter)</Filter><Status>Enabled</Status>\(actions)</Rule>"
}

private func subject(
    _ standing: LifecycleSubject.Standing = .current(isVersioned: false),
    key: String = "logs/a",
    size: Int64 = 1 << 20,
    tags: [String: String] = [:],
    storageClass: String? = "STANDARD",
    modified: Timestamp = january(1, 10, 30)
) -> LifecycleSubject {
    LifecycleSubject(
        standing,
        key: key,
        size: size,
        tags: tags,
        storageClass: storageClass,
        modified: modified
    )
}

@Suite struct LifecycleDayTests {
    // AWS's own example: written on the 15th at 10:30, three days, gone on the 19th at 00:00.
    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/intro-lifecycle-rules.html
    @Test(arguments: [
        (january(15, 10, 30), 3, january(19)), (january(15), 3, january(18)),
        (january(15, 0, 1), 0, january(16)), (january(15, 23, 59), 1, january(17)),
    ])
    func `days end at the midnight that follows`(start: Timestamp, days: Int, due: Timestamp) {
        #expect(LifecycleDay.calendar.moment(days, after: start) == due)
    }

    @Test func `a day that is made shorter ends to the second`() {
        let start = january(15, 10, 30)
        #expect(LifecycleDay.seconds(10).moment(3, after: start) == start.advanced(bySeconds: 30))
    }
}

@Suite struct LifecycleEvaluationTests {
    private static let expiration = "<Expiration><Days>3</Days></Expiration>"
    private static let isDue = january(5)
    private static let isNotDue = january(4, 23, 59)

    @Test func `an object expires at the midnight after its days, not a minute before`() throws {
        let lifecycle = try lifecycle(rule(Self.expiration))
        #expect(lifecycle.action(for: subject(), at: Self.isNotDue) == nil)
        #expect(lifecycle.action(for: subject(), at: Self.isDue) == .expire)
    }

    @Test func `on its date, everything that matches expires, old and new`() throws {
        let date = "<Expiration><Date>2024-01-10T00:00:00Z</Date></Expiration>"
        let lifecycle = try lifecycle(rule(date))
        #expect(lifecycle.action(for: subject(), at: january(9, 23, 59)) == nil)
        #expect(lifecycle.action(for: subject(), at: january(10)) == .expire)
        let later = subject(modified: january(12))
        #expect(lifecycle.action(for: later, at: january(12, 1)) == .expire)
    }

    @Test(arguments: [
        ("<Prefix>logs/</Prefix>", true), ("<Prefix>log</Prefix>", true),
        ("<Prefix>Logs/</Prefix>", false), ("<Prefix></Prefix>", true), ("", true),
        ("<Tag><Key>a</Key><Value>1</Value></Tag>", true),
        ("<Tag><Key>a</Key><Value>2</Value></Tag>", false),
        ("<Tag><Key>b</Key><Value>1</Value></Tag>", false),
        ("<ObjectSizeGreaterThan>999</ObjectSizeGreaterThan>", true),
        ("<ObjectSizeGreaterThan>1000</ObjectSizeGreaterThan>", false),
        ("<ObjectSizeLessThan>1001</ObjectSizeLessThan>", true),
        ("<ObjectSizeLessThan>1000</ObjectSizeLessThan>", false),
        ("<And><Prefix>logs/</Prefix><Tag><Key>a</Key><Value>1</Value></Tag></And>", true),
        ("<And><Prefix>x/</Prefix><Tag><Key>a</Key><Value>1</Value></Tag></And>", false),
        (
            "<And><Tag><Key>a</Key><Value>1</Value></Tag><Tag><Key>b</Key><Value>1</Value></Tag></And>",
            false
        ),
    ])
    func `a rule is for what its filter says`(filter: String, matches: Bool) throws {
        let lifecycle = try lifecycle(rule(Self.expiration, filter: filter))
        let object = subject(size: 1000, tags: ["a": "1", "c": "3"])
        #expect((lifecycle.action(for: object, at: Self.isDue) != nil) == matches)
        #expect((lifecycle.expiration(of: object) != nil) == matches)
    }

    @Test func `a rule that is disabled does nothing`() throws {
        let off = rule(Self.expiration).replacing("Enabled", with: "Disabled")
        let lifecycle = try lifecycle(off)
        #expect(lifecycle.action(for: subject(), at: january(31)) == nil)
        #expect(lifecycle.expiration(of: subject()) == nil)
        #expect(!lifecycle.concerns("logs/a".utf8))
    }

    @Test func `a version that is not current goes so many days after its successor came`() throws {
        let age = "<NoncurrentDays>3</NoncurrentDays>"
        let lifecycle = try lifecycle(
            rule("<NoncurrentVersionExpiration>\(age)</NoncurrentVersionExpiration>")
        )
        let old = subject(.noncurrent(since: january(10, 12), newer: 0))
        #expect(lifecycle.action(for: old, at: january(13, 23)) == nil)
        #expect(lifecycle.action(for: old, at: january(14)) == .remove)
        #expect(lifecycle.action(for: subject(.current(isVersioned: true)), at: january(31)) == nil)
    }

    @Test func `so many newer versions that are not current must be there`() throws {
        let lifecycle = try lifecycle(
            rule(
                """
                <NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays>\
                <NewerNoncurrentVersions>2</NewerNoncurrentVersions></NoncurrentVersionExpiration>
                """
            )
        )
        for newer in 0..<4 {
            let old = subject(.noncurrent(since: january(1), newer: newer))
            #expect(lifecycle.action(for: old, at: january(9)) == (newer < 2 ? nil : .remove))
        }
    }

    @Test func `a delete marker that hides nothing goes at once where a rule says so`() throws {
        let marker = subject(.loneMarker, size: 0, storageClass: nil)
        let asked = rule(
            "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
        )
        #expect(try lifecycle(asked).action(for: marker, at: january(1, 11)) == .remove)
        let refused = asked.replacing("true", with: "false")
        #expect(try lifecycle(refused).action(for: marker, at: january(31)) == nil)
        // With days it goes when it is as old as an object is to be.
        let days = try lifecycle(rule(Self.expiration))
        #expect(days.action(for: marker, at: Self.isNotDue) == nil)
        #expect(days.action(for: marker, at: Self.isDue) == .remove)
    }

    private static let cooling = """
        <Transition><Days>30</Days><StorageClass>STANDARD_IA</StorageClass></Transition>\
        <Transition><Days>32</Days><StorageClass>GLACIER</StorageClass></Transition>
        """

    @Test(arguments: [
        (january(31), "STANDARD", nil), (january(32), "STANDARD", "STANDARD_IA"),
        (january(32), "STANDARD_IA", nil), (january(34), "STANDARD", "GLACIER"),
        (january(34), "STANDARD_IA", "GLACIER"), (january(60), "GLACIER", nil),
        (january(60), "DEEP_ARCHIVE", nil), (january(34), "REDUCED_REDUNDANCY", "GLACIER"),
        (january(34), "SNOW", nil),
    ])
    func `an object cools from class to class, never warms, and takes the coldest that is due`(
        now: Timestamp,
        old: String,
        new: String?
    ) throws {
        let lifecycle = try lifecycle(rule(Self.cooling))
        let found = lifecycle.action(for: subject(storageClass: old), at: now)
        #expect(found == new.map { .transition(to: $0) })
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-transition-general-considerations.html
    @Test func `objects under 128 KiB stay where they are unless a rule speaks of sizes`() throws {
        let small = subject(size: (128 << 10) - 1)
        let action = { (filter: String, minimum: LifecycleConfiguration.TransitionMinimum) in
            try lifecycle(rule(Self.cooling, filter: filter), minimum: minimum)
                .action(for: small, at: january(34))
        }
        #expect(try action("", .allClasses) == nil)
        #expect(try action("", .variesByClass) == .transition(to: "GLACIER"))
        let sized = "<ObjectSizeGreaterThan>1</ObjectSizeGreaterThan>"
        #expect(try action(sized, .allClasses) == .transition(to: "GLACIER"))
        let infrequent = try lifecycle(rule(Self.cooling), minimum: .variesByClass)
        #expect(infrequent.action(for: small, at: january(32)) == nil)
        let exact = subject(size: 128 << 10)
        let both = try lifecycle(rule(Self.cooling))
        #expect(both.action(for: exact, at: january(34)) == .transition(to: "GLACIER"))
    }

    // https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html
    @Test func `removing comes before cooling, and cooling before a delete marker`() throws {
        let lifecycle = try lifecycle(
            rule(Self.cooling, id: "cool") + rule(Self.expiration, id: "end")
        )
        let now = january(34)
        #expect(lifecycle.action(for: subject(), at: now) == .expire)
        let kept = subject(.current(isVersioned: true))
        #expect(lifecycle.action(for: kept, at: now) == .transition(to: "GLACIER"))
        let cold = subject(.current(isVersioned: true), storageClass: "GLACIER")
        #expect(lifecycle.action(for: cold, at: now) == .expire)
    }

    @Test func `versions that are not current cool by their own days`() throws {
        let lifecycle = try lifecycle(
            rule(
                """
                <NoncurrentVersionTransition><NoncurrentDays>0</NoncurrentDays>\
                <NewerNoncurrentVersions>1</NewerNoncurrentVersions>\
                <StorageClass>GLACIER_IR</StorageClass></NoncurrentVersionTransition>
                """
            )
        )
        let second = subject(.noncurrent(since: january(1, 12), newer: 1))
        #expect(lifecycle.action(for: second, at: january(1, 23)) == nil)
        #expect(lifecycle.action(for: second, at: january(2)) == .transition(to: "GLACIER_IR"))
        let first = subject(.noncurrent(since: january(1, 12), newer: 0))
        #expect(lifecycle.action(for: first, at: january(2)) == nil)
        let marker = subject(.noncurrent(since: january(1), newer: 1), storageClass: nil)
        #expect(lifecycle.action(for: marker, at: january(9)) == nil)
    }

    @Test func `of several rules the earliest is told, of equal ones the first`() throws {
        let lifecycle = try lifecycle(
            rule("<Expiration><Days>9</Days></Expiration>", id: "late")
                + rule(Self.expiration, id: "first") + rule(Self.expiration, id: "second")
        )
        let notice = lifecycle.expiration(of: subject())
        #expect(notice == LifecycleNotice(date: january(5), ruleID: "first"))
    }

    @Test func `an upload is given up so many days after it began`() throws {
        let lifecycle = try lifecycle(
            rule(
                """
                <AbortIncompleteMultipartUpload><DaysAfterInitiation>2</DaysAfterInitiation>\
                </AbortIncompleteMultipartUpload>
                """,
                filter: "<Prefix>up/</Prefix>"
            )
        )
        let notice = lifecycle.abort(key: "up/x", initiated: january(1, 1))
        #expect(notice == LifecycleNotice(date: january(4), ruleID: "r"))
        #expect(lifecycle.abort(key: "down", initiated: january(1)) == nil)
    }
}
