public import NIOCore

extension LifecycleConfiguration {
    /// The document, as GetBucketLifecycleConfiguration answers it.
    public var document: ByteBuffer {
        XMLWriter.document("LifecycleConfiguration", capacity: 64 + rules.count * 256) { xml in
            for rule in rules { xml.element("Rule") { rule.write(to: &$0) } }
        }
    }

    /// The configuration as it is kept: the minimum in a line of its own, then the document.
    public var stored: [UInt8] {
        Array("\(transitionMinimum.rawValue)\n".utf8) + Array(document.readableBytesView)
    }

    /// Reads what ``stored`` wrote.
    ///
    /// - Throws: ``S3Error`` where it is anything else.
    public init(stored bytes: [UInt8]) throws(S3Error) {
        guard let end = bytes.firstIndex(of: UInt8(ascii: "\n")),
            let minimum = TransitionMinimum(
                rawValue: String(decoding: bytes[..<end], as: UTF8.self)
            )
        else { throw S3Error(.internalError, logged: "a lifecycle that cannot be read") }
        try self.init(document: bytes[(end + 1)...], transitionMinimum: minimum) { "" }
    }
}

extension LifecycleRule {
    fileprivate func write(to xml: inout XMLWriter) {
        xml.element("ID", id)
        filter.write(to: &xml)
        xml.element("Status", isEnabled ? "Enabled" : "Disabled")
        for transition in transitions {
            xml.element("Transition") { xml in
                transition.moment.write(to: &xml)
                xml.element("StorageClass", transition.storageClass)
            }
        }
        if let expiration { xml.element("Expiration") { expiration.write(to: &$0) } }
        for transition in noncurrentTransitions {
            xml.element("NoncurrentVersionTransition") { xml in
                transition.age.write(to: &xml)
                xml.element("StorageClass", transition.storageClass)
            }
        }
        if let noncurrentExpiration {
            xml.element("NoncurrentVersionExpiration") { noncurrentExpiration.write(to: &$0) }
        }
        if let abortDays {
            xml.element("AbortIncompleteMultipartUpload") { xml in
                xml.element("DaysAfterInitiation", abortDays)
            }
        }
    }
}

extension LifecycleRule.Moment {
    fileprivate func write(to xml: inout XMLWriter) {
        switch self {
        case .days(let days): xml.element("Days", days)
        case .date(let date): xml.element("Date", ISO8601.format(date))
        }
    }
}

extension LifecycleRule.Expiration {
    fileprivate func write(to xml: inout XMLWriter) {
        switch self {
        case .at(let moment): moment.write(to: &xml)
        case .expiredObjectDeleteMarker(let removes):
            xml.element("ExpiredObjectDeleteMarker", removes)
        }
    }
}

extension LifecycleRule.NoncurrentAge {
    fileprivate func write(to xml: inout XMLWriter) {
        xml.element("NoncurrentDays", days)
        if let newer { xml.element("NewerNoncurrentVersions", newer) }
    }
}

extension LifecycleFilter {
    fileprivate func write(to xml: inout XMLWriter) {
        switch form {
        case .prefix: xml.element("Prefix", prefix ?? "")
        case .filter: xml.element("Filter") { writePredicates(to: &$0) }
        case .and: xml.element("Filter") { $0.element("And") { writePredicates(to: &$0) } }
        }
    }

    private func writePredicates(to xml: inout XMLWriter) {
        xml.element("Prefix", ifPresent: prefix)
        for tag in tags {
            xml.element("Tag") { xml in
                xml.element("Key", tag.key)
                xml.element("Value", tag.value)
            }
        }
        if let sizeGreaterThan { xml.element("ObjectSizeGreaterThan", sizeGreaterThan) }
        if let sizeLessThan { xml.element("ObjectSizeLessThan", sizeLessThan) }
    }
}
