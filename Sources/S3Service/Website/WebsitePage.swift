import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Protocol

/// The pages that S3 makes itself: for errors that a website has no page for, and on the way to a folder.
///
/// [Custom error documents](https://docs.aws.amazon.com/AmazonS3/latest/userguide/CustomErrorDocSupport.html)
enum WebsitePage {
    /// Sends a browser to a folder.
    static func folder(_ location: String) -> HTTPResponse {
        var response = HTTPResponse(status: .found)
        response.headers.add(name: "x-amz-error-code", value: "Found")
        response.headers.add(name: "x-amz-error-message", value: "Resource Found")
        response.headers.add(name: "Location", value: location)
        return response
    }

    /// The page for an error.
    ///
    /// - Parameters:
    ///   - failure: The error, and why the website's own page for it is not shown.
    ///   - ids: How the request is called.
    ///   - isHead: Whether only the head is asked for.
    /// - Returns: The response.
    static func error(_ failure: Website.Failure, ids: RequestIDs, isHead: Bool) -> HTTPResponse {
        let error = failure.error
        let status = HTTPResponseStatus(statusCode: error.code.status)
        var response = HTTPResponse(status: status)
        var headers: [(String, String)] = [
            ("x-amz-error-code", error.code.name), ("x-amz-error-message", error.message),
        ]
        headers += error.details.map { ("x-amz-error-detail-\($0.name)", $0.value) }
        for (name, value) in headers where ObjectFields.isHeaderValue(value) {
            response.headers.add(name: name, value: value)
        }
        if error.code == .invalidRange,
            let size = error.details.first(where: { $0.name == "ActualObjectSize" })
        {
            response.headers.add(name: "Content-Range", value: "bytes */\(size.value)")
        }
        response.headers.add(name: "Content-Type", value: "text/html; charset=utf-8")
        guard !isHead else { return response }
        let title = "\(status.code) \(status.reasonPhrase)"
        var lines = [
            "<html>", "<head><title>\(title)</title></head>", "<body>", "<h1>\(title)</h1>",
        ]
        lines += list(error, [("RequestId", ids.request), ("HostId", ids.host)])
        if let second = failure.errorDocument {
            lines.append(
                "<h3>An Error Occurred While Attempting to Retrieve a Custom Error Document</h3>"
            )
            lines += list(second, [])
        }
        lines += ["<hr/>", "</body>", "</html>", ""]
        response.body = .bytes(ByteBuffer(string: lines.joined(separator: "\n")))
        return response
    }

    private static func list(_ error: S3Error, _ more: [(String, String)]) -> [String] {
        let texts =
            [("Code", error.code.name), ("Message", error.message)]
            + error.details.map { ($0.name, $0.value) } + more
        return ["<ul>"] + texts.map { "<li>\($0): \(escaped($1))</li>" } + ["</ul>"]
    }

    private static func escaped(_ text: String) -> String {
        var escaped = ""
        for character in text {
            switch character {
            case "&": escaped += "&amp;"
            case "<": escaped += "&lt;"
            case ">": escaped += "&gt;"
            case "\"": escaped += "&quot;"
            case "'": escaped += "&#39;"
            default: escaped.append(character)
            }
        }
        return escaped
    }
}
