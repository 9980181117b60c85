internal import SQLite

/// The tables of the index, as numbered steps from an empty file to the newest schema.
///
/// A step that has been released is never edited: a change is a new step, and what ``newest`` has of it. `PRAGMA
/// user_version` says how many a file has behind it. docs/on-disk.md tells what the tables mean.
enum Schema {
    static let steps = [step1, step2, step3, step4, step5, step6, step7, step8, step9, step10]
    /// From this many steps on, tables have only been added, and columns to them.
    static let firstOfThisShape: Int64 = 7

    /// Brings a file to the newest schema.
    ///
    /// - Throws: ``StoreError/newerSchema(found:known:)`` where the file is from the future.
    static func migrate(_ connection: Connection) throws {
        let found = try connection.first("PRAGMA user_version") { $0.integer(0) } ?? 0
        guard found <= steps.count else {
            throw StoreError.newerSchema(found: found, known: Int64(steps.count))
        }
        guard found < steps.count else { return }
        let missing = found > 0 ? Array(steps.dropFirst(Int(found))) : [newest]
        // All in one: a new file waits for the disk once, and an old one is never left half way.
        try connection.transaction {
            for step in missing { try connection.runScript(step) }
            try connection.runScript("PRAGMA user_version = \(steps.count)")
        }
    }

    private static let step1 = """
        CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        INSERT INTO counters VALUES ('sequence', 0), ('starts', 0);

        CREATE TABLE tenants(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        INSERT INTO tenants VALUES (1, 'default');

        CREATE TABLE accounts(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
            number TEXT NOT NULL UNIQUE,
            canonical_id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE,
            email TEXT NOT NULL,
            is_root INTEGER NOT NULL DEFAULT 0
        );
        CREATE TABLE users(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL REFERENCES accounts,
            name TEXT NOT NULL,
            created INTEGER NOT NULL,
            UNIQUE(account, name)
        );
        CREATE TABLE user_policies(
            user INTEGER NOT NULL REFERENCES users,
            name TEXT NOT NULL,
            document TEXT,
            PRIMARY KEY(user, name)
        ) WITHOUT ROWID;
        CREATE TABLE access_keys(
            id TEXT PRIMARY KEY,
            user INTEGER NOT NULL REFERENCES users,
            secret TEXT NOT NULL,
            session_token TEXT,
            is_active INTEGER NOT NULL DEFAULT 1,
            created INTEGER NOT NULL
        ) WITHOUT ROWID;

        CREATE TABLE buckets(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
            name TEXT NOT NULL,
            owner INTEGER NOT NULL REFERENCES accounts,
            region TEXT NOT NULL,
            created INTEGER NOT NULL,
            versioning TEXT,
            UNIQUE(tenant, name)
        );
        CREATE INDEX buckets_by_owner ON buckets(owner, name);
        CREATE TABLE bucket_settings(
            bucket INTEGER NOT NULL REFERENCES buckets,
            name TEXT NOT NULL,
            document BLOB NOT NULL,
            PRIMARY KEY(bucket, name)
        ) WITHOUT ROWID;

        CREATE TABLE blobs(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            name TEXT,
            data BLOB,
            size INTEGER NOT NULL,
            crc64 BLOB NOT NULL,
            uses INTEGER NOT NULL
        );
        CREATE UNIQUE INDEX blobs_by_name ON blobs(name) WHERE name IS NOT NULL;
        CREATE TABLE garbage(name TEXT PRIMARY KEY, since INTEGER NOT NULL) WITHOUT ROWID;

        CREATE TABLE versions(
            bucket INTEGER NOT NULL,
            key BLOB NOT NULL,
            sequence INTEGER NOT NULL,
            version_id TEXT,
            is_delete_marker INTEGER NOT NULL DEFAULT 0,
            blob INTEGER,
            size INTEGER NOT NULL,
            etag TEXT NOT NULL,
            modified INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            storage_class TEXT NOT NULL,
            checksum_algorithm TEXT,
            checksum_type TEXT,
            checksum TEXT,
            part_count INTEGER,
            fields BLOB NOT NULL,
            PRIMARY KEY(bucket, key, sequence)
        ) WITHOUT ROWID;
        CREATE TABLE segments(
            sequence INTEGER NOT NULL,
            number INTEGER NOT NULL,
            blob INTEGER NOT NULL,
            size INTEGER NOT NULL,
            checksum TEXT,
            PRIMARY KEY(sequence, number)
        ) WITHOUT ROWID;
        CREATE TABLE object_tags(
            sequence INTEGER NOT NULL,
            name TEXT NOT NULL,
            value TEXT NOT NULL,
            PRIMARY KEY(sequence, name)
        ) WITHOUT ROWID;

        CREATE TABLE uploads(
            bucket INTEGER NOT NULL,
            key BLOB NOT NULL,
            id TEXT NOT NULL,
            initiated INTEGER NOT NULL,
            owner INTEGER NOT NULL,
            storage_class TEXT NOT NULL,
            checksum_algorithm TEXT,
            checksum_type TEXT,
            fields BLOB NOT NULL,
            result_sequence INTEGER,
            result_size INTEGER,
            result_etag TEXT,
            result_modified INTEGER,
            result_checksum TEXT,
            result_part_count INTEGER,
            PRIMARY KEY(bucket, key, id)
        ) WITHOUT ROWID;
        CREATE INDEX uploads_completed ON uploads(result_modified) WHERE result_sequence IS NOT NULL;
        CREATE TABLE upload_parts(
            upload TEXT NOT NULL,
            number INTEGER NOT NULL,
            blob INTEGER NOT NULL,
            size INTEGER NOT NULL,
            etag TEXT NOT NULL,
            modified INTEGER NOT NULL,
            checksum_algorithm TEXT,
            checksum TEXT,
            PRIMARY KEY(upload, number)
        ) WITHOUT ROWID;
        """

