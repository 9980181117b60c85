import S3Protocol

// What is said of tenants: in S3's form, though S3 has none.

extension S3Error {
    static let noSuchTenant = S3Error(
        Code(
            404,
            "NoSuchTenant",
            "The specified tenant does not exist: it was dropped, or never made."
        )
    )
    static let tenantAlreadyExists = S3Error(
        Code(409, "TenantAlreadyExists", "There is a tenant of this name.")
    )
    static let accessKeyTaken = S3Error(
        Code(409, "AccessKeyTaken", "There is a tenant that has this access key.")
    )
    static let noSuchSnapshot = S3Error(
        Code(404, "NoSuchSnapshot", "The specified snapshot does not exist.")
    )
    static let tenantIsStandard = S3Error(
        .invalidRequest,
        "The tenant \(Tenant.standardName) is the daemon's own, and is not dropped."
    )
    static let storeOnDisk = S3Error(
        Code(
            409,
            "StoreOnDisk",
            """
            The daemon keeps this store on disk, and neither resets it nor takes snapshots of it: start it with --memory, \
            or make a tenant, which is in memory.
            """
        )
    )

    static func tooMany(_ things: String, _ limit: Int) -> S3Error {
        S3Error(Code(409, "LimitExceeded", "There are \(limit) \(things) already."))
    }
}
