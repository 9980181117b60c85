import NIOCore
import Testing

@testable import S3Protocol

@Suite struct LifecycleDocumentTests {
    private func read(_ rules: String) throws -> LifecycleConfiguration {
        try LifecycleConfiguration(
            document: "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>".utf8,
            transitionMinimum: .allClasses
        ) { "made" }
    }

    private func error(_ rules: String) -> S3Error? {
        do {
            _ = try read(rules)
            return nil
        } catch {
            return error as? S3Error
        }
    }

    /// A rule with a filter, and actions.
    private static func rule(_ actions: String, filter: String = "<Filter/>") -> String {
        "<Rule>\(filter)<Status>Enabled</Status>\(actions)</Rule>"
    }

    private static let expiration = "<Expiration><Days>1</Days></Expiration>"

    @Test func `what is read is written again, element for element`() throws {
        let rules = """
            <Rule><ID>a &amp; b</ID><Filter><And><Prefix>x/</Prefix><Tag><Key>k</Key><Value>v</Value></Tag>\
            <ObjectSizeGreaterThan>1</ObjectSizeGreaterThan><ObjectSizeLessThan>3</ObjectSizeLessThan></And></Filter>\
            <Status>Disabled</Status>\
            <Transition><Days>0</Days><StorageClass>INTELLIGENT_TIERING</StorageClass></Transition>\
            <Transition><Days>2</Days><StorageClass>GLACIER</StorageClass></Transition>\
            <Expiration><Days>3</Days></Expiration>\
            <NoncurrentVersionTransition><NoncurrentDays>1</NoncurrentDays>\
            <NewerNoncurrentVersions>100</NewerNoncurrentVersions>\
            <StorageClass>GLACIER_IR</StorageClass></NoncurrentVersionTransition>\
            <NoncurrentVersionExpiration><NoncurrentDays>4</NoncurrentDays>\
            <NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentVersionExpiration></Rule>\
            <Rule><ID>b</ID><Filter><Prefix></Prefix></Filter><Status>Enabled</Status>\
            <Expiration><Date>2030-01-01T00:00:00.000Z</Date></Expiration>\
            <AbortIncompleteMultipartUpload><DaysAfterInitiation>7</DaysAfterInitiation>\
            </AbortIncompleteMultipartUpload></Rule>\
            <Rule><ID>c</ID><Filter></Filter><Status>Enabled</Status>\
            <Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration></Rule>
            """
        let lifecycle = try read(rules)
        let text = String(buffer: lifecycle.document)
        #expect(text.hasSuffix(">\(rules)</LifecycleConfiguration>"))
        #expect(try LifecycleConfiguration(stored: lifecycle.stored) == lifecycle)
        #expect(throws: S3Error.self) { try LifecycleConfiguration(stored: Array("x".utf8)) }
    }

