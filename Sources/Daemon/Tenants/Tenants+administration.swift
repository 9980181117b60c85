import HTTPMessage
import S3Protocol
import S3Service

extension Tenants {
    /// Answers what a root key asks below `/_pail/`, of the tenant that the key is of.
    ///
    /// What the key of a tenant may ask, the daemon's own may ask below `tenants/NAME/`.
    ///
    /// - Returns: `nil` for a path that is not there.
    func answer(_ call: AdministrationCall, to name: String) async -> HTTPResponse? {
        let tenant: Tenant
        do throws(S3Error) { tenant = try named(name) } catch {
            return AdministrationError(error).reply.response
        }
        let path = call.path.split(
            separator: "/",
            maxSplits: 2,
            omittingEmptySubsequences: false
        )
        guard tenant === standard, path.count == 3, path[0] == "tenants" else {
            return await AdministrationRouter(tenant, of: self).answer(call)
        }
        var inner = call
        inner.path = String(path[2])
        // A tenant has no tenants.
        guard inner.path.prefix(while: { $0 != "/" }) != "tenants" else { return nil }
        return await answer(inner, to: String(path[1]))
    }
}