    /// Tags and locks lie with what they are of, as they are read with it; a completed upload remembers which
    /// version it became.
    private static let step2 = """
        ALTER TABLE versions ADD COLUMN tags BLOB;
        ALTER TABLE versions ADD COLUMN lock BLOB;
        DROP TABLE object_tags;
        ALTER TABLE uploads ADD COLUMN tags BLOB;
        ALTER TABLE uploads ADD COLUMN lock BLOB;
        ALTER TABLE uploads ADD COLUMN result_version_id TEXT;
        """

    /// A blob's MD5 is the entity tag of a part that shares it; uploads that only are remembered do not slow the
    /// listing of those under way.
    private static let step3 = """
        ALTER TABLE blobs ADD COLUMN md5 BLOB;
        CREATE INDEX uploads_open ON uploads(bucket, key, id) WHERE result_sequence IS NULL;
        """

    /// How an object is encrypted, and what each blob needs for it; NULL is clear.
    ///
    /// The counter tells a master key that was lost from one that never was.
    private static let step4 = """
        ALTER TABLE versions ADD COLUMN encryption BLOB;
        ALTER TABLE uploads ADD COLUMN encryption BLOB;
        ALTER TABLE blobs ADD COLUMN envelope BLOB;
        INSERT INTO counters VALUES ('master_keys', 0);
        """

    /// An archived object can be read for as long as it is restored.
    private static let step5 = "ALTER TABLE versions ADD COLUMN restored_until INTEGER;"

    /// Access control lists of versions and of uploads; most have none, so they lie apart.
    private static let step6 = """
        CREATE TABLE acls(sequence INTEGER PRIMARY KEY, document BLOB NOT NULL);
        CREATE TABLE upload_acls(upload TEXT PRIMARY KEY, document BLOB NOT NULL) WITHOUT ROWID;
        """

