/// Why the daemon or a command does not do what it was asked, in words for the person who asked.
public struct Refusal: Error, Hashable, CustomStringConvertible {
    /// What is wrong, and what to do about it.
    public let description: String

    /// Says what is wrong and what to do about it.
    public init(_ description: String) { self.description = description }

    /// Says in a sentence what another part of Pail says in half a one.
    init(_ error: any Error) {
        if let refusal = error as? Refusal {
            self = refusal
        } else {
            let words = "\(error)"
            self.init(
                words.prefix(1).uppercased() + words.dropFirst() + (words.hasSuffix(".") ? "" : ".")
            )
        }
    }
}