    @Test func `the older form has its prefix in the rule, and a rule without a name gets one`()
        throws
    {
        let lifecycle = try read(Self.rule(Self.expiration, filter: "<Prefix>a</Prefix>"))
        #expect(lifecycle.rules.map(\.id) == ["made"])
        #expect(
            String(buffer: lifecycle.document).contains("<ID>made</ID><Prefix>a</Prefix><Status>")
        )
    }

    @Test(arguments: [
        "", "<Other/>", "<Rule/>", rule(expiration, filter: ""),
        rule(expiration, filter: "<Prefix/><Filter/>"), rule(expiration + expiration),
        rule(expiration + "<Colour>red</Colour>"),
        rule(expiration).replacing("Enabled", with: "enabled"),
        rule("<Expiration/>"), rule("<Expiration><Days>one</Days></Expiration>"),
        rule("<Expiration><Days>9999999999</Days></Expiration>"),
        rule("<Expiration><Days>1</Days><Date>2030-01-01T00:00:00Z</Date></Expiration>"),
        rule(
            "<Expiration><Days>1</Days><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>"
        ),
        rule("<Expiration><ExpiredObjectDeleteMarker>yes</ExpiredObjectDeleteMarker></Expiration>"),
        rule("<Expiration><Date>Fri, 01 Jan 2016 00:00:00 GMT</Date></Expiration>"),
        rule(
            expiration,
            filter: "<Filter><Prefix>a</Prefix><ObjectSizeLessThan>1</ObjectSizeLessThan></Filter>"
        ),
        rule(expiration, filter: "<Filter><And><Prefix>a</Prefix></And></Filter>"),
        rule(expiration, filter: "<Filter><Tag><Key>a</Key></Tag></Filter>"),
        rule("<Transition><StorageClass>GLACIER</StorageClass></Transition>"),
        rule("<Transition><Days>1</Days></Transition>"),
        rule("<Transition><Days>1</Days><StorageClass>STANDARD</StorageClass></Transition>"),
        rule(
            "<Transition><Days>1</Days><Date>2030-01-01T00:00:00Z</Date><StorageClass>GLACIER</StorageClass></Transition>"
        ),
        rule(
            "<NoncurrentVersionExpiration><NewerNoncurrentVersions>2</NewerNoncurrentVersions></NoncurrentVersionExpiration>"
        ),
        rule("<NoncurrentVersionExpiration/>"), rule("<AbortIncompleteMultipartUpload/>"),
    ])
    func `what does not fit the schema is MalformedXML`(rules: String) {
        #expect(error(rules)?.code == .malformedXML)
    }

    /// Actions, a filter, and the code and message that they get.
    struct Refusal: Sendable, CustomTestStringConvertible {
        var actions = ""
        var filter = "<Filter/>"
        let code: S3Error.Code
        let message: String

        var testDescription: String { message }
    }

    @Test(arguments: [
        Refusal(
            code: .invalidRequest,
            message: "At least one action needs to be specified in a rule"
        ),
        Refusal(
            actions: "<Expiration><Days>0</Days></Expiration>",
            code: .invalidArgument,
            message: "'Days' for Expiration action must be a positive integer"
        ),
        Refusal(
            actions: "<Expiration><Date>2030-01-01T00:00:01Z</Date></Expiration>",
            code: .invalidArgument,
            message: "'Date' must be at midnight GMT"
        ),
        Refusal(
            actions:
                "<NoncurrentVersionExpiration><NoncurrentDays>0</NoncurrentDays></NoncurrentVersionExpiration>",
            code: .invalidArgument,
            message:
                "'NoncurrentDays' for NoncurrentVersionExpiration action must be a positive integer"
        ),
        Refusal(
            actions:
                "<Transition><Days>-1</Days><StorageClass>GLACIER</StorageClass></Transition>",
            code: .invalidArgument,
            message: "'Days' in Transition action must be nonnegative"
        ),
        Refusal(
            actions:
                "<Transition><Days>29</Days><StorageClass>ONEZONE_IA</StorageClass></Transition>",
            code: .invalidArgument,
            message:
                "'Days' in Transition action must be greater than or equal to 30 for storageClass 'ONEZONE_IA'"
        ),
        Refusal(
            actions:
                "<AbortIncompleteMultipartUpload><DaysAfterInitiation>1</DaysAfterInitiation></AbortIncompleteMultipartUpload>",
            filter: "<Filter><Tag><Key>a</Key><Value>b</Value></Tag></Filter>",
            code: .invalidRequest,
            message: "AbortIncompleteMultipartUpload cannot be specified with Tags."
        ),
        Refusal(
            actions:
                "<Expiration><ExpiredObjectDeleteMarker>true</ExpiredObjectDeleteMarker></Expiration>",
            filter: "<Filter><ObjectSizeLessThan>9</ObjectSizeLessThan></Filter>",
            code: .invalidRequest,
            message: "ExpiredObjectDeleteMarker cannot be specified with Object Size."
        ),
        Refusal(
            actions: expiration,
            filter: "<Filter><ObjectSizeLessThan>0</ObjectSizeLessThan></Filter>",
            code: .invalidRequest,
            message: "'ObjectSizeLessThan' should be between 1 and 1099511627776000."
        ),
        Refusal(
            actions: expiration,
            filter: """
                <Filter><And><ObjectSizeGreaterThan>5</ObjectSizeGreaterThan>\
                <ObjectSizeLessThan>5</ObjectSizeLessThan></And></Filter>
                """,
            code: .invalidRequest,
            message: "'ObjectSizeLessThan' has to be a value greater than 'ObjectSizeGreaterThan'."
        ),
        Refusal(
            actions: expiration,
            filter: """
                <Filter><And><Tag><Key>a</Key><Value>1</Value></Tag>\
                <Tag><Key>a</Key><Value>2</Value></Tag></And></Filter>
                """,
            code: .invalidRequest,
            message: "Duplicate Tag Keys are not allowed."
        ),
        Refusal(
            actions: "<Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>"
                + expiration,
            filter: "<Filter><Prefix>a/</Prefix></Filter>",
            code: .invalidArgument,
            message:
                "'Days' in the Expiration action for filter '(prefix=a/)' must be greater than 'Days' in the Transition action"
        ),
        Refusal(
            actions:
                "<Transition><Date>2030-01-01T00:00:00Z</Date><StorageClass>GLACIER</StorageClass></Transition>"
                + expiration,
            filter: "<Prefix>a</Prefix>",
            code: .invalidRequest,
            message:
                "Found mixed 'Date' and 'Days' based Expiration and Transition actions in lifecycle rule for prefix 'a'"
        ),
        Refusal(
            actions: """
                <Transition><Days>1</Days><StorageClass>GLACIER</StorageClass></Transition>\
                <Transition><Days>2</Days><StorageClass>GLACIER</StorageClass></Transition>
                """,
            code: .invalidRequest,
            message:
                "'StorageClass' must be different for 'Transition' actions in same 'Rule' with filter '()'"
        ),
        Refusal(
            actions: """
                <Transition><Days>2</Days><StorageClass>GLACIER</StorageClass></Transition>\
                <Transition><Days>2</Days><StorageClass>DEEP_ARCHIVE</StorageClass></Transition>
                """,
            code: .invalidArgument,
            message: """
                'Days' in the 'Transition' action for StorageClass 'DEEP_ARCHIVE' for filter '()' must be greater \
                than 'filter '()'' in the 'Transition' action for StorageClass 'GLACIER'
                """
        ),
        Refusal(
            actions: """
                <NoncurrentVersionTransition><NoncurrentDays>3</NoncurrentDays>\
                <StorageClass>GLACIER</StorageClass></NoncurrentVersionTransition>\
                <NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays></NoncurrentVersionExpiration>
                """,
            code: .invalidArgument,
            message: """
                'NoncurrentDays' in the NoncurrentVersionExpiration action for filter '()' must be greater than \
                'NoncurrentDays' in the NoncurrentVersionTransition action
                """
        ),
        Refusal(
            actions: """
                <NoncurrentVersionExpiration><NoncurrentDays>3</NoncurrentDays>\
                <NewerNoncurrentVersions>101</NewerNoncurrentVersions></NoncurrentVersionExpiration>
                """,
            code: .invalidArgument,
            message: "'NewerNoncurrentVersions' must be between 1 and 100"
        ),
    ])
    func `what contradicts itself is told in S3's words`(refusal: Refusal) {
        let found = error(Self.rule(refusal.actions, filter: refusal.filter))
        #expect(found?.code == refusal.code)
        #expect(found?.message == refusal.message)
    }

    @Test func `names are unique and not too long, and there are a thousand rules at most`() {
        let named = { (id: String) in
            "<Rule><ID>\(id)</ID><Filter/><Status>Enabled</Status>\(Self.expiration)</Rule>"
        }
        #expect(error(named("a") + named("a"))?.code == .invalidArgument)
        #expect(error(named(String(repeating: "é", count: 255))) == nil)
        let long = error(named(String(repeating: "a", count: 256)))
        #expect(long?.code == .invalidArgument)
        #expect(long?.message == "ID length should not exceed allowed limit of 255")
        #expect(error((0..<1000).map { named("\($0)") }.joined()) == nil)
        #expect(error((0...1000).map { named("\($0)") }.joined())?.code == .malformedXML)
    }

    @Test func `the two forms do not mix, and the older one knows no overlapping prefixes`() {
        let old = { (prefix: String, action: String) in
            "<Rule><ID>\(prefix)\(action)</ID><Prefix>\(prefix)</Prefix><Status>Enabled</Status>\(action)</Rule>"
                .replacing(
                    "<ID>\(prefix)\(action)</ID>",
                    with: "<ID>\(prefix)-\(action.count)</ID>"
                )
        }
        let new = "<Rule><ID>n</ID><Filter/><Status>Enabled</Status>\(Self.expiration)</Rule>"
        #expect(error(old("a", Self.expiration) + new)?.message.hasPrefix("Filter element") == true)
        #expect(error(new + old("a", Self.expiration))?.message.hasPrefix("Base level") == true)
        let overlap = error(
            old("b", Self.expiration) + old("a/b", Self.expiration) + old("a/", Self.expiration)
        )
        #expect(
            overlap?.message
                == "Found overlapping prefixes 'a/' and 'a/b' for same action type 'Expiration'"
        )
        let noncurrent =
            "<NoncurrentVersionExpiration><NoncurrentDays>1</NoncurrentDays></NoncurrentVersionExpiration>"
        #expect(error(old("a", Self.expiration) + old("a/", noncurrent)) == nil)
        let counting = noncurrent.replacing(
            "</NoncurrentV",
            with: "<NewerNoncurrentVersions>1</NewerNoncurrentVersions></NoncurrentV"
        )
        #expect(error(old("a", counting))?.message.hasSuffix("Lifecycle V2.") == true)
    }
}
