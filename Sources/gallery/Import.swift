import ArgumentParser
import GalleryClient
import GalleryWeb

/// `gallery import`: uploads a folder of media, as the tutorial does by drag and drop.
struct Import: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Upload a folder of media to where the settings lead.",
        discussion: """
            Files keep their names below the folder: `gallery import media` makes images/cat.jpg of \
            media/images/cat.jpg. What is stored already is left as it is, so an import that was \
            stopped goes on where it was. The database is not touched.
            """
    )

    @Argument(help: "The folder to upload, such as media.")
    var folder: String

    @Option(help: "A folder of the storage to put everything into.")
    var under = ""

    func run() async throws {
        let configuration = try GalleryConfiguration(environment: environment)
        let partSize =
            switch configuration.place {
            case .bucket(let bucket): bucket.partSize
            case .folder: BucketConfiguration.defaultPartSize
            }
        let storage = try await configuration.storage()
        let work = ImportFolder(folder, into: storage, under: under, partSize: partSize)
        let report = try await work.run()
        guard report.exitCode == 0 else { throw ExitCode(report.exitCode) }
    }
}
