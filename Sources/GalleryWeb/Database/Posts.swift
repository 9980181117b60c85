import GRDB
import S3Protocol

/// The posts of the database.
struct Posts: Sendable {
    let database: GalleryDatabase

    /// A page of the posts, the newest first, or `nil` where there is no such page.
    func page(_ number: Int, size: Int) async throws -> PostPage? {
        try await database.writer.read { database in
            let total = try Int.fetchOne(database, sql: "SELECT count(*) FROM post") ?? 0
            let count = max(1, total / size + (total.isMultiple(of: size) ? 0 : 1))
            guard (1...count).contains(number) else { return nil }
            let posts = try Post.fetchAll(
                database,
                sql: "SELECT * FROM post ORDER BY id DESC LIMIT ? OFFSET ?",
                arguments: [size, (number - 1) * size]
            )
            return PostPage(posts: posts, number: number, count: count, total: total)
        }
    }

    /// The newest posts that are older than one, or than none.
    func older(than id: Int64?, limit: Int) async throws -> [Post] {
        try await database.writer.read { database in
            try Post.fetchAll(
                database,
                sql: "SELECT * FROM post WHERE id < ? ORDER BY id DESC LIMIT ?",
                arguments: [id ?? .max, limit]
            )
        }
    }

    func post(_ id: Int64) async throws -> Post? {
        try await database.writer.read { try Self.find(id, in: $0) }
    }

    /// The posts beside one: the next newer and the next older.
    func neighbours(of id: Int64) async throws -> (newer: Post?, older: Post?) {
        try await database.writer.read { database in
            let newer = "SELECT * FROM post WHERE id > ? ORDER BY id LIMIT 1"
            let older = "SELECT * FROM post WHERE id < ? ORDER BY id DESC LIMIT 1"
            return (
                try Post.fetchOne(database, sql: newer, arguments: [id]),
                try Post.fetchOne(database, sql: older, arguments: [id])
            )
        }
    }

    func add(title: String, image: StoredImage, at time: Timestamp) async throws -> Post {
        try await database.writer.write { database in
            try database.execute(
                sql:
                    "INSERT INTO post (title, image, width, height, created) VALUES (?, ?, ?, ?, ?)",
                arguments: [title, image.name, image.width, image.height, time.milliseconds]
            )
            let id = database.lastInsertedRowID
            return Post(id: id, title: title, image: image, created: time)
        }
    }

    /// Changes a post.
    ///
    /// - Returns: The post as it was before, or `nil` where there is none.
    func change(_ id: Int64, title: String, image: StoredImage?) async throws -> Post? {
        try await database.writer.write { database in
            guard let before = try Self.find(id, in: database) else { return nil }
            let image = image ?? before.image
            try database.execute(
                sql: "UPDATE post SET title = ?, image = ?, width = ?, height = ? WHERE id = ?",
                arguments: [title, image.name, image.width, image.height, id]
            )
            return before
        }
    }

    /// Removes a post.
    ///
    /// - Returns: What was removed, or `nil` where there was none.
    func delete(_ id: Int64) async throws -> Post? {
        try await database.writer.write { database in
            let post = try Self.find(id, in: database)
            try database.execute(sql: "DELETE FROM post WHERE id = ?", arguments: [id])
            return post
        }
    }

    private static func find(_ id: Int64, in database: Database) throws -> Post? {
        try Post.fetchOne(database, sql: "SELECT * FROM post WHERE id = ?", arguments: [id])
    }
}

/// Some of the posts.
struct PostPage: Sendable {
    let posts: [Post]
    /// Which page this is; the first is 1.
    let number: Int
    /// How many pages there are: at least one, which may be empty.
    let count: Int
    /// How many posts there are on all pages.
    let total: Int
}
