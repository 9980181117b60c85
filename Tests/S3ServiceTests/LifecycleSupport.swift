import NIOHTTP1
import ObjectStore
import S3Protocol
import Testing

/// A day of seconds.
let lifecycleDay: Int64 = 24 * 60 * 60

extension TestS3 {
    /// Puts a lifecycle of these rules on `photos`.
    func setLifecycle(_ rules: String, headers: HTTPHeaders = [:]) async -> Reply {
        await send(
            .PUT,
            "/photos?lifecycle",
            "<LifecycleConfiguration>\(rules)</LifecycleConfiguration>",
            headers: headers
        )
    }

    /// Turns the clock on and does what is due then.
    @discardableResult
    func pass(days: Int64) async -> LifecycleReport {
        time.advance(bySeconds: days * lifecycleDay)
        return await store.runLifecycles()
    }

    func keepVersions(_ status: String = "Enabled") async {
        let document =
            "<VersioningConfiguration><Status>\(status)</Status></VersioningConfiguration>"
        let reply = await send(.PUT, "/photos?versioning", document)
        #expect(reply.status == 200)
    }

    func keys() async -> [String] {
        await send(.GET, "/photos?list-type=2").all("Key")
    }

    func put(
        _ key: String,
        _ body: String = "x",
        headers: HTTPHeaders = [:]
    ) async -> Reply {
        await send(.PUT, "/photos/\(key)", body, headers: headers)
    }
}

func rule(_ actions: String, id: String = "r", filter: String = "") -> String {
    "<Rule><ID>\(id)</ID><Filter>\(filter)</Filter><Status>Enabled</Status>\(actions)</Rule>"
}

let oneDay = "<Expiration><Days>1</Days></Expiration>"

func days(_ count: Int) -> String { "<Expiration><Days>\(count)</Days></Expiration>" }
