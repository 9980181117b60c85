public import Digests
public import GalleryClient
import Hummingbird
public import S3Protocol

/// The gallery: its pages over a database and a storage.
public struct Site: Sendable {
    let settings: SiteSettings
    let posts: Posts
    let users: Users
    let sessions: Sessions
    let limits: LogInLimits
    let hasher: PasswordHasher
    let saving: PostSaving
    let pictures: Pictures
    let place: MediaPlace
    let storage: any MediaStorage
    let random: any RandomSource
    let cookies: SiteCookies
    let assets = Assets()
    let renderer: PageRenderer

    /// Puts the site together.
    ///
    /// - Throws: ``SiteError`` where the database is not migrated, `StorageError` where the storage cannot make URLs.
    public init(
        database: GalleryDatabase,
        storage: any MediaStorage,
        settings: SiteSettings = SiteSettings(),
        time: any TimeSource = SystemTime(),
        random: any RandomSource = SystemRandom()
    ) throws {
        try self.init(
            database: database,
            storage: storage,
            workshop: ImagingWorkshop(),
            settings: settings,
            time: time,
            random: random,
            hasher: PasswordHasher(random: random)
        )
    }

    init(
        database: GalleryDatabase,
        storage: any MediaStorage,
        workshop: any PictureWorkshop,
        settings: SiteSettings,
        time: any TimeSource,
        random: any RandomSource,
        hasher: PasswordHasher
    ) throws {
        try database.checkMigrated()
        place = try MediaPlace(of: storage)
        renderer = try PageRenderer()
        self.settings = settings
        self.storage = storage
        self.random = random
        self.hasher = hasher
        posts = Posts(database: database)
        users = Users(database: database)
        sessions = Sessions(database: database, time: time, random: random)
        limits = LogInLimits(database: database, time: time)
        saving = PostSaving(posts: posts, storage: storage, workshop: workshop, time: time)
        pictures = Pictures(storage: storage, workshop: workshop)
        cookies = SiteCookies(isBehindHTTPS: settings.isBehindHTTPS)
    }
}

// MARK: What pages have in common

extension Site {
    /// What a page has beside its own; a message that it shows is shown once.
    func frame(_ title: String, _ context: SiteContext) async throws -> PageFrame {
        if let session = context.session, session.message != nil {
            try await sessions.leave(nil, for: session)
        }
        return frame(title, context.session, message: context.session?.message)
    }

    func frame(_ title: String, _ session: Session?, message: String? = nil) -> PageFrame {
        PageFrame(
            title: title,
            version: assets.version,
            user: session?.userName,
            formToken: session?.token.formToken ?? "",
            message: message
        )
    }

    /// The page of posts that a query names.
    ///
    /// - Throws: `HTTPError` with 404 where there is no such page.
    func page(of request: Request, size: Int) async throws -> PostPage {
        let wanted = request.uri.queryParameters["page"].map(String.init)
        guard let number = Int(wanted ?? "1"),
            let page = try await posts.page(number, size: size)
        else { throw HTTPError(.notFound) }
        return page
    }

    /// The post that a path names.
    ///
    /// - Throws: `HTTPError` with 404 where there is no such post.
    func post(of context: SiteContext) async throws -> Post {
        guard let id = context.parameters.get("id", as: Int64.self),
            let post = try await posts.post(id)
        else { throw HTTPError(.notFound) }
        return post
    }
}
