import Digests
import GalleryClient
import Hummingbird
import HummingbirdTesting
import Logging
import S3Protocol

@testable import GalleryWeb

/// A whole site in memory, with one user and a clock that a test turns.
struct TestSite: Sendable {
    let site: Site
    let database: GalleryDatabase
    let storage: MemoryStorage
    let time: ManualTime

    static let user = "keeper"
    static let password = "a-password-of-the-tests"
    /// A cost that tests can pay many times.
    static let cheap = PasswordHash.Cost(rounds: 16, blockSize: 1, lanes: 1)

    init(
        storage: MemoryStorage = MemoryStorage(),
        settings: SiteSettings = SiteSettings()
    ) async throws {
        let random = SeededRandom(seed: 7)
        let hasher = PasswordHasher(random: random, cost: Self.cheap)
        time = ManualTime(Timestamp(seconds: 1_700_000_000))
        database = try GalleryDatabase()
        try database.migrate()
        self.storage = storage
        try await SuperuserCreation(database, time: time, hasher: hasher)
            .create(name: Self.user, password: Self.password)
        site = try Site(
            database: database,
            storage: storage,
            workshop: TextWorkshop(),
            settings: settings,
            time: time,
            random: random,
            hasher: hasher
        )
    }

    /// Lets a new browser use the site.
    func browse(_ work: @escaping @Sendable (Browser) async throws -> Void) async throws {
        let quiet = Logger(label: "gallery") { _ in SwiftLogNoOpLogHandler() }
        try await Application(router: site.router(), logger: quiet).test(.router) { client in
            try await work(Browser(client))
        }
    }

    /// Lets a browser that has logged in use the site.
    func browseLoggedIn(_ work: @escaping @Sendable (Browser) async throws -> Void) async throws {
        try await browse { browser in
            try await browser.logIn()
            try await work(browser)
        }
    }

    /// Adds a post without the site's forms.
    @discardableResult
    func add(_ title: String, image: String? = nil) async throws -> Post {
        let name = image ?? "images/\(title).jpg"
        storage.put(name, TextWorkshop.picture())
        for variant in PictureVariant.allCases { storage.put("\(name).\(variant)", [1]) }
        let image = StoredImage(name: name, width: 2000, height: 1000)
        return try await site.posts.add(title: title, image: image, at: time.now())
    }
}
