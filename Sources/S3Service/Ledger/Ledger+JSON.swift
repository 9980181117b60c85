import Policy

extension Ledger {
    /// The whole ledger as JSON: what tools ask before they rely on something.
    static var json: String {
        JSON.object([
            "operations": .array(
                operations.map { row in
                    .object([
                        "name": .string(row.name), "state": .string(row.state.rawValue),
                        "setting": row.setting.map { .string($0) }, "note": .string(row.note),
                    ])
                }
            ),
            "settings": .array(
                settings.map { row in
                    .object([
                        "name": .string(row.name), "state": .string(row.state.rawValue),
                        "note": .string(row.note),
                    ])
                }
            ),
        ]).text
    }
}
