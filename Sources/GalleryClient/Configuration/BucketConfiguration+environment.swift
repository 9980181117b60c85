import S3Client

extension BucketConfiguration {
    /// Reads the settings of an environment, named as django-storages and the AWS CLI name them.
    ///
    /// | variable | meaning, and what holds where it is not set |
    /// |---|---|
    /// | `AWS_STORAGE_BUCKET_NAME` | the bucket; must be set |
    /// | `AWS_S3_REGION_NAME`, `AWS_REGION`, `AWS_DEFAULT_REGION` | the region; the profile's, or `us-east-1` |
    /// | `AWS_S3_ENDPOINT_URL`, `AWS_ENDPOINT_URL_S3`, `AWS_ENDPOINT_URL` | the server; Amazon's |
    /// | `AWS_S3_PUBLIC_ENDPOINT_URL` | the server as browsers reach it; the same |
    /// | `AWS_S3_ADDRESSING_STYLE` | `auto`, `virtual` or `path`; `auto` |
    /// | `AWS_S3_CUSTOM_DOMAIN`, `AWS_S3_URL_PROTOCOL` | a host that shows the bucket's content, and `https:` or `http:` |
    /// | `AWS_LOCATION` | a folder of the bucket; its top |
    /// | `AWS_S3_FILE_OVERWRITE` | whether a name that is taken is overwritten; `False` |
    /// | `AWS_DEFAULT_ACL` | a canned ACL; none |
    /// | `AWS_QUERYSTRING_AUTH`, `AWS_QUERYSTRING_EXPIRE` | whether URLs are signed, for how many seconds; `True`, 3600 |
    /// | `AWS_S3_OBJECT_PARAMETERS` | JSON with `CacheControl`, `ContentDisposition`, `StorageClass`, `ACL` |
    /// | `AWS_IS_GZIPPED`, `GZIP_CONTENT_TYPES` | whether, and which types (with commas) are stored compressed; `False` |
    /// | `AWS_S3_MULTIPART_THRESHOLD`, `AWS_S3_MULTIPART_CHUNKSIZE` | bytes; 8388608 |
    /// | `AWS_CA_BUNDLE` | a file of further trusted certificates |
    /// | `AWS_S3_ACCESS_KEY_ID`, `AWS_S3_SECRET_ACCESS_KEY` | a key pair for the media alone |
    /// | `AWS_S3_SESSION_PROFILE` | a profile of the AWS CLI, whose key signs whatever `AWS_ACCESS_KEY_ID` says; the one that `AWS_PROFILE` names |
    /// | `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY`, `AWS_SESSION_TOKEN`, `AWS_PROFILE`, ... | as AWS's tools have them |
    ///
    /// One default differs from django-storages': nothing is overwritten unless `AWS_S3_FILE_OVERWRITE` says so.
    ///
    /// - Throws: ``StorageError`` of the kind ``StorageError/Kind/configuration``, which names the variable and what it may be.
    public init(environment: [String: String]) throws(StorageError) {
        let settings = EnvironmentSettings(environment)
        guard let bucket = settings.text("AWS_STORAGE_BUCKET_NAME") else {
            throw StorageError(
                .configuration,
                message: "AWS_STORAGE_BUCKET_NAME is not set.",
                advice: "Set it to the bucket's name."
            )
        }
        self.init(bucket: bucket)
        self.environment = environment
        try readPlace(settings)
        try readURLs(settings)
        try readSaving(settings)
        try readParts(settings)
        credentials = try Self.ownCredentials(settings)
    }

    private mutating func readPlace(_ settings: EnvironmentSettings) throws(StorageError) {
        region = settings.text("AWS_S3_REGION_NAME", "AWS_REGION", "AWS_DEFAULT_REGION")
        addressing = try settings.choice("AWS_S3_ADDRESSING_STYLE", default: .auto)
        endpoint = settings.text(
            "AWS_S3_ENDPOINT_URL",
            "AWS_ENDPOINT_URL_S3",
            "AWS_ENDPOINT_URL"
        )
        publicEndpoint = settings.text("AWS_S3_PUBLIC_ENDPOINT_URL")
        profile = settings.text("AWS_S3_SESSION_PROFILE")
        trustedCertificates = settings.text("AWS_CA_BUNDLE")
        location = try Self.location(settings.text("AWS_LOCATION") ?? "")
        try checkEndpoint("AWS_S3_ENDPOINT_URL", endpoint)
        try checkEndpoint("AWS_S3_PUBLIC_ENDPOINT_URL", publicEndpoint)
    }

