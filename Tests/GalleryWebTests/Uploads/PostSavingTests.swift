import Foundation
import GRDB
import HTTPTypes
import HummingbirdTesting
import Testing

@testable import GalleryWeb

@Suite struct PostSavingTests {
    @Test func `files are removed where the database takes no post`() async throws {
        let site = try await TestSite()
        try await site.browseLoggedIn { browser in
            try await site.database.writer.write {
                try $0.execute(
                    sql:
                        "CREATE TRIGGER no BEFORE INSERT ON post BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
            }
            let reply = try await browser.upload("cat", TextWorkshop.picture())
            #expect(reply.status == .internalServerError)
            #expect(reply.text.contains("Something went wrong") && !reply.text.contains("RAISE"))
            #expect(site.storage.names.isEmpty)
        }
    }

    @Test func `a replacement that the database does not take leaves the old image`() async throws {
        let site = try await TestSite()
        try await site.add("cat", image: "images/old.jpg")
        let before = site.storage.names
        try await site.browseLoggedIn { browser in
            try await site.database.writer.write {
                try $0.execute(
                    sql:
                        "CREATE TRIGGER no BEFORE UPDATE ON post BEGIN SELECT RAISE(ABORT, 'no'); END"
                )
            }
            let path = "/admin/gallery/post/1/change/"
            let reply = try await browser.upload("cat", TextWorkshop.picture(), to: path)
            #expect(reply.status == .internalServerError && site.storage.names == before)
        }
    }

    @Test func `no upload leaves a temporary file behind`() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let settings = SiteSettings(temporaryFolder: folder.path())
        let site = try await TestSite(settings: settings)
        try await site.browseLoggedIn { browser in
            _ = try await browser.upload("cat", TextWorkshop.picture())
            _ = try await browser.upload("", Array("no picture".utf8))
            _ = try await browser.upload("x", TextWorkshop.picture(), token: "wrong")
        }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path()).isEmpty)
        try FileManager.default.removeItem(at: folder)
    }

    @Test func `a folder that takes no files is an error and no crash`() async throws {
        let site = try await TestSite(settings: SiteSettings(temporaryFolder: "/nowhere"))
        try await site.browseLoggedIn { browser in
            let reply = try await browser.upload("cat", TextWorkshop.picture())
            #expect(reply.status == .internalServerError && site.storage.names.isEmpty)
        }
    }
}
