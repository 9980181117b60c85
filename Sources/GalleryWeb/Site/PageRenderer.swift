import HTTPTypes
import Hummingbird
import Mustache
import NIOCore

/// The pages of the site.
enum PageTemplate: String, CaseIterable {
    case layout, pagination, gallery, post, posts, error
    case logIn = "log-in"
    case addPost = "add-post"
    case changePost = "change-post"
    case deletePost = "delete-post"

    fileprivate var bytes: [UInt8] {
        switch self {
        case .layout: PackageResources.layout_mustache
        case .pagination: PackageResources.pagination_mustache
        case .gallery: PackageResources.gallery_mustache
        case .post: PackageResources.post_mustache
        case .posts: PackageResources.posts_mustache
        case .error: PackageResources.error_mustache
        case .logIn: PackageResources.log_in_mustache
        case .addPost: PackageResources.add_post_mustache
        case .changePost: PackageResources.change_post_mustache
        case .deletePost: PackageResources.delete_post_mustache
        }
    }
}

/// Makes pages of templates and what they show.
struct PageRenderer: Sendable {
    private let library: MustacheLibrary

    /// Reads the templates, which are part of the program.
    init() throws {
        MustacheContentTypes.register(ScalarHTML(), named: ScalarHTML.name)
        var library = MustacheLibrary()
        for template in PageTemplate.allCases {
            let text = String(decoding: template.bytes, as: UTF8.self)
            // A template that another one includes begins with the library's own escaping again.
            try library.register(
                "{{% CONTENT_TYPE:\(ScalarHTML.name)}}" + text,
                named: template.rawValue
            )
        }
        self.library = library
    }

    func html(_ template: PageTemplate, _ view: some Sendable) -> String {
        library.render(view, withTemplate: template.rawValue) ?? ""
    }

    func response(
        _ template: PageTemplate,
        _ view: some Sendable,
        status: HTTPResponse.Status = .ok
    ) -> Response {
        Response(
            status: status,
            headers: [.contentType: "text/html; charset=utf-8"],
            body: .init(byteBuffer: ByteBuffer(string: html(template, view)))
        )
    }
}

/// HTML whose every special character is escaped.
///
/// The library's own escaping looks at what a person sees as one character: a quotation mark with an accent
/// on it passes as something else, and ends an attribute all the same.
private struct ScalarHTML: MustacheContentType {
    static let name = "SCALAR_HTML"

    func escapeText(_ text: String) -> String {
        var escaped = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            switch scalar {
            case "<": escaped.append(contentsOf: "&lt;".unicodeScalars)
            case ">": escaped.append(contentsOf: "&gt;".unicodeScalars)
            case "&": escaped.append(contentsOf: "&amp;".unicodeScalars)
            case "\"": escaped.append(contentsOf: "&quot;".unicodeScalars)
            case "'": escaped.append(contentsOf: "&#39;".unicodeScalars)
            default: escaped.append(scalar)
            }
        }
        return String(escaped)
    }
}
