extension Store {
    /// The access control list of a version, as it was given; `nil` where it never got one.
    public func acl(of object: StoredObject) throws -> [UInt8]? {
        try index.read { try $0.acl(of: object) }
    }

    /// Gives a version an access control list in place of the one that it has.
    ///
    /// - Throws: ``ContentGone`` where the version is there no more.
    public func setACL(
        _ document: [UInt8],
        of object: StoredObject,
        telling announcement: Announcement? = nil
    ) async throws {
        try await alter(object, telling: announcement) { connection in
            try connection.setACL(document, ofSequence: object.sequence)
        }
    }
}
