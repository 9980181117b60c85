import HTTPMessage
import NIOCore
import NIOHTTP1

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

// What goes wrong with responses on purpose.

extension ConnectionHandler {
    /// Does what is to go wrong with a response; returns whether nothing else is sent of it.
    func suffer(_ mishap: Mishap, in exchange: Exchange) -> Bool {
        exchange.mishap = mishap
        resetsWhenCut = mishap.breaksByReset
        switch mishap.reply {
        case .whole:
            // HTTP/1.0 has no answers before the answer.
            if mishap.hasStaleContinue, exchange.request.version == .http1_1 { invite() }
            return false
        case .reset:
            resetsWhenCut = true
            finish(exchange, isComplete: false)
        case .silence(let duration): keepSilent(duration, in: exchange)
        }
        return true
    }

    private func keepSilent(_ duration: Duration, in exchange: Exchange) {
        guard let loop = context?.eventLoop, !isShuttingDown else {
            return finish(exchange, isComplete: false)
        }
        exchange.silence = loop.assumeIsolated().scheduleTask(in: TimeAmount(duration)) { [self] in
            finish(exchange, isComplete: false)
        }
    }

    /// Cuts the connection, if all that happens on it is silence: the client is gone, or we go.
    func endSilence() {
        guard let exchange, exchange.silence != nil else { return }
        finish(exchange, isComplete: false)
    }
}

extension Channel {
    /// Has the next close reset the connection, and what waits to be sent thrown away.
    func resetsWhenClosed() {
        guard let socket = self as? any SocketOptionProvider else { return }
        // On its own loop this is done when it returns.
        _ = socket.setSoLinger(linger(l_onoff: 1, l_linger: 0))
    }
}
