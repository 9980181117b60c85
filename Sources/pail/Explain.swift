import ArgumentParser
import Daemon

/// `pail explain`: why a request was refused.
struct Explain: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain",
        abstract: "Say why a request was refused: which policy, which condition, what was signed.",
        discussion: """
            The ID is in the error that the client got (RequestId), in the header x-amz-request-id of \
            every reply, and at the end of each line of the log. A running daemon remembers the last \
            1,000 refusals.
            """
    )

    @OptionGroup var options: UserOptions

    @Argument(help: "The request's ID, such as 4442587FB7D0A2F9.")
    var requestID: String

    func run() async throws {
        for line in try await options.administration().explanation(of: requestID) { print(line) }
    }
}
