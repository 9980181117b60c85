import Hummingbird
import NIOCore

/// What is known of a request beside itself.
struct SiteContext: RequestContext {
    var coreContext: CoreRequestContextStorage
    /// The address that the request came from, or nothing where there is no socket.
    let connectionPeer: String
    /// Who asks, where somebody has logged in.
    var session: Session?

    /// The most bytes of a form without files: names, a password and a title fit many times over.
    static let maximumFormBytes = 64 * 1024

    init(source: ApplicationRequestContextSource) {
        coreContext = .init(source: source)
        connectionPeer = source.channel.remoteAddress?.ipAddress ?? ""
    }

    var maxUploadSize: Int { Self.maximumFormBytes }
}

extension Request {
    /// Who asks: the other end of the connection, or, behind a proxy, whom the proxy names last.
    func peer(in context: SiteContext, settings: SiteSettings) -> String {
        guard settings.isBehindHTTPS, let forwarded = headers[values: .xForwardedFor].last,
            let last = forwarded.split(separator: ",").last
        else { return context.connectionPeer }
        return String(last.filter { $0 != " " })
    }

    /// Whether a script asks, which wants JSON and no page.
    var wantsJSON: Bool { headers[.accept]?.hasPrefix("application/json") ?? false }
}