    private func checkEndpoint(_ name: String, _ url: String?) throws(StorageError) {
        do {
            _ = try S3Endpoint(region: region ?? "", url: url).resolve(bucket: bucket)
        } catch {
            throw StorageError(
                .configuration,
                code: error.code,
                message: url.map { "\(name) is \(MediaName.quoted($0)). \(error.message)" }
                    ?? error.message,
                advice: error.advice
            )
        }
    }

    private static func location(_ text: String) throws(StorageError) -> String {
        let bare = text.hasSuffix("/") ? String(text.dropLast()) : text
        if bare.isEmpty && text.isEmpty { return "" }
        do {
            try MediaName.validate(bare)
        } catch {
            let advice = "It must be a folder's name such as media, without a slash before it."
            throw EnvironmentSettings.wrong("AWS_LOCATION", text, advice)
        }
        return bare
    }

    private mutating func readURLs(_ settings: EnvironmentSettings) throws(StorageError) {
        signsURLs = try settings.bool("AWS_QUERYSTRING_AUTH", default: true)
        let lifetimes = Int64(Self.urlLifetimes.lowerBound)...Int64(Self.urlLifetimes.upperBound)
        urlLifetime = Int(
            try settings.integer("AWS_QUERYSTRING_EXPIRE", in: lifetimes, default: 3600)
        )
        let scheme: URLScheme = try settings.choice("AWS_S3_URL_PROTOCOL", default: .https)
        urlScheme = scheme.rawValue.filter(\.isLetter)
        customDomain = settings.text("AWS_S3_CUSTOM_DOMAIN")
        if let domain = customDomain, !Self.isDomain(domain) {
            throw EnvironmentSettings.wrong(
                "AWS_S3_CUSTOM_DOMAIN",
                domain,
                "It must be a host such as media.example.com, without https:// and without a slash at its end."
            )
        }
    }

    /// As django-storages has them.
    private enum URLScheme: String, CaseIterable {
        case https = "https:"
        case http = "http:"
    }

    /// A host, with a port and folders where it has them.
    private static func isDomain(_ text: String) -> Bool {
        !text.hasPrefix("/") && !text.hasSuffix("/") && !text.contains("//")
            && text.utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                    UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: ".-_~:/[]%".utf8.contains(byte)
                }
            }
    }

    private mutating func readSaving(_ settings: EnvironmentSettings) throws(StorageError) {
        overwrites = try settings.bool("AWS_S3_FILE_OVERWRITE", default: false)
        gzips = try settings.bool("AWS_IS_GZIPPED", default: false)
        if let types = settings.text("GZIP_CONTENT_TYPES") {
            gzipTypes = Set(types.split { ", ".contains($0) }.map { $0.lowercased() })
        }
        try readObjectParameters(settings)
        // Django's `None`, written into a file of settings, is a word there.
        if let acl = settings.text("AWS_DEFAULT_ACL"), acl != "None" { defaultACL = acl }
    }

    private mutating func readParts(_ settings: EnvironmentSettings) throws(StorageError) {
        multipartThreshold = try settings.integer(
            "AWS_S3_MULTIPART_THRESHOLD",
            in: Self.partSizes,
            default: Self.defaultPartSize
        )
        partSize = try settings.integer(
            "AWS_S3_MULTIPART_CHUNKSIZE",
            in: Self.partSizes,
            default: Self.defaultPartSize
        )
    }

    private static func ownCredentials(
        _ settings: EnvironmentSettings
    ) throws(StorageError) -> GalleryCredentials? {
        let names = ("AWS_S3_ACCESS_KEY_ID", "AWS_S3_SECRET_ACCESS_KEY")
        switch (settings.text(names.0), settings.text(names.1)) {
        case (nil, nil): return nil
        case (.some, .some) where settings.text("AWS_S3_SESSION_PROFILE") != nil:
            throw StorageError(
                .configuration,
                message: "AWS_S3_SESSION_PROFILE is set, and so is \(names.0).",
                advice: "Unset one of them: both say whose key signs."
            )
        case (let key?, let secret?):
            return GalleryCredentials(
                accessKey: key,
                secret: secret,
                sessionToken: settings.text("AWS_SESSION_TOKEN")
            )
        default:
            throw StorageError(
                .configuration,
                message: "\(names.0) and \(names.1) must both be set, or neither."
            )
        }
    }
}
