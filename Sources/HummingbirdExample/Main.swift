import FoundationEssentials
import GalleryClient
import Hummingbird
import NIOCore

/// A server of thirty lines that keeps what is uploaded to it in a folder, in Pail or in S3.
///
///     swift run HummingbirdExample
///     curl --data-binary @cat.jpg http://127.0.0.1:8080/files/cat.jpg
///     curl --location http://127.0.0.1:8080/files/cat.jpg --output back.jpg
///
/// The variables that choose the storage are those of the gallery: see docs/gallery.md.
@main
struct Example {
    /// An upload is held in memory here, so it may not be large.
    static let largestUpload = 10 << 20

    static func main() async throws {
        let environment = ProcessInfo.processInfo.environment
        let configuration = try GalleryConfiguration(environment: environment)
        let storage = try await configuration.storage()
        let port = environment["PORT"].flatMap { Int($0) } ?? 8080
        let application = Application(
            router: router(storage),
            configuration: ApplicationConfiguration(address: .hostname("127.0.0.1", port: port))
        )
        try await application.runService()
    }

    static func router(_ storage: any MediaStorage) -> Router<BasicRequestContext> {
        let router = Router()
        // A name that is taken gets another; the answer says which.
        router.post("files/:name") { request, context in
            let name = try MediaName.clean(upload: context.parameters.require("name"))
            let body = try await request.body.collect(upTo: largestUpload)
            return try await storage.save(.bytes(body), named: name).name + "\n"
        }
        // The bytes go from the storage to the browser, past this server.
        router.get("files/:name") { _, context in
            let name = try context.parameters.require("name")
            return Response.redirect(to: try storage.url(for: name), type: .temporary)
        }
        return router
    }
}
