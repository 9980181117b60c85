import GalleryClient
import Glibc

/// What a check of the settings asks of the network.
public protocol CheckNetwork: Sendable {
    /// The addresses of a host.
    ///
    /// - Throws: `StorageError` where it has none.
    func addresses(of host: String) async throws -> [String]

    /// Opens a connection and closes it.
    ///
    /// - Throws: `StorageError` where nobody listens.
    func connect(to host: String, port: Int) async throws
}

/// The machine's own network.
public struct SystemNetwork: CheckNetwork {
    /// How long a connection is waited for: what takes longer fails a web page too.
    static let connectMilliseconds: CInt = 5000
    private static let threads = BlockingThreads("check", count: 1)

    /// Uses the machine's network.
    public init() {}

    /// The addresses of a host, as the system resolves them.
    public func addresses(of host: String) async throws -> [String] {
        try await Self.threads.run {
            var found: [String] = []
            try unsafe Self.forEachAddress(of: host, port: 0) { address in
                var name = [CChar](repeating: 0, count: Int(NI_MAXHOST))
                let (size, length) = unsafe (socklen_t(name.count), address.ai_addrlen)
                let result = unsafe name.withUnsafeMutableBufferPointer {
                    unsafe getnameinfo(
                        address.ai_addr,
                        length,
                        $0.baseAddress,
                        size,
                        nil,
                        0,
                        NI_NUMERICHOST
                    )
                }
                if result == 0 {
                    let text = name.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
                    found.append(String(decoding: text, as: UTF8.self))
                }
                return false
            }
            return found
        }
    }

    /// Connects to the first address that answers.
    public func connect(to host: String, port: Int) async throws {
        try await Self.threads.run {
            var isOpen = false
            try unsafe Self.forEachAddress(of: host, port: port) { address in
                isOpen = unsafe Self.opens(address)
                return isOpen
            }
            guard isOpen else {
                throw StorageError(
                    .unavailable,
                    message: "Nobody listens at \(host), port \(port)."
                )
            }
        }
    }

    /// Goes through the addresses of a host until a closure has enough.
    private static func forEachAddress(
        of host: String,
        port: Int,
        _ body: (addrinfo) -> Bool
    ) throws(StorageError) {
        var hints = unsafe addrinfo()
        unsafe hints.ai_socktype = CInt(SOCK_STREAM.rawValue)
        var list: UnsafeMutablePointer<addrinfo>?
        let result = unsafe getaddrinfo(host, String(port), &hints, &list)
        guard result == 0 else {
            let reason = unsafe String(cString: gai_strerror(result))
            throw StorageError(.unavailable, message: "\(host) has no address: \(reason).")
        }
        defer { unsafe freeaddrinfo(list) }
        var next = unsafe list
        while let address = unsafe next {
            if unsafe body(address.pointee) { return }
            unsafe next = unsafe address.pointee.ai_next
        }
    }

    @unsafe private static func opens(_ address: addrinfo) -> Bool {
        let kind = CInt(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        let descriptor = unsafe socket(address.ai_family, kind, 0)
        guard descriptor >= 0 else { return false }
        defer { close(descriptor) }
        if unsafe Glibc.connect(descriptor, address.ai_addr, address.ai_addrlen) == 0 {
            return true
        }
        guard errno == EINPROGRESS else { return false }
        var waiting = pollfd(fd: descriptor, events: Int16(POLLOUT), revents: 0)
        guard unsafe poll(&waiting, 1, connectMilliseconds) == 1 else { return false }
        var (failure, size) = (CInt(0), socklen_t(MemoryLayout<CInt>.size))
        return unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &failure, &size) == 0
            && failure == 0
    }
}
