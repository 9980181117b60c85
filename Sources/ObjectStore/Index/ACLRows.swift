internal import SQLite

// The rows of `acls` and `upload_acls`.

extension Connection {
    /// The list of a version.
    func acl(of object: StoredObject) throws -> [UInt8]? {
        try first(
            "SELECT document FROM acls WHERE sequence = ?1",
            .integer(object.sequence)
        ) { $0.blob(0) }
    }

    /// Gives a version a list in place of the one that it has; `nil` takes it away.
    func setACL(_ document: [UInt8]?, ofSequence sequence: Int64) throws {
        guard let document else {
            return try run("DELETE FROM acls WHERE sequence = ?1", .integer(sequence))
        }
        try run(
            "INSERT OR REPLACE INTO acls(sequence, document) VALUES (?1, ?2)",
            .integer(sequence),
            .blob(document)
        )
    }

    /// Keeps the list of the object that an upload will be.
    func setACL(_ document: [UInt8]?, ofUpload id: String) throws {
        guard let document else { return }
        try run(
            "INSERT OR REPLACE INTO upload_acls(upload, document) VALUES (?1, ?2)",
            .text(id),
            .blob(document)
        )
    }

    /// Gives an upload's list to the version that it became.
    func moveACL(ofUpload id: String, toSequence sequence: Int64) throws {
        let document = try first(
            "SELECT document FROM upload_acls WHERE upload = ?1",
            .text(id)
        ) { $0.blob(0) }
        guard let document else { return }
        try setACL(document, ofSequence: sequence)
        try removeACL(ofUpload: id)
    }

    /// Forgets an upload's list.
    func removeACL(ofUpload id: String) throws {
        try run("DELETE FROM upload_acls WHERE upload = ?1", .text(id))
    }
}
