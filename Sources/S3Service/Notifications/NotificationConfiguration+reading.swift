import Digests
import S3Protocol

extension NotificationConfiguration {
    /// Reads a document, of the present form or the older one, which is one rule of each kind at most.
    ///
    /// - Parameters:
    ///   - document: The document.
    ///   - makeID: Makes a name for a rule without one.
    /// - Throws: ``S3Error`` with `MalformedXML`, or `InvalidArgument` for what a rule may not say.
    init(
        document: some Collection<UInt8>,
        makeID: () -> String
    ) throws(S3Error) {
        let root = try XMLElement.parse(document, root: "NotificationConfiguration")
        var rules: [NotificationRule] = []
        for kind in NotificationRule.Kind.allCases {
            for element in root.all(kind.element) {
                rules.append(try NotificationRule(kind, element, makeID))
            }
        }
        self.init(rules: rules, tellsBridge: root["EventBridgeConfiguration"] != nil)
        try check()
    }

    /// Reads what was stored, which was checked before.
    init(stored: [UInt8]) throws(S3Error) { try self.init(document: stored) { "" } }

    private func check() throws(S3Error) {
        guard rules.count <= Self.ruleLimit else {
            throw Self.invalid(
                "The number of notification configurations should not exceed allowed limit of "
                    + "\(Self.ruleLimit)."
            )
        }
        guard Set(rules.map(\.id)).count == rules.count else {
            throw Self.invalid("Same ID used for multiple configurations. IDs must be unique")
        }
        for (position, rule) in rules.enumerated() {
            guard !rules[..<position].contains(where: { $0.overlaps(rule) }) else {
                throw Self.invalid(
                    "Configuration is ambiguously defined. Cannot have overlapping suffixes in two "
                        + "rules if the prefixes are overlapping for the same event type."
                )
            }
        }
    }

    fileprivate static func invalid(
        _ message: String,
        _ name: String? = nil,
        _ value: String = ""
    ) -> S3Error {
        let details = name.map {
            [S3Error.Detail("ArgumentName", $0), .init("ArgumentValue", value)]
        }
        return S3Error(.invalidArgument, message, details: details ?? [])
    }
}

extension NotificationRule.Kind {
    /// The element of a rule, and the one in it that names the destination; functions were once cloud functions.
    var element: String {
        switch self {
        case .topic: "TopicConfiguration"
        case .queue: "QueueConfiguration"
        case .function: "CloudFunctionConfiguration"
        }
    }

    var destinationElement: String {
        switch self {
        case .topic: "Topic"
        case .queue: "Queue"
        case .function: "CloudFunction"
        }
    }
}

extension NotificationRule {
    fileprivate init(
        _ kind: Kind,
        _ element: XMLElement,
        _ makeID: () -> String
    ) throws(S3Error) {
        // Each once: how many there may be is then how many events there are.
        var seen: Set<String> = []
        let names = element.all("Event").map(\.trimmed).filter { seen.insert($0).inserted }
        guard let arn = element[kind.destinationElement]?.trimmed, !names.isEmpty else {
            throw S3Error(.malformedXML)
        }
        let given = element["Id"]?.trimmed ?? ""
        guard given.unicodeScalars.count <= NotificationConfiguration.idLength else {
            throw NotificationConfiguration.invalid(
                "The ID of a notification configuration should not exceed allowed limit of "
                    + "\(NotificationConfiguration.idLength) characters."
            )
        }
        self.kind = kind
        self.arn = arn
        id = given.isEmpty ? makeID() : given
        events = try names.map { name throws(S3Error) in
            guard let event = EventPattern(name) else {
                throw NotificationConfiguration.invalid(
                    "The event '\(name)' is not supported for notifications",
                    "Event",
                    name
                )
            }
            return event
        }
        filter = try (element["Filter"]?["S3Key"]?.all("FilterRule") ?? [])
            .map { rule throws(S3Error) in try FilterRule(rule) }
        for name in [FilterRule.Name.prefix, .suffix]
        where filter.count(where: { $0.name == name }) > 1 {
            throw NotificationConfiguration.invalid(
                "Cannot specify more than one \(name.rawValue) rule in a filter."
            )
        }
    }
}

extension NotificationRule.FilterRule {
    fileprivate init(_ element: XMLElement) throws(S3Error) {
        guard let name = element["Name"]?.trimmed, let value = element["Value"]?.text else {
            throw S3Error(.malformedXML)
        }
        guard let known = Name(rawValue: name.lowercased()) else {
            throw NotificationConfiguration.invalid(
                "filter rule name must be either prefix or suffix",
                "FilterRule.Name",
                name
            )
        }
        guard value.utf8.count <= NotificationConfiguration.filterBytes else {
            throw NotificationConfiguration.invalid(
                "Size of filter rule value cannot exceed \(NotificationConfiguration.filterBytes) "
                    + "bytes in UTF-8 representation",
                "FilterRule.Value",
                value
            )
        }
        self.name = known
        self.value = value
    }
}
