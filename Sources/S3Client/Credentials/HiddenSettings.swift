/// Settings by their names, secrets among them: what prints something that holds them prints none of their values.
package struct HiddenSettings: Sendable, Hashable {
    /// The settings.
    package let values: [String: String]

    /// Hides settings.
    package init(_ values: [String: String]) { self.values = values }
}

extension HiddenSettings: CustomStringConvertible, CustomReflectable {
    /// How many there are.
    package var description: String { "\(values.count) settings" }

    /// How many there are, also for `dump`.
    package var customMirror: Mirror { Mirror(self, children: ["count": values.count]) }
}
