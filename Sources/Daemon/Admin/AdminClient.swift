import Glibc
import NIOCore
import NIOPosix

/// Asks the daemon that runs on a data folder, if one does.
enum AdminClient {
    /// The daemon's answer, or `nil` where no daemon listens.
    ///
    /// `progress` is told what the daemon says before its answer.
    ///
    /// - Throws: ``Refusal`` where one does and cannot be spoken to.
    static func ask(
        _ request: AdminRequest,
        folder: String,
        progress: @escaping @Sendable (AdminReply) -> Void = { _ in }
    ) async throws(Refusal) -> AdminReply? {
        do {
            guard let connection = try await connect(folder) else { return nil }
            return try await connection.executeThenClose { replies, requests in
                try await requests.write(request.line)
                for try await line in replies {
                    guard let reply = AdminReply(line: line) else { break }
                    guard reply.isProvisional else { return reply }
                    progress(reply)
                }
                throw Refusal("The daemon on \(folder) did not answer; is it another version?")
            }
        } catch let refusal as Refusal {
            throw refusal
        } catch {
            throw Refusal("The daemon on \(folder) cannot be spoken to: \(error)")
        }
    }

    private static func connect(_ folder: String) async throws -> AdminConnection? {
        do {
            let socket = try AdminSocketPath(inFolder: folder)
            return try await ClientBootstrap(group: .singletonMultiThreadedEventLoopGroup)
                .connect(unixDomainSocketPath: socket.path) { channel in
                    channel.eventLoop.makeCompletedFuture { try AdminConnection.wrap(channel) }
                }
        } catch let error as IOError where [ENOENT, ECONNREFUSED].contains(error.errnoCode) {
            return nil
        } catch let error as SystemError where error.number == ENOENT {
            return nil
        }
    }
}
