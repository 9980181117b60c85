import Digests
import Testing

@testable import GalleryClient

@Suite struct MediaNameTests {
    // Expected values: Django 5.2's `get_valid_filename` of the last part.
    @Test(arguments: [
        ("john's portrait in 2004.jpg", "johns_portrait_in_2004.jpg"),
        (#"C:\me\my cat (1).jpg"#, "my_cat_1.jpg"), ("../../etc/passwd", "passwd"),
        ("  spaced  .png ", "spaced__.png"), ("größe 猫½.jpg", "größe_猫½.jpg"),
        ("a\u{0}b\nc.jpg", "abc.jpg"), ("<script>.svg", "script.svg"), ("x/~cat.jpg", "cat.jpg"),
    ])
    func `an uploaded name is cleaned as Django cleans it`(name: String, clean: String) throws {
        #expect(try MediaName.clean(upload: name) == clean)
    }

    @Test(arguments: ["", "/", "..", "a/..", "???", "  ", "\\"])
    func `a name of which nothing is left is refused`(name: String) {
        #expect(throws: StorageError.self) { try MediaName.clean(upload: name) }
    }

    @Test(arguments: [
        ("images/cat.jpg", "images/cat_", ".jpg"), ("a.tar.gz", "a_", ".tar.gz"),
        (".hidden", ".hidden_", ""), ("dir.d/plain", "dir.d/plain_", ""), ("dot.", "dot._", ""),
    ])
    func `another name has seven random characters before its extension`(
        name: String,
        head: String,
        tail: String
    ) throws {
        let other = try MediaName.alternative(to: name, random: SeededRandom(seed: 1))
        #expect(other.hasPrefix(head) && other.hasSuffix(tail))
        let token = other.dropFirst(head.count).dropLast(tail.count)
        #expect(token.count == 7)
        #expect(token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) })
    }

    @Test func `another name of a long one is cut at its root`() throws {
        let name = String(repeating: "ä", count: 500) + ".jpeg"
        let other = try MediaName.alternative(
            to: name,
            prefix: "media/",
            random: SeededRandom(seed: 1)
        )
        #expect(other.utf8.count + 6 <= MediaName.longest)
        #expect(other.hasSuffix(".jpeg"))
        #expect(throws: StorageError.self) {
            let folder = String(repeating: "a", count: 1012)
            _ = try MediaName.alternative(to: "\(folder)/b.jpg", random: SeededRandom(seed: 1))
        }
    }

    @Test func `the location counts into the length of a name`() throws {
        let name = String(repeating: "a", count: MediaName.longest)
        try MediaName.validate(name)
        #expect(throws: StorageError.self) { try MediaName.validate(name, prefix: "b/") }
    }

    @Test(arguments: [
        ("a.JPG", "image/jpeg"), ("a.tar.gz", "application/gzip"), ("a", MediaType.unknown),
        ("a.b/c", MediaType.unknown), ("x.webp", "image/webp"), ("x.", MediaType.unknown),
    ])
    func `a media type goes by the extension`(name: String, type: String) {
        #expect(MediaType.of(name) == type)
    }

    @Test(arguments: [
        ("cat.jpg", #"attachment; filename="cat.jpg""#),
        (
            "Größe \"1\".jpg",
            #"attachment; filename="Gr__e _1_.jpg"; filename*=UTF-8''Gr%C3%B6%C3%9Fe%20%221%22.jpg"#
        ), ("a\r\nSet-Cookie: x", #"attachment; filename="aSet-Cookie: x""#),
    ])
    func `a download's name is quoted, and told in UTF-8 where it must be`(
        name: String,
        header: String
    ) {
        #expect(HeaderText.attachment(name) == header)
    }
}
