/// How the site is served; where its media are is the storage's matter.
public struct SiteSettings: Sendable, Hashable {
    /// Whether a proxy in front speaks https: cookies then go over https alone, and the proxy says
    /// in `X-Forwarded-For` who asks.
    public var isBehindHTTPS: Bool
    /// The folder where uploads lie until they are in the storage.
    public var temporaryFolder: String

    /// How many posts a page of the gallery shows: full rows of two, three, four and six.
    static let postsPerPage = 24
    /// How many posts a page of the admin's list shows.
    static let rowsPerPage = 50

    /// Chooses.
    public init(isBehindHTTPS: Bool = false, temporaryFolder: String = "/tmp") {
        self.isBehindHTTPS = isBehindHTTPS
        self.temporaryFolder = temporaryFolder
    }
}
