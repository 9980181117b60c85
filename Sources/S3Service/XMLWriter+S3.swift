import ObjectStore
import S3Protocol

extension XMLWriter {
    /// Who owns a bucket or an object.
    mutating func owner(_ account: Account, as name: StaticString = "Owner") {
        element(name) { xml in
            xml.element("ID", account.canonicalID)
            xml.element("DisplayName", account.displayName)
        }
    }
}
