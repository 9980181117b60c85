import HTTPMessage
import NIOHTTP1

@testable import S3Service

/// A website of the bucket `photos`, which anybody may read.
struct TestSite: Sendable {
    let s3: TestS3

    static let plain = """
        <IndexDocument><Suffix>index.html</Suffix></IndexDocument>\
        <ErrorDocument><Key>error.html</Key></ErrorDocument>
        """

    init(_ configuration: String = plain, isOpen: Bool = true, lists: Bool = true) async throws {
        s3 = try await TestS3()
        _ = await s3.send(.PUT, "/photos?website", Self.document(configuration))
        for (key, body) in [
            ("index.html", "home"), ("docs/index.html", "docs"), ("cat.jpg", "meow"),
            ("error.html", "oh no"),
        ] {
            _ = await s3.send(.PUT, "/photos/\(key)", body, headers: ["content-type": "text/html"])
        }
        guard isOpen else { return }
        _ = await s3.send(.DELETE, "/photos?publicAccessBlock")
        let list = """
            , {"Effect": "Allow", "Principal": "*", "Action": "s3:ListBucket", \
            "Resource": "arn:aws:s3:::photos"}
            """
        _ = await s3.allow(
            """
            {"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject", \
            "Resource": "arn:aws:s3:::photos/*"}\(lists ? list : "")
            """
        )
    }

    static func document(_ content: String) -> String {
        "<WebsiteConfiguration>\(content)</WebsiteConfiguration>"
    }

    static func rules(_ rules: String) -> String {
        "\(plain)<RoutingRules>\(rules)</RoutingRules>"
    }

    func visit(
        _ path: String,
        _ method: HTTPMethod = .GET,
        headers: HTTPHeaders = [:],
        host: String = "photos.s3-website.localhost:9000",
        isSecure: Bool = false
    ) async -> Reply {
        await s3.anonymous(method, path, headers: headers, host: host, isSecure: isSecure)
    }
}
