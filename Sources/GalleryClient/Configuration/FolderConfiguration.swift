/// A folder on this machine that holds media, and where a web server shows it.
public struct FolderConfiguration: Sendable, Hashable {
    /// Where Django's tutorial keeps its media.
    public static let defaultPath = "media"
    /// Where Django's tutorial shows its media.
    public static let defaultURL = "/media/"

    /// The folder; made when the first file is saved.
    public var path: String
    /// What URLs begin with: a path on the same host, or a whole URL; with a slash at its end.
    public var url: String
    /// Whether a save without a policy of its own replaces what has the name.
    public var overwrites: Bool

    /// Chooses.
    public init(path: String = defaultPath, url: String = defaultURL, overwrites: Bool = false) {
        self.path = path
        self.url = url.hasSuffix("/") ? url : url + "/"
        self.overwrites = overwrites
    }

    /// Reads `MEDIA_ROOT` (``defaultPath``) and `MEDIA_URL` (``defaultURL``).
    ///
    /// [Django's settings](https://docs.djangoproject.com/en/stable/ref/settings/#media-root)
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/configuration``.
    public init(environment: [String: String]) throws(StorageError) {
        let settings = EnvironmentSettings(environment)
        let url = settings.text("MEDIA_URL") ?? Self.defaultURL
        guard url.hasPrefix("/") || url.hasPrefix("http://") || url.hasPrefix("https://"),
            !url.utf8.contains(where: { $0 <= 0x20 || $0 == 0x7F })
        else {
            throw EnvironmentSettings.wrong(
                "MEDIA_URL",
                url,
                "It must be a path such as /media/, or begin with http:// or https://."
            )
        }
        self.init(path: settings.text("MEDIA_ROOT") ?? Self.defaultPath, url: url)
    }
}
