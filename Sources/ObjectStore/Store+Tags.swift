internal import S3Protocol
internal import SQLite

extension Store {
    /// Tags a version of an object anew, in place of the tags that it had; none removes them.
    ///
    /// - Throws: ``ContentGone`` where the version is there no more, or what writing to the index throws.
    public func setTags(
        _ tags: [Field],
        of object: StoredObject,
        telling announcement: Announcement? = nil
    ) async throws {
        try await alter(object, telling: announcement) { connection in
            try connection.setTags(tags, of: object)
        }
    }

    /// Changes what belongs to a version, and tells of it.
    ///
    /// - Throws: ``ContentGone`` where the version is there no more, or what writing to the index throws.
    func alter(
        _ object: StoredObject,
        as kind: ObjectChange.Kind = .altered,
        telling announcement: Announcement?,
        _ change: @escaping @Sendable (Connection) throws -> Void
    ) async throws {
        let now = configuration.time.now()
        try await index.write { connection in
            guard try connection.exists(object) else { throw ContentGone() }
            try change(connection)
            try self.mailbox.announce(
                kind,
                of: object,
                by: announcement,
                at: now,
                on: connection
            )
        } committed: {
            if announcement != nil { self.mailbox.ring() }
        }
    }
}
