import HTTPTypes

extension HTTPField.Name {
    static let xForwardedFor = Self(known: "X-Forwarded-For")
    static let xFrameOptions = Self(known: "X-Frame-Options")
    static let referrerPolicy = Self(known: "Referrer-Policy")
    static let crossOriginOpenerPolicy = Self(known: "Cross-Origin-Opener-Policy")

    /// A name that is written right, in this file.
    private init(known name: String) {
        guard let name = Self(name) else { preconditionFailure("\(name) is no header's name") }
        self = name
    }
}