    /// Groups and roles beside users, policies that are kept once and attached, sessions, and what is set for a
    /// whole account.
    ///
    /// A policy without a document is attached, and its name is its ARN.
    private static let step7 = """
        CREATE TABLE identities(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL REFERENCES accounts,
            kind TEXT NOT NULL,
            name TEXT NOT NULL,
            path TEXT NOT NULL DEFAULT '/',
            created INTEGER NOT NULL,
            trust TEXT,
            description TEXT,
            longest_session INTEGER,
            tags BLOB,
            UNIQUE(account, kind, name)
        );
        INSERT INTO identities(id, account, kind, name, created)
            SELECT id, account, 'user', name, created FROM users;
        DELETE FROM sqlite_sequence WHERE name = 'identities';
        INSERT INTO sqlite_sequence(name, seq) SELECT 'identities', seq FROM sqlite_sequence WHERE name = 'users';
        CREATE TABLE identity_policies(
            identity INTEGER NOT NULL REFERENCES identities,
            name TEXT NOT NULL,
            document TEXT,
            PRIMARY KEY(identity, name)
        ) WITHOUT ROWID;
        INSERT INTO identity_policies
            SELECT user, CASE WHEN document IS NULL THEN 'arn:aws:iam::aws:policy/' ELSE '' END || name, document
            FROM user_policies;
        DROP TABLE user_policies;
        CREATE TABLE keys(
            id TEXT PRIMARY KEY,
            user INTEGER NOT NULL REFERENCES identities,
            secret TEXT NOT NULL,
            is_active INTEGER NOT NULL DEFAULT 1,
            created INTEGER NOT NULL
        ) WITHOUT ROWID;
        INSERT INTO keys SELECT id, user, secret, is_active, created FROM access_keys;
        DROP TABLE access_keys;
        ALTER TABLE keys RENAME TO access_keys;
        DROP TABLE users;
        CREATE TABLE members(
            user INTEGER NOT NULL REFERENCES identities,
            team INTEGER NOT NULL REFERENCES identities,
            PRIMARY KEY(user, team)
        ) WITHOUT ROWID;
        CREATE TABLE policies(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            account INTEGER NOT NULL REFERENCES accounts,
            name TEXT NOT NULL,
            path TEXT NOT NULL,
            description TEXT,
            created INTEGER NOT NULL,
            updated INTEGER NOT NULL,
            in_force INTEGER NOT NULL,
            tags BLOB,
            UNIQUE(account, name)
        );
        CREATE TABLE policy_versions(
            policy INTEGER NOT NULL REFERENCES policies,
            number INTEGER NOT NULL,
            document TEXT NOT NULL,
            created INTEGER NOT NULL,
            PRIMARY KEY(policy, number)
        ) WITHOUT ROWID;
        CREATE TABLE sessions(
            access_key TEXT PRIMARY KEY,
            secret TEXT NOT NULL,
            token TEXT NOT NULL,
            account INTEGER NOT NULL REFERENCES accounts,
            identity INTEGER REFERENCES identities,
            name TEXT,
            policies BLOB,
            tags BLOB,
            expires INTEGER NOT NULL
        ) WITHOUT ROWID;
        CREATE TABLE account_settings(
            account INTEGER NOT NULL REFERENCES accounts,
            name TEXT NOT NULL,
            document BLOB NOT NULL,
            PRIMARY KEY(account, name)
        ) WITHOUT ROWID;
        """

    /// What is to be told of changes, until whom it is for has it.
    ///
    /// A number is never given again, so that a later message always has the greater.
    private static let step8 = """
        CREATE TABLE messages(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            destination TEXT NOT NULL,
            subject BLOB NOT NULL,
            body BLOB NOT NULL,
            created INTEGER NOT NULL,
            due INTEGER NOT NULL,
            attempts INTEGER NOT NULL DEFAULT 0
        );
        CREATE INDEX messages_in_order ON messages(destination, id);
        CREATE INDEX messages_by_subject ON messages(destination, subject, id);
        """

    /// What is wrong with a blob's bytes, where something was found; NULL is sound.
    private static let step9 = "ALTER TABLE blobs ADD COLUMN damage TEXT;"

    /// Keys of the roots of accounts, when and for what a key was last used, and when a session began.
    ///
    /// Of a session that an older Pail began it is not known: 1970, so that what is denied to old sessions is
    /// denied to it.
    private static let step10 = """
        CREATE TABLE keys(
            id TEXT PRIMARY KEY,
            user INTEGER REFERENCES identities,
            account INTEGER REFERENCES accounts,
            secret TEXT NOT NULL,
            is_active INTEGER NOT NULL DEFAULT 1,
            created INTEGER NOT NULL,
            CHECK ((user IS NULL) <> (account IS NULL))
        ) WITHOUT ROWID;
        INSERT INTO keys SELECT id, user, NULL, secret, is_active, created FROM access_keys;
        DROP TABLE access_keys;
        ALTER TABLE keys RENAME TO access_keys;
        CREATE TABLE key_uses(
            access_key TEXT PRIMARY KEY,
            used INTEGER NOT NULL,
            service TEXT NOT NULL,
            region TEXT NOT NULL
        ) WITHOUT ROWID;
        ALTER TABLE sessions ADD COLUMN began INTEGER NOT NULL DEFAULT 0;
        CREATE INDEX sessions_by_end ON sessions(expires);
        """
}
