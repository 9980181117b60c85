extension LifecycleFilter {
    /// What an object may have, in bytes: S3's own limit for filters.
    private static let largest: Int64 = 1_099_511_627_776_000
    private static let predicates: Set<String> = [
        "Prefix", "Tag", "ObjectSizeGreaterThan", "ObjectSizeLessThan",
    ]

    /// Reads the `Filter` of a rule, or its `Prefix`, which is the same in the first version of the API.
    ///
    /// - Throws: ``S3Error`` with `MalformedXML`, `InvalidRequest` or `InvalidTag`.
    init(ofRule rule: XMLElement) throws(S3Error) {
        switch (rule["Prefix"], rule["Filter"]) {
        case (let prefix?, nil):
            guard prefix.children.isEmpty else { throw S3Error(.malformedXML) }
            self.init(form: .prefix, prefix: prefix.text)
        case (nil, let filter?):
            try self.init(filter)
        default: throw S3Error(.malformedXML)
        }
    }

    private init(_ element: XMLElement) throws(S3Error) {
        try element.allow(once: Self.predicates.union(["And"]))
        guard element.children.count <= 1 else { throw S3Error(.malformedXML) }
        guard let and = element["And"] else {
            self.init(form: .filter)
            try read(element)
            return
        }
        try and.allow(once: Self.predicates.subtracting(["Tag"]), many: ["Tag"])
        guard and.children.count >= 2 else { throw S3Error(.malformedXML) }
        self.init(form: .and)
        try read(and)
    }

    private mutating func read(_ element: XMLElement) throws(S3Error) {
        prefix = element["Prefix"]?.text
        tags = try element.all("Tag").map(Self.tag)
        guard Set(tags.map(\.key)).count == tags.count else {
            throw S3Error(.invalidRequest, "Duplicate Tag Keys are not allowed.")
        }
        sizeGreaterThan = try Self.size("ObjectSizeGreaterThan", in: element, from: 0)
        sizeLessThan = try Self.size("ObjectSizeLessThan", in: element, from: 1)
        guard let sizeGreaterThan, let sizeLessThan, sizeGreaterThan >= sizeLessThan else { return }
        throw S3Error(
            .invalidRequest,
            "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."
        )
    }

    private static func tag(_ element: XMLElement) throws(S3Error) -> Tag {
        try element.allow(once: ["Key", "Value"])
        guard let key = element["Key"]?.text, let value = element["Value"]?.text else {
            throw S3Error(.malformedXML)
        }
        guard (1...128).contains(key.unicodeScalars.count) else {
            throw S3Error(.invalidTag, "The TagKey you have provided is invalid")
        }
        guard value.unicodeScalars.count <= 256 else {
            throw S3Error(.invalidTag, "The TagValue you have provided is invalid")
        }
        return Tag(key: key, value: value)
    }

    private static func size(
        _ name: String,
        in element: XMLElement,
        from smallest: Int64
    ) throws(S3Error) -> Int64? {
        guard let size = try element.integer(name) else { return nil }
        guard (smallest...largest).contains(size) else {
            throw S3Error(
                .invalidRequest,
                "'\(name)' should be between \(smallest) and \(largest)."
            )
        }
        return size
    }

    /// The filter as S3's messages name it.
    var described: String {
        if form == .prefix { return "prefix '\(prefix ?? "")'" }
        var parts = prefix.map { ["prefix=\($0)"] } ?? []
        parts += tags.map { "tag=\($0.key):\($0.value)" }
        if let sizeGreaterThan { parts.append("objectSizeGreaterThan=\(sizeGreaterThan)") }
        if let sizeLessThan { parts.append("objectSizeLessThan=\(sizeLessThan)") }
        return "filter '(\(parts.joined(separator: " and ")))'"
    }
}
