import NIOCore
import NIOPosix

#if canImport(Glibc)
import Glibc
#elseif canImport(Musl)
import Musl
#else
import Darwin
#endif

/// Why a server could not start.
public enum HTTPServerError: Error, Hashable, Sendable {
    /// Somebody else listens on the port.
    case portInUse(host: String, port: Int)
    /// The process may not listen on the port; those below 1024 belong to root.
    case notPermitted(host: String, port: Int)
    /// The host is no address of this machine, or no name of one.
    case noSuchAddress(host: String)
    /// A PEM file cannot be read or used.
    case badCertificate(String, reason: String)
    /// Anything else, in the system's words.
    case cannotBind(host: String, port: Int, reason: String)

    /// What a failure to bind means.
    init(_ error: any Error, binding host: String, _ port: Int) {
        switch (error as? IOError)?.errnoCode {
        case EADDRINUSE?: self = .portInUse(host: host, port: port)
        case EACCES?, EPERM?: self = .notPermitted(host: host, port: port)
        case EADDRNOTAVAIL?: self = .noSuchAddress(host: host)
        default:
            self =
                error is SocketAddressError.UnknownHost
                ? .noSuchAddress(host: host)
                : .cannotBind(host: host, port: port, reason: "\(error)")
        }
    }
}
