import GRDB
import S3Protocol

/// An image with a title.
struct Post: Hashable, Sendable {
    let id: Int64
    var title: String
    var image: StoredImage
    let created: Timestamp

    /// How long a title may be, in characters as Django and SQLite count them.
    static let maximumTitleLength = 100
}

/// An image in the storage.
struct StoredImage: Hashable, Sendable {
    /// The name of the file in the storage.
    var name: String
    /// How many pixels it is wide, as it is shown.
    var width: Int
    /// How many pixels it is high, as it is shown.
    var height: Int
}

extension Post: FetchableRecord {
    init(row: Row) throws {
        id = try row.decode(forColumn: "id")
        title = try row.decode(forColumn: "title")
        image = StoredImage(
            name: try row.decode(forColumn: "image"),
            width: try row.decode(forColumn: "width"),
            height: try row.decode(forColumn: "height")
        )
        created = Timestamp(milliseconds: try row.decode(forColumn: "created"))
    }
}
