import ArgumentParser
import Daemon

/// The root key of a new tenant, where it is to be a given one.
struct TenantKey: ParsableArguments {
    @Option(help: "The access key ID, instead of one that is made up.")
    var accessKey: String?

    @Option(help: "The secret access key, instead of one that is made up.")
    var secretKey: String?

    /// A tenant of this key.
    func newTenant(_ name: String?) -> Control.NewTenant {
        var new = Control.NewTenant()
        new.name = name
        new.accessKey = accessKey
        new.secretKey = secretKey
        return new
    }
}
