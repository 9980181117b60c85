/// What a listing asks for.
struct ModelQuery: Sendable {
    var prefix: ModelKey
    var delimiter: ModelKey
    var limit: Int
    var urlEncoded: Bool
}

/// A line of a listing: something at a key, or what several keys have in common.
enum ModelEntry<Item: Sendable>: Sendable {
    case item(ModelKey, Item)
    case prefix(ModelKey)

    var name: ModelKey {
        switch self {
        case .item(let key, _): key
        case .prefix(let prefix): prefix
        }
    }
}

/// Where a page begins.
enum ModelStart<Item: Sendable>: Sendable {
    case beginning
    /// After all that has this key, or that is rolled up to it.
    case after(ModelKey)
    /// The same, and after all that is rolled up to what this key would be rolled up to.
    case afterMarker(ModelKey)
    /// After one of several at a key.
    case afterItem(ModelKey, @Sendable (Item) -> Bool)
}

/// A listing by its definition: everything in order, rolled up, cut from the start to the limit.
///
/// [Listing keys](https://docs.aws.amazon.com/AmazonS3/latest/userguide/ListingKeysUsingAPIs.html)
struct ModelListing<Item: Sendable>: Sendable {
    private(set) var entries: [ModelEntry<Item>] = []
    private(set) var isTruncated = false

    /// - Parameters:
    ///   - all: everything there is, in order.
    ///   - query: what of it.
    ///   - start: from where.
    init(_ all: [(key: ModelKey, item: Item)], _ query: ModelQuery, from start: ModelStart<Item>) {
        guard query.limit > 0 else { return }
        for (key, item) in all where key.hasPrefix(query.prefix) && start.admits(key, item, query) {
            let entry =
                key.rolledUp(prefix: query.prefix, delimiter: query.delimiter)
                .map { ModelEntry<Item>.prefix($0) } ?? .item(key, item)
            if case .prefix(let new) = entry, case .prefix(let last)? = entries.last, new == last {
                continue
            }
            guard entries.count < query.limit else {
                isTruncated = true
                return
            }
            entries.append(entry)
        }
    }
}

extension ModelStart {
    fileprivate func admits(_ key: ModelKey, _ item: Item, _ query: ModelQuery) -> Bool {
        switch self {
        case .beginning: true
        case .after(let name):
            key > name && key.rolledUp(prefix: query.prefix, delimiter: query.delimiter) != name
        case .afterMarker(let name):
            key > name
                && key.rolledUp(prefix: query.prefix, delimiter: query.delimiter)
                    .map { !name.hasPrefix($0) } ?? true
        case .afterItem(let name, let isLater): key > name || key == name && isLater(item)
        }
    }
}

extension ModelBucket {
    /// The objects that are there, in the order of their keys.
    var objects: [(key: ModelKey, item: ModelVersion)] {
        versions.keys.sorted().compactMap { key in
            latest(key).flatMap { $0.isMarker ? nil : (key, $0) }
        }
    }

    /// All versions: by key, and for one key the newest first.
    var allVersions: [(key: ModelKey, item: ModelVersion)] {
        versions.keys.sorted().flatMap { key in (versions[key] ?? []).map { (key, $0) } }
    }
}
