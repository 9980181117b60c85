import HTTPServer

extension Refusal {
    /// What to do where a server could not start.
    init(_ error: HTTPServerError) {
        switch error {
        case .portInUse(let host, let port):
            self.init(
                "Port \(port) on \(host) is taken by another program. "
                    + "Stop it, or choose another port with --port (0 takes any that is free)."
            )
        case .notPermitted(let host, let port):
            self.init(
                "Port \(port) on \(host) may not be listened on by this user; those from 1024 may."
            )
        case .noSuchAddress(let host):
            self.init(
                "\(host) is no address of this machine; --host takes 127.0.0.1, ::1, 0.0.0.0, :: "
                    + "or one of its own."
            )
        case .badCertificate(let file, let reason):
            self.init("The PEM file \(file) cannot be used: \(reason).")
        case .cannotBind(let host, let port, let reason):
            self.init("Port \(port) on \(host) cannot be listened on: \(reason).")
        }
    }
}
