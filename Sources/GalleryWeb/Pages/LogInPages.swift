import HTTPTypes
import Hummingbird
import Logging

/// The way into the admin and out of it.
struct LogInPages: Sendable {
    let site: Site

    private static let home = "/admin/"
    private static let refused =
        "Please enter a correct username and password. Note that both fields may be case-sensitive."

    /// `GET /admin/login/`: the form.
    func form(_ request: Request, _ context: SiteContext) async throws -> Response {
        let next = request.uri.queryParameters["next"].map(String.init)
        let path = LocalPath.check(next, orElse: Self.home)
        guard context.session == nil else { return .seeOther(path) }
        return try await show(request, context, next: path)
    }

    /// `POST /admin/login/`: checks name and password.
    func logIn(_ request: Request, _ context: SiteContext) async throws -> Response {
        let fields = try await FormFields(request, context: context)
        guard let browser = site.cookies.form(of: request) else {
            throw HTTPError(
                .forbidden,
                message:
                    "Your browser sent no cookie. Allow cookies for this site, load the form again, and repeat."
            )
        }
        try browser.require(formToken: fields["csrf"])
        let name = PasswordRules.cut(name: fields["username"])
        let peer = request.peer(in: context, settings: site.settings)
        if let seconds = try await site.limits.begin(name, from: peer) {
            return try await refuse(request, context, fields, seconds: seconds)
        }
        let user = try await site.users.user(named: name)
        let isRight = try await site.hasher.verify(fields["password"], against: user?.password)
        guard let user, isRight else {
            context.logger.notice("A log-in was refused", metadata: ["peer": "\(peer)"])
            return try await show(
                request,
                context,
                fields,
                error: Self.refused,
                .unprocessableContent
            )
        }
        try await site.limits.succeeded(name, from: peer)
        return try await begin(for: user, fields, context)
    }

    /// `POST /admin/logout/`: ends the session.
    func logOut(_ request: Request, _ context: SiteContext) async throws -> Response {
        var response = Response.seeOther("/")
        if let session = context.session {
            let fields = try await FormFields(request, context: context)
            try session.token.require(formToken: fields["csrf"])
            try await site.sessions.end(session)
        }
        site.cookies.clearSession(in: &response)
        return response
    }

    private func begin(
        for user: User,
        _ fields: FormFields,
        _ context: SiteContext
    ) async throws -> Response {
        if let old = context.session { try await site.sessions.end(old) }
        let token = try await site.sessions.begin(for: user)
        var response = Response.seeOther(LocalPath.check(fields["next"], orElse: Self.home))
        site.cookies.setSession(token, in: &response)
        return response
    }

    private func refuse(
        _ request: Request,
        _ context: SiteContext,
        _ fields: FormFields,
        seconds: Int64
    ) async throws -> Response {
        let minutes = (seconds + 59) / 60
        let wait = minutes == 1 ? "a minute" : "\(minutes) minutes"
        let error = "Too many attempts. Try again in \(wait)."
        var response = try await show(request, context, fields, error: error, .tooManyRequests)
        response.headers[.retryAfter] = String(seconds)
        return response
    }

    private func show(
        _ request: Request,
        _ context: SiteContext,
        _ fields: FormFields,
        error: String,
        _ status: HTTPResponse.Status
    ) async throws -> Response {
        try await show(
            request,
            context,
            next: LocalPath.check(fields["next"], orElse: Self.home),
            name: fields["username"],
            error: error,
            status
        )
    }

    private func show(
        _ request: Request,
        _ context: SiteContext,
        next: String,
        name: String = "",
        error: String? = nil,
        _ status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let known = site.cookies.form(of: request)
        let browser = known ?? SecretToken(from: site.random)
        let view = LogInView(
            page: try await site.frame("Log in – Gallery", context),
            formToken: browser.formToken,
            next: next,
            username: name,
            error: error
        )
        var response = site.renderer.response(.logIn, view, status: status)
        response.headers[.cacheControl] = "no-store"
        if known == nil { site.cookies.setForm(browser, in: &response) }
        return response
    }
}
