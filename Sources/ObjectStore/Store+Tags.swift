internal import S3Protocol

extension Store {
    /// Tags a version of an object anew, in place of the tags that it had; none removes them.
    ///
    /// - Throws: ``ContentGone`` where the version is there no more, or what writing to the index throws.
    public func setTags(_ tags: [Field], of object: StoredObject) async throws {
        try await index.write { connection in
            guard try connection.exists(object) else { throw ContentGone() }
            try connection.setTags(tags, of: object)
        }
    }
}
