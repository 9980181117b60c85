import HTTPTypes
import Hummingbird

/// The two cookies of the site: who has logged in, and which browser a log-in form was given to.
struct SiteCookies: Sendable {
    let isBehindHTTPS: Bool

    /// The browser promises of a name that begins so that no other host could have set it.
    private var prefix: String { isBehindHTTPS ? "__Host-" : "" }
    private var sessionName: String { prefix + "gallery_session" }
    private var formName: String { prefix + "gallery_form" }

    func session(of request: Request) -> SecretToken? { token(sessionName, request) }

    /// Which browser asks, where nobody has logged in yet.
    func form(of request: Request) -> SecretToken? { token(formName, request) }

    func setSession(_ token: SecretToken, in response: inout Response) {
        set(sessionName, token.text, lasting: Sessions.lifetime, in: &response)
    }

    func clearSession(in response: inout Response) {
        set(sessionName, "", lasting: 0, in: &response)
    }

    func setForm(_ token: SecretToken, in response: inout Response) {
        set(formName, token.text, lasting: nil, in: &response)
    }

    private func token(_ name: String, _ request: Request) -> SecretToken? {
        request.cookies[name].flatMap { SecretToken($0.value) }
    }

    private func set(
        _ name: String,
        _ value: String,
        lasting seconds: Int64?,
        in response: inout Response
    ) {
        let age = seconds.map { "; Max-Age=\($0)" } ?? ""
        let secure = isBehindHTTPS ? "; Secure" : ""
        let cookie = "\(name)=\(value); Path=/; HttpOnly; SameSite=Lax\(age)\(secure)"
        response.headers.append(HTTPField(name: .setCookie, value: cookie))
    }
}
