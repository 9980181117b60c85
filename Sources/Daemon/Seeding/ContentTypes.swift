/// The content type that the AWS CLI gives a file by its name.
///
/// It asks [Python's table](https://docs.python.org/3/library/mimetypes.html), whose rules these are: the last extension
/// decides, but for one that names a compression, which is left out first. Where the table has none, nothing is said, and S3
/// takes `binary/octet-stream`.
enum ContentTypes {
    /// The type of a name, or `nil` where its extension is not known.
    static func guess(_ name: String) -> String? {
        var (root, suffix) = split(name.split(separator: "/").last.map(String.init) ?? "")
        if let whole = short[suffix.lowercased()] {
            (root, suffix) = ("\(root).\(whole.inner)", whole.compression)
        }
        if compressions.contains(suffix) { (root, suffix) = split(root) }
        return byExtension[suffix.lowercased()]
    }

    /// A name before and after its last dot; dots that it begins with begin no extension.
    private static func split(_ name: String) -> (root: String, suffix: String) {
        let start = name.firstIndex { $0 != "." } ?? name.endIndex
        guard let dot = name[start...].lastIndex(of: ".") else { return (name, "") }
        return (String(name[..<dot]), String(name[name.index(after: dot)...]))
    }

    /// The extensions that name a compression of what is named before them; `Z` is not `z`.
    private static let compressions: Set<String> = ["gz", "Z", "bz2", "xz", "br"]

    /// The extensions that stand for two.
    private static let short: [String: (inner: String, compression: String)] = [
        "svgz": ("svg", "gz"), "tgz": ("tar", "gz"), "taz": ("tar", "gz"), "tz": ("tar", "gz"),
        "tbz2": ("tar", "bz2"), "txz": ("tar", "xz"),
    ]

    private static let byExtension: [String: String] = byType.reduce(into: [:]) { all, row in
        for name in row.value.split(separator: " ") { all[String(name)] = row.key }
    }

    private static let byType: KeyValuePairs<String, String> = [
        "application/epub+zip": "epub",
        "application/javascript": "js mjs",
        "application/json": "json",
        "application/manifest+json": "webmanifest",
        "application/msword": "doc dot wiz",
        "application/n-quads": "nq",
        "application/n-triples": "nt",
        "application/octet-stream": "a bin dll exe o obj so",
        "application/oda": "oda",
        "application/pdf": "pdf",
        "application/pkcs7-mime": "p7c",
        "application/postscript": "ai eps ps",
        "application/rtf": "rtf",
        "application/trig": "trig",
        "application/vnd.apple.mpegurl": "m3u m3u8",
        "application/vnd.ms-excel": "xlb xls",
        "application/vnd.ms-powerpoint": "pot ppa pps ppt pwz",
        "application/vnd.oasis.opendocument.presentation": "odp",
        "application/vnd.oasis.opendocument.spreadsheet": "ods",
        "application/vnd.oasis.opendocument.text": "odt",
        "application/vnd.openxmlformats-officedocument.presentationml.presentation": "pptx",
        "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
        "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
        "application/wasm": "wasm",
        "application/x-7z-compressed": "7z",
        "application/x-bcpio": "bcpio",
        "application/x-cpio": "cpio",
        "application/x-csh": "csh",
        "application/x-dvi": "dvi",
        "application/x-gtar": "gtar",
        "application/x-hdf": "hdf",
        "application/x-hdf5": "h5",
        "application/x-latex": "latex",
        "application/x-mif": "mif",
        "application/x-netcdf": "cdf nc",
        "application/x-pkcs12": "p12 pfx",
        "application/x-pn-realaudio": "ram",
        "application/x-python-code": "pyc pyo",
        "application/x-sh": "sh",
        "application/x-shar": "shar",
        "application/x-shockwave-flash": "swf",
        "application/x-sv4cpio": "sv4cpio",
        "application/x-sv4crc": "sv4crc",
        "application/x-tar": "tar",
        "application/x-tcl": "tcl",
        "application/x-tex": "tex",
        "application/x-texinfo": "texi texinfo",
        "application/x-troff": "roff t tr",
        "application/x-troff-man": "man",
        "application/x-troff-me": "me",
        "application/x-troff-ms": "ms",
        "application/x-ustar": "ustar",
        "application/x-wais-source": "src",
        "application/xml": "rdf wsdl xpdl xsl",
        "application/zip": "zip",
        "audio/3gpp": "3gp 3gpp",
        "audio/3gpp2": "3g2 3gpp2",
        "audio/aac": "aac adts ass loas",
        "audio/basic": "au snd",
        "audio/flac": "flac",
        "audio/mp4": "m4a",
        "audio/mpeg": "mp2 mp3",
        "audio/ogg": "ogg",
        "audio/opus": "opus",
        "audio/x-aiff": "aif aifc aiff",
        "audio/x-pn-realaudio": "ra",
        "audio/x-wav": "wav",
        "font/otf": "otf",
        "font/ttf": "ttf",
        "font/woff": "woff",
        "font/woff2": "woff2",
        "image/apng": "apng",
        "image/avif": "avif",
        "image/bmp": "bmp",
        "image/gif": "gif",
        "image/heic": "heic",
        "image/heif": "heif",
        "image/ief": "ief",
        "image/jpeg": "jpe jpeg jpg",
        "image/png": "png",
        "image/svg+xml": "svg",
        "image/tiff": "tif tiff",
        "image/vnd.microsoft.icon": "ico",
        "image/webp": "webp",
        "image/x-cmu-raster": "ras",
        "image/x-portable-anymap": "pnm",
        "image/x-portable-bitmap": "pbm",
        "image/x-portable-graymap": "pgm",
        "image/x-portable-pixmap": "ppm",
        "image/x-rgb": "rgb",
        "image/x-xbitmap": "xbm",
        "image/x-xpixmap": "xpm",
        "image/x-xwindowdump": "xwd",
        "message/rfc822": "eml mht mhtml nws",
        "text/css": "css",
        "text/csv": "csv",
        "text/html": "htm html",
        "text/markdown": "markdown md",
        "text/n3": "n3",
        "text/plain": "bat c h ksh pl srt txt",
        "text/richtext": "rtx",
        "text/tab-separated-values": "tsv",
        "text/vtt": "vtt",
        "text/x-python": "py",
        "text/x-setext": "etx",
        "text/x-sgml": "sgm sgml",
        "text/x-vcard": "vcf",
        "text/xml": "xml",
        "video/matroska": "mkv",
        "video/mp4": "m4v mp4",
        "video/mpeg": "m1v mpa mpe mpeg mpg",
        "video/quicktime": "mov qt",
        "video/webm": "webm",
        "video/x-msvideo": "avi",
        "video/x-sgi-movie": "movie",
    ]
}
