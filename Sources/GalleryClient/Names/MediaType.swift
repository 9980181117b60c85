/// Media types by a name's extension: what a gallery, a site's files and a household's media have.
///
/// [Media types](https://www.iana.org/assignments/media-types/media-types.xhtml)
public enum MediaType {
    /// What a name without a known extension has.
    public static let unknown = "application/octet-stream"

    /// The media type of a name, by its extension in any case.
    public static func of(_ name: String) -> String {
        guard let dot = name.utf8.lastIndex(of: UInt8(ascii: ".")) else { return unknown }
        let suffix = name[name.utf8.index(after: dot)...].lowercased()
        return byExtension[suffix] ?? unknown
    }

    private static let byExtension: [String: String] = [
        // Images
        "apng": "image/apng",
        "avif": "image/avif",
        "bmp": "image/bmp",
        "gif": "image/gif",
        "heic": "image/heic",
        "heif": "image/heif",
        "ico": "image/vnd.microsoft.icon",
        "jpe": "image/jpeg",
        "jpeg": "image/jpeg",
        "jpg": "image/jpeg",
        "jxl": "image/jxl",
        "png": "image/png",
        "svg": "image/svg+xml",
        "tif": "image/tiff",
        "tiff": "image/tiff",
        "webp": "image/webp",
        // Video and sound
        "aac": "audio/aac",
        "avi": "video/x-msvideo",
        "flac": "audio/flac",
        "m4a": "audio/mp4",
        "m4v": "video/mp4",
        "mkv": "video/matroska",
        "mov": "video/quicktime",
        "mp3": "audio/mpeg",
        "mp4": "video/mp4",
        "mpeg": "video/mpeg",
        "mpg": "video/mpeg",
        "oga": "audio/ogg",
        "ogg": "audio/ogg",
        "ogv": "video/ogg",
        "opus": "audio/ogg",
        "ts": "video/mp2t",
        "wav": "audio/wav",
        "weba": "audio/webm",
        "webm": "video/webm",
        // Text and a site's files
        "css": "text/css",
        "csv": "text/csv",
        "htm": "text/html",
        "html": "text/html",
        "ics": "text/calendar",
        "js": "text/javascript",
        "json": "application/json",
        "m3u8": "application/vnd.apple.mpegurl",
        "map": "application/json",
        "md": "text/markdown",
        "mjs": "text/javascript",
        "mpd": "application/dash+xml",
        "otf": "font/otf",
        "srt": "application/x-subrip",
        "ttf": "font/ttf",
        "txt": "text/plain",
        "vtt": "text/vtt",
        "wasm": "application/wasm",
        "woff": "font/woff",
        "woff2": "font/woff2",
        "xml": "application/xml",
        // Documents and archives
        "7z": "application/x-7z-compressed",
        "doc": "application/msword",
        "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        "epub": "application/epub+zip",
        "gz": "application/gzip",
        "odt": "application/vnd.oasis.opendocument.text",
        "pdf": "application/pdf",
        "ppt": "application/vnd.ms-powerpoint",
        "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
        "rar": "application/vnd.rar",
        "tar": "application/x-tar",
        "xls": "application/vnd.ms-excel",
        "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        "zip": "application/zip",
        "zst": "application/zstd",
    ]
}
