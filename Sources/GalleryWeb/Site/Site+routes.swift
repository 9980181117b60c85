import Hummingbird

extension Site {
    /// Which page answers which request.
    func router() -> Router<SiteContext> {
        let router = Router(context: SiteContext.self, options: [.autoGenerateHeadEndpoints])
        router.add(middleware: RequestLog())
        router.add(middleware: SecurityHeaders(mediaOrigin: place.origin))
        router.add(middleware: ErrorPages(site: self))
        router.get("static/:name", use: assets.respond)
        if case .here(let path) = place {
            let media = MediaPages(storage: storage, base: path)
            router.get("\(path)**", use: media.file)
        }
        router.add(middleware: SessionReader(sessions: sessions, cookies: cookies))
        // Once more, inside: these know who asks. Those outside answer where even that cannot be found out.
        router.add(middleware: ErrorPages(site: self))
        addPublicPages(to: router)
        addAdmin(to: router)
        return router
    }

    private func addPublicPages(to router: Router<SiteContext>) {
        let gallery = GalleryPages(site: self)
        router.get("/", use: gallery.gallery)
        router.get("posts/:id", use: gallery.post)
        let logIn = LogInPages(site: self)
        router.get("admin/login", use: logIn.form)
        router.post("admin/login", use: logIn.logIn)
        router.post("admin/logout", use: logIn.logOut)
    }

    private func addAdmin(to router: Router<SiteContext>) {
        let admin = router.group("admin").add(middleware: LogInRequired())
        let pages = AdminPages(site: self)
        admin.get("/", use: pages.home)
        let posts = admin.group("gallery/post")
        posts.get("/", use: pages.posts)
        posts.get("add", use: pages.addForm)
        posts.post("add", use: pages.add)
        posts.get(":id/delete", use: pages.deleteForm)
        posts.post(":id/delete", use: pages.delete)
        let change = ChangePages(site: self)
        posts.get(":id/change", use: change.form)
        posts.post(":id/change", use: change.change)
    }
}

extension MediaPlace {
    fileprivate var origin: String? {
        guard case .elsewhere(let origin) = self else { return nil }
        return origin
    }
}
