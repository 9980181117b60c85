public import GalleryClient
import NIOCore

/// Says what the settings lead to, tries it, and explains what is wrong.
public struct CheckSettings: Sendable {
    private let environment: [String: String]
    private let network: any CheckNetwork
    private let makeStorage: @Sendable (BucketConfiguration) throws -> GalleryStorage
    private let output: CommandOutput

    /// Prepares a check.
    ///
    /// - Parameters:
    ///   - environment: The settings, as variables.
    ///   - network: What resolves names and connects.
    ///   - output: Where the findings are told.
    ///   - makeStorage: Makes the storage of a bucket's settings.
    public init(
        environment: [String: String],
        network: any CheckNetwork = SystemNetwork(),
        output: CommandOutput = .standard,
        makeStorage: @escaping @Sendable (BucketConfiguration) throws -> GalleryStorage = {
            try GalleryStorage($0)
        }
    ) {
        self.environment = environment
        self.network = network
        self.output = output
        self.makeStorage = makeStorage
    }

    /// Checks, telling each finding as it comes.
    ///
    /// - Returns: The exit code: 0 where all is well.
    public func run() async -> Int32 {
        let findings = CheckFindings(output)
        let configuration: GalleryConfiguration
        do {
            configuration = try GalleryConfiguration(environment: environment)
        } catch {
            findings.failed("Settings", error)
            return findings.end()
        }
        switch configuration.place {
        case .folder(let folder): await check(folder, findings)
        case .bucket(let bucket): await check(bucket, findings)
        }
        return findings.end()
    }

    private func check(_ folder: FolderConfiguration, _ findings: CheckFindings) async {
        findings.says("Storage", "the local folder \(folder.path)")
        findings.says("URLs", "\(folder.url)NAME, not signed")
        await CheckProbe(FolderStorage(folder), findings).run()
    }

    private func check(_ bucket: BucketConfiguration, _ findings: CheckFindings) async {
        do {
            let storage = try makeStorage(bucket)
            let check = CheckBucket(bucket, storage, network, findings)
            guard try check.describe(), await check.findCredentials(), await check.reach(),
                await check.find()
            else { return }
            let probe = CheckProbe(storage, findings)
            await probe.run { await check.openURL(of: $0) }
        } catch {
            findings.failed("Settings", error)
        }
    }
}
