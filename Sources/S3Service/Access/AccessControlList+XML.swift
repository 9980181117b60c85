import NIOCore
import ObjectStore
import S3Protocol

extension AccessControlList {
    /// Reads the document of PutBucketAcl and PutObjectAcl.
    ///
    /// - Throws: ``S3Error`` with `MalformedACLError`, `AccessDenied` where it names another owner, and
    ///   what a grantee that is nobody gets, also for an owner that is nobody.
    init(document: ByteBuffer, owner: Account, _ directory: Directory) throws(S3Error) {
        let root = try XMLElement.parse(document.readableBytesView, root: "AccessControlPolicy")
        guard let ownerID = root["Owner"]?["ID"]?.trimmed, let list = root["AccessControlList"]
        else {
            throw S3Error(.malformedACL)
        }
        guard ownerID == owner.canonicalID else {
            _ = try directory.grantee(canonicalID: ownerID)
            throw S3Error(.accessDenied, logged: "the list names another owner")
        }
        let elements = list.all("Grant")
        guard elements.count <= Self.maximumGrants else { throw S3Error(.malformedACL) }
        self.init(
            grants: try elements.map { element throws(S3Error) in
                try Grant(element, directory)
            }
        )
    }

    /// The document that GetBucketAcl and GetObjectAcl answer.
    func document(owner: Account, _ directory: Directory) -> ByteBuffer {
        XMLWriter.document("AccessControlPolicy") { xml in
            xml.owner(owner)
            xml.element("AccessControlList") { xml in
                for grant in grants { xml.grant(grant, directory) }
            }
        }
    }
}

extension Grant {
    /// Reads a line of a list.
    ///
    /// - Throws: ``S3Error`` with `MalformedACLError`, and what a grantee that is nobody gets.
    init(_ element: XMLElement, _ directory: Directory) throws(S3Error) {
        guard let permission = element["Permission"].flatMap({ Permission(rawValue: $0.trimmed) }),
            let grantee = element["Grantee"]
        else { throw S3Error(.malformedACL) }
        if let id = grantee["ID"]?.trimmed {
            self.init(permission, to: try directory.grantee(canonicalID: id))
        } else if let uri = grantee["URI"]?.trimmed {
            self.init(permission, to: try directory.grantee(uri: uri))
        } else if let email = grantee["EmailAddress"]?.trimmed {
            self.init(permission, to: try directory.grantee(email: email))
        } else {
            throw S3Error(.malformedACL)
        }
    }
}

extension XMLWriter {
    /// A line of a list.
    mutating func grant(_ grant: Grant, _ directory: Directory) {
        element("Grant") { xml in
            xml.grantee(grant.grantee, directory)
            xml.element("Permission", grant.permission.rawValue)
        }
    }

    private mutating func grantee(_ grantee: Grant.Grantee, _ directory: Directory) {
        switch grantee {
        case .account(let id):
            let account = directory.account(id)
            element("Grantee", attributes: Self.kind("CanonicalUser")) { xml in
                xml.element("ID", account?.canonicalID ?? "")
                xml.element("DisplayName", ifPresent: account?.displayName)
            }
        case .group(let group):
            element("Grantee", attributes: Self.kind("Group")) { xml in
                xml.element("URI", group.rawValue)
            }
        }
    }

    private static func kind(_ name: String) -> String {
        "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"\(name)\""
    }
}
