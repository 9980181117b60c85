/// A path of the service that anybody may read, as the health checks of other servers are.
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
