internal import S3Protocol
internal import SQLite
import Synchronization

/// When and for what keys were last used: in memory for each request, in the index now and then.
struct KeyUses: Sendable {
    private var uses: [String: KeyUse]
    /// The keys whose last use is not in the index yet.
    private var changed: Set<String> = []

    init(_ uses: [String: KeyUse]) { self.uses = uses }

    subscript(_ accessKey: String) -> KeyUse? { uses[accessKey] }

    /// Remembers a use; what was used before in the same second changes nothing.
    mutating func add(_ use: KeyUse, of accessKey: String) {
        guard uses.updateValue(use, forKey: accessKey) != use else { return }
        changed.insert(accessKey)
    }

    mutating func forget(_ accessKey: String) {
        uses[accessKey] = nil
        changed.remove(accessKey)
    }

    /// Takes out what is not in the index yet.
    mutating func takeChanged() -> [(accessKey: String, use: KeyUse)] {
        defer { changed = [] }
        return changed.compactMap { key in uses[key].map { (key, $0) } }
    }

    /// Puts back what could not be written.
    mutating func putBack(_ keys: [String]) {
        changed.formUnion(keys.filter { uses[$0] != nil })
    }
}

extension Directory {
    /// When and for what a key that lasts was last used; `nil` for never.
    public func lastUse(of accessKey: String) -> KeyUse? { uses.withLock { $0[accessKey] } }

    /// Remembers that a key that lasts was used: in memory, until ``writeUses()`` writes it down.
    public func noteUse(of accessKey: String, for service: String, in region: String) {
        let use = KeyUse(time: time.now().wholeSeconds, service: service, region: region)
        uses.withLock { $0.add(use, of: accessKey) }
    }

    /// Writes down what keys were used for since the last time.
    ///
    /// - Throws: What writing to the index throws; what was to be written is written the next time.
    public func writeUses() async throws {
        let changed = uses.withLock { $0.takeChanged() }
        guard !changed.isEmpty else { return }
        do {
            try await index.write { connection in
                for (key, use) in changed { try connection.set(use, of: key) }
            }
        } catch {
            uses.withLock { $0.putBack(changed.map(\.accessKey)) }
            throw error
        }
    }
}

extension Connection {
    func keyUses() throws -> [String: KeyUse] {
        let uses = try all("SELECT access_key, used, service, region FROM key_uses") { row in
            let time = Timestamp(milliseconds: row.integer(1))
            return (row.text(0), KeyUse(time: time, service: row.text(2), region: row.text(3)))
        }
        return Dictionary(uniqueKeysWithValues: uses)
    }

    fileprivate func set(_ use: KeyUse, of accessKey: String) throws {
        try run(
            "INSERT OR REPLACE INTO key_uses(access_key, used, service, region) VALUES (?1, ?2, ?3, ?4)",
            .text(accessKey),
            .integer(use.time.milliseconds),
            .text(use.service),
            .text(use.region)
        )
    }
}
