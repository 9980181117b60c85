/// Whether programs on this machine find names such as `photos.s3.localhost`.
///
/// Browsers and curl know by themselves that they are this machine. The C library, and so Python and
/// most SDKs, asks whom `/etc/nsswitch.conf` names. It is read here instead of looking up a name,
/// since without a network a look-up may take many seconds.
enum LocalNames {
    /// What the machine's own files say.
    static var resolve: Bool {
        resolve(
            nsswitch: (try? FileText.read("/etc/nsswitch.conf", limit: 1 << 16)) ?? "",
            resolver: (try? FileText.read("/etc/resolv.conf", limit: 1 << 16)) ?? ""
        )
    }

    /// What the files of a machine say: `nss-myhostname` and `systemd-resolved` know the names.
    static func resolve(nsswitch: String, resolver: String) -> Bool {
        let services = nsswitch.split(whereSeparator: \.isNewline)
            .map { $0.prefix { $0 != "#" }.split(whereSeparator: \.isWhitespace) }
            .filter { $0.first == "hosts:" }
            .flatMap { $0.dropFirst() }
        if services.contains("myhostname") || services.contains("resolve") { return true }
        return resolver.split(whereSeparator: \.isNewline)
            .map { $0.split(whereSeparator: \.isWhitespace) }
            .contains(["nameserver", "127.0.0.53"])
    }

    /// What to do where the names do not resolve.
    static let advice = """
        Names under s3.localhost are found by browsers and curl, but not by the C library of this
        machine, so not by Python. To address buckets as hosts, install what finds them
            sudo apt install libnss-myhostname
        or name each bucket in /etc/hosts
            127.0.0.1 s3.localhost photos.s3.localhost
        Until then use the IP address: SDKs then put the bucket into the path by themselves.
        """
}
