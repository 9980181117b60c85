extension Schema {
    /// The tables as all of ``steps`` leave them, for a file that has none: making them one by one, and then altering them,
    /// takes four times as long.
    ///
    /// A test holds it to the steps, which tell why each thing is there.
    static let newest = """
        CREATE TABLE counters(name TEXT PRIMARY KEY, value INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE tenants(id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE);
        CREATE TABLE accounts(
            id INTEGER PRIMARY KEY AUTOINCREMENT,
            tenant INTEGER NOT NULL DEFAULT 1 REFERENCES tenants,
            number TEXT NOT NULL UNIQUE,
            canonical_id TEXT NOT NULL UNIQUE,
            name TEXT NOT NULL UNIQUE,
            email TEXT NOT NULL,
            is_root INTEGER NOT NULL DEFAULT 0
        );
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
            uses INTEGER NOT NULL,
            md5 BLOB,
            envelope BLOB,
            damage TEXT
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
            tags BLOB,
            lock BLOB,
            encryption BLOB,
            restored_until INTEGER,
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
            tags BLOB,
            lock BLOB,
            result_version_id TEXT,
            encryption BLOB,
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
        CREATE INDEX uploads_open ON uploads(bucket, key, id) WHERE result_sequence IS NULL;
        CREATE TABLE acls(sequence INTEGER PRIMARY KEY, document BLOB NOT NULL);
        CREATE TABLE upload_acls(upload TEXT PRIMARY KEY, document BLOB NOT NULL) WITHOUT ROWID;
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
        CREATE TABLE identity_policies(
            identity INTEGER NOT NULL REFERENCES identities,
            name TEXT NOT NULL,
            document TEXT,
            PRIMARY KEY(identity, name)
        ) WITHOUT ROWID;
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
            expires INTEGER NOT NULL,
            began INTEGER NOT NULL DEFAULT 0
        ) WITHOUT ROWID;
        CREATE TABLE account_settings(
            account INTEGER NOT NULL REFERENCES accounts,
            name TEXT NOT NULL,
            document BLOB NOT NULL,
            PRIMARY KEY(account, name)
        ) WITHOUT ROWID;
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
        CREATE TABLE access_keys(
            id TEXT PRIMARY KEY,
            user INTEGER REFERENCES identities,
            account INTEGER REFERENCES accounts,
            secret TEXT NOT NULL,
            is_active INTEGER NOT NULL DEFAULT 1,
            created INTEGER NOT NULL,
            CHECK ((user IS NULL) <> (account IS NULL))
        ) WITHOUT ROWID;
        CREATE TABLE key_uses(
            access_key TEXT PRIMARY KEY,
            used INTEGER NOT NULL,
            service TEXT NOT NULL,
            region TEXT NOT NULL
        ) WITHOUT ROWID;
        CREATE INDEX sessions_by_end ON sessions(expires);
        INSERT INTO counters VALUES ('sequence', 0), ('starts', 0), ('master_keys', 0);
        INSERT INTO tenants VALUES (1, 'default');
        """
}
