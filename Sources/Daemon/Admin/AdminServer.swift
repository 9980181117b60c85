import Glibc
import Logging
import NIOCore
import NIOPosix

/// Answers a request; what it has to say before, it says to `progress`, which throws where nobody listens any more.
typealias AdminAnswer =
    @Sendable (
        _ request: AdminRequest,
        _ progress: @escaping @Sendable (AdminReply) async throws -> Void
    ) async -> AdminReply

/// The daemon's socket for administration, in its data folder and for its owner alone.
///
/// The folder's mode keeps others out, and the socket's own does too. The daemon has the folder's
/// lock, so a socket that is there already was left by one that is gone.
final class AdminServer: Sendable {
    private let path: String
    private let channel: any Channel
    private let serving: Task<Void, Never>

    private init(path: String, channel: any Channel, serving: Task<Void, Never>) {
        self.path = path
        self.channel = channel
        self.serving = serving
    }

    /// Begins to answer.
    ///
    /// - Throws: what binding the socket throws.
    static func start(
        inFolder folder: String,
        on group: MultiThreadedEventLoopGroup,
        answer: @escaping AdminAnswer
    ) async throws -> AdminServer {
        let socket = try AdminSocketPath(inFolder: folder)
        let server = try await ServerBootstrap(group: group).bind(
            unixDomainSocketPath: socket.path,
            cleanupExistingSocketFile: true
        ) { channel in
            channel.eventLoop.makeCompletedFuture { try AdminConnection.wrap(channel) }
        }
        try SystemError.check(unsafe chmod(socket.path, 0o600))
        let serving = Task { await serve(server, answer) }
        return AdminServer(
            path: "\(folder)/admin.sock",
            channel: server.channel,
            serving: serving
        )
    }

    /// Stops, and removes the socket.
    func shutDown() async {
        unsafe unlink(path)
        try? await channel.close().get()
        serving.cancel()
        await serving.value
    }

    private static func serve(
        _ server: NIOAsyncChannel<AdminConnection, Never>,
        _ answer: @escaping AdminAnswer
    ) async {
        try? await server.executeThenClose { connections in
            try await withThrowingDiscardingTaskGroup { group in
                for try await connection in connections {
                    group.addTask { await serve(connection, answer) }
                }
            }
        }
    }

    /// Answers one request and hangs up; one that breaks off is answered by nobody.
    private static func serve(
        _ connection: AdminConnection,
        _ answer: @escaping AdminAnswer
    ) async {
        try? await connection.executeThenClose { lines, replies in
            for try await line in lines {
                let reply: AdminReply =
                    if let request = AdminRequest(line: line) {
                        await answer(request) { try await replies.write($0.line) }
                    } else {
                        .refused(
                            "The daemon does not understand the request; is it another version?"
                        )
                    }
                try await replies.write(reply.line)
                return
            }
        }
    }
}
