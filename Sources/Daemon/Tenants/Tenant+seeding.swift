import Instruments
import Logging
import ObjectStore
import S3Protocol
import S3Service

extension Tenant {
    /// Puts the folder at a path into the tenant's store, over what has the same keys.
    ///
    /// - Throws: ``Refusal`` that names what cannot be put.
    @discardableResult
    package func seed(
        folder path: String,
        _ configuration: DaemonConfiguration
    ) async throws(Refusal) -> SeedReport {
        try await seed(try SeedFolder(path), .everything, configuration)
    }

    /// Puts a folder into the tenant's store; what it is then is what a reset goes back to.
    ///
    /// - Throws: ``Refusal`` that names what cannot be put.
    func seed(
        _ folder: SeedFolder,
        _ extent: Seeder.Extent,
        _ configuration: DaemonConfiguration
    ) async throws(Refusal) -> SeedReport {
        let world = world
        let seeder = Seeder(
            store: world.store,
            service: world.service,
            root: credentials.credential,
            configuration: configuration,
            time: instruments.clock
        )
        let report = try await seeder.seed(folder, extent)
        do { try keepAsSeed() } catch { throw Refusal(error) }
        return report
    }
}

extension SeedReport {
    var metadata: Logger.Metadata {
        [
            "buckets": "\(buckets.joined(separator: " "))", "objects": "\(objects)",
            "bytes": "\(bytes)", "skipped": "\(skipped.joined(separator: " "))",
        ]
    }
}
