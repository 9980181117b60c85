import GalleryClient

/// Finds out where browsers get the pictures from.
struct Pictures: Sendable {
    let storage: any MediaStorage
    let workshop: any PictureWorkshop

    /// The URLs of an image in its sizes, signed where the storage signs them.
    ///
    /// - Throws: `StorageError` where the storage is not configured to make URLs.
    func links(to image: StoredImage) throws -> PictureLinks {
        let small = try url(.small, of: image)
        let large = try url(.large, of: image)
        var sources = [(small, PictureVariant.small.width(of: image))]
        let largeWidth = PictureVariant.large.width(of: image)
        // A picture that was small already is the same in both sizes.
        if largeWidth > sources[0].1 { sources.append((large, largeWidth)) }
        let original = try storage.url(for: image.name)
        return PictureLinks(small: small, large: large, original: original, sources: sources)
    }

    private func url(_ variant: PictureVariant, of image: StoredImage) throws -> String {
        try storage.url(for: workshop.name(of: variant, for: image.name))
    }
}

/// Where an image's sizes are.
struct PictureLinks: Sendable {
    let small: String
    let large: String
    let original: String
    /// The sizes with their widths, as a `srcset` attribute names them.
    let srcset: String

    init(small: String, large: String, original: String, sources: [(url: String, width: Int)]) {
        self.small = small
        self.large = large
        self.original = original
        // A comma inside a URL would begin the next one.
        srcset = sources.map { url, width in
            "\(url.split(separator: ",", omittingEmptySubsequences: false).joined(separator: "%2C")) \(width)w"
        }.joined(separator: ", ")
    }
}

/// Where a storage's URLs lead.
enum MediaPlace: Hashable, Sendable {
    /// To this site, under a path that ends with a slash.
    case here(path: String)
    /// To another origin, such as `https://bucket.s3.us-east-2.amazonaws.com`.
    case elsewhere(origin: String)

    /// Finds out by one URL.
    ///
    /// - Throws: `StorageError` where the storage cannot make URLs; ``SiteError`` where the site has no room for them.
    init(of storage: any MediaStorage) throws {
        let probe = "probe.jpg"
        let url = try storage.url(for: probe)
        if url.hasPrefix("/"), !url.hasPrefix("//"), url.hasSuffix("/" + probe) {
            let path = String(url.dropLast(probe.count))
            guard !["/", "/admin/", "/posts/", "/static/"].contains(path) else {
                throw SiteError(
                    "MEDIA_URL is \(path), which the site needs itself: choose /media/."
                )
            }
            self = .here(path: path)
            return
        }
        let parts = url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 4, ["http:", "https:"].contains(parts[0]), parts[1].isEmpty,
            !parts[2].isEmpty
        else { throw SiteError("The storage's URLs, such as \(url), lead nowhere.") }
        self = .elsewhere(origin: parts[0...2].joined(separator: "/"))
    }
}
