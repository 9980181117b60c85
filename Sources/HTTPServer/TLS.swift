import NIOCore
import NIOSSL

extension TLSFiles {
    /// Reads the files.
    ///
    /// - Throws: ``HTTPServerError/badCertificate(_:reason:)`` with the file that is at fault.
    func makeContext() throws(HTTPServerError) -> NIOSSLContext {
        let chain = try reading(certificateChain) { try NIOSSLCertificate.fromPEMFile($0) }
        guard !chain.isEmpty else {
            throw .badCertificate(certificateChain, reason: "it holds no certificate")
        }
        let key = try reading(privateKey) { try NIOSSLPrivateKey(file: $0, format: .pem) }
        return try reading(privateKey) { _ in
            var configuration = TLSConfiguration.makeServerConfiguration(
                certificateChain: chain.map { .certificate($0) },
                privateKey: .privateKey(key)
            )
            configuration.minimumTLSVersion = .tlsv12
            configuration.applicationProtocols = ["http/1.1"]
            return try NIOSSLContext(configuration: configuration)
        }
    }

    private func reading<Value>(
        _ path: String,
        _ read: (String) throws -> Value
    ) throws(HTTPServerError) -> Value {
        do { return try read(path) } catch { throw .badCertificate(path, reason: "\(error)") }
    }
}

extension Channel {
    /// Says that all was sent and closes the socket.
    ///
    /// The client's good-bye is not waited for: it could keep a closed connection alive.
    func closeWithGoodbye() {
        if tlsContext != nil { close(mode: .output, promise: nil) }
        closeAbruptly()
    }

    /// Closes the socket without TLS's good-bye, which would say that nothing is missing.
    func closeAbruptly() {
        if let tlsContext { tlsContext.close(promise: nil) } else { close(promise: nil) }
    }

    private var tlsContext: ChannelHandlerContext? {
        try? pipeline.syncOperations.context(handlerType: NIOSSLServerHandler.self)
    }
}

extension Error {
    /// Whether the client closed its socket without TLS's good-bye.
    ///
    /// HTTP's own framing tells whether anything is missing.
    var isUncleanTLSClose: Bool { self as? NIOSSLError == .uncleanShutdown }
}
