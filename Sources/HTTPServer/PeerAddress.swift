import NIOCore

/// An address's literal; an IPv4 address that came in through an IPv6 socket as the IPv4 one.
func peerAddress(_ address: SocketAddress) -> String {
    guard let literal = address.ipAddress else { return "" }
    let mapped = "::ffff:"
    return literal.hasPrefix(mapped) && literal.contains(".")
        ? String(literal.dropFirst(mapped.count)) : literal
}
