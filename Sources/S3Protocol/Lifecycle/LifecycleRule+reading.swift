// A rule's element, and what S3 says of one that cannot be.

extension LifecycleRule {
    /// S3's own limits.
    private static let idLength = 255
    private static let newerVersions = 1...100
    private static let infrequentAccess: Set<String> = ["STANDARD_IA", "ONEZONE_IA"]
    private static let infrequentAccessDays = 30

    private static let elements: Set<String> = [
        "ID", "Prefix", "Filter", "Status", "Expiration", "NoncurrentVersionExpiration",
        "AbortIncompleteMultipartUpload",
    ]

    /// Reads a `Rule`.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, `InvalidArgument`, `InvalidRequest` or `InvalidTag`.
    init(_ element: XMLElement, makeID: () -> String) throws(S3Error) {
        try element.allow(
            once: Self.elements,
            many: ["Transition", "NoncurrentVersionTransition"]
        )
        let given = element["ID"]?.text ?? ""
        guard given.unicodeScalars.count <= Self.idLength else {
            throw S3Error(
                .invalidArgument,
                "ID length should not exceed allowed limit of \(Self.idLength)"
            )
        }
        id = given.isEmpty ? makeID() : given
        switch element["Status"]?.trimmed {
        case "Enabled": isEnabled = true
        case "Disabled": isEnabled = false
        default: throw S3Error(.malformedXML)
        }
        filter = try LifecycleFilter(ofRule: element)
        expiration = try element["Expiration"].map(Self.expiration)
        transitions = try element.all("Transition").map(Self.transition)
        noncurrentTransitions = try element.all("NoncurrentVersionTransition")
            .map(Self.noncurrentTransition)
        noncurrentExpiration = try element["NoncurrentVersionExpiration"]
            .map(Self.noncurrentExpiration)
        abortDays = try element["AbortIncompleteMultipartUpload"].map(Self.abortDays)
        try checkActions()
    }

    private static func expiration(_ element: XMLElement) throws(S3Error) -> Expiration {
        try element.allow(once: ["Date", "Days", "ExpiredObjectDeleteMarker"])
        guard element.children.count == 1 else { throw S3Error(.malformedXML) }
        switch element["ExpiredObjectDeleteMarker"]?.trimmed {
        case "true": return .expiredObjectDeleteMarker(true)
        case "false": return .expiredObjectDeleteMarker(false)
        case nil: break
        default: throw S3Error(.malformedXML)
        }
        if let date = try element.midnight() { return .at(.date(date)) }
        return .at(.days(try positive("Days", in: element, for: "Expiration")))
    }

    private static func transition(_ element: XMLElement) throws(S3Error) -> Transition {
        try element.allow(once: ["Date", "Days", "StorageClass"])
        guard (element["Date"] == nil) != (element["Days"] == nil) else {
            throw S3Error(.malformedXML)
        }
        let storageClass = try storageClass(of: element)
        if let date = try element.midnight() {
            return Transition(moment: .date(date), storageClass: storageClass)
        }
        let days = try nonnegative("Days", in: element, for: "Transition")
        guard days >= infrequentAccessDays || !infrequentAccess.contains(storageClass) else {
            throw S3Error(
                .invalidArgument,
                "'Days' in Transition action must be greater than or equal to "
                    + "\(infrequentAccessDays) for storageClass '\(storageClass)'"
            )
        }
        return Transition(moment: .days(days), storageClass: storageClass)
    }

    private static func noncurrentTransition(
        _ element: XMLElement
    ) throws(S3Error) -> NoncurrentTransition {
        try element.allow(once: ["NoncurrentDays", "NewerNoncurrentVersions", "StorageClass"])
        let days = try nonnegative(
            "NoncurrentDays",
            in: element,
            for: "NoncurrentVersionTransition"
        )
        return NoncurrentTransition(
            age: NoncurrentAge(days: days, newer: try newer(element)),
            storageClass: try storageClass(of: element)
        )
    }

    private static func noncurrentExpiration(
        _ element: XMLElement
    ) throws(S3Error) -> NoncurrentAge {
        try element.allow(once: ["NoncurrentDays", "NewerNoncurrentVersions"])
        let days = try positive("NoncurrentDays", in: element, for: "NoncurrentVersionExpiration")
        return NoncurrentAge(days: days, newer: try newer(element))
    }

    private static func abortDays(_ element: XMLElement) throws(S3Error) -> Int {
        try element.allow(once: ["DaysAfterInitiation"])
        return try positive(
            "DaysAfterInitiation",
            in: element,
            for: "AbortIncompleteMultipartUpload"
        )
    }

    private static func storageClass(of element: XMLElement) throws(S3Error) -> String {
        guard let name = element["StorageClass"]?.trimmed, StorageClass.coldness(of: name) != nil
        else { throw S3Error(.malformedXML) }
        return name
    }

    private static func newer(_ element: XMLElement) throws(S3Error) -> Int? {
        guard let count = try element.count("NewerNoncurrentVersions") else { return nil }
        guard newerVersions.contains(count) else {
            throw S3Error(
                .invalidArgument,
                "'NewerNoncurrentVersions' must be between \(newerVersions.lowerBound) and "
                    + "\(newerVersions.upperBound)"
            )
        }
        return count
    }

    private static func positive(
        _ name: String,
        in element: XMLElement,
        for action: String
    ) throws(S3Error) -> Int {
        guard let count = try element.count(name) else { throw S3Error(.malformedXML) }
        guard count > 0 else {
            throw S3Error(
                .invalidArgument,
                "'\(name)' for \(action) action must be a positive integer"
            )
        }
        return count
    }

    private static func nonnegative(
        _ name: String,
        in element: XMLElement,
        for action: String
    ) throws(S3Error) -> Int {
        guard let count = try element.count(name) else { throw S3Error(.malformedXML) }
        guard count >= 0 else {
            throw S3Error(.invalidArgument, "'\(name)' in \(action) action must be nonnegative")
        }
        return count
    }
}
