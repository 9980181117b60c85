/// A text to read at a path of the service's own, such as the health checks of other servers.
public struct OpenPath: Sendable {
    /// The type of what is read.
    let type: String
    /// What is read, at the moment.
    let text: @Sendable () -> String

    /// Describes a path.
    ///
    /// - Parameters:
    ///   - type: the media type of the text.
    ///   - text: what is read.
    public init(type: String, text: @escaping @Sendable () -> String) {
        self.type = type
        self.text = text
    }
}
