import Testing

@testable import GalleryWeb

@Suite struct UploadNameTests {
    @Test(arguments: [
        ("cat.jpg", "cat.jpg"), ("CAT.JPEG", "CAT.jpeg"), ("my cat.jpg", "my_cat.jpg"),
        ("schöne Katze.jpg", "schöne_Katze.jpg"), ("cat", "cat.jpg"), ("", "image.jpg"),
        (".jpg", "image.jpg"), ("...", "image.jpg"), ("cat.php", "cat.php.jpg"),
        ("cat.html.jpg", "cat.html.jpg"), ("a<b>\"c\".jpg", "abc.jpg"), ("..", "image.jpg"),
        ("../../etc/passwd", "passwd.jpg"), ("a\u{0}b.jpg", "ab.jpg"), ("-rf.jpg", "-rf.jpg"),
        ("cat~thumb.jpg", "catthumb.jpg"),
        ("猫.jpg", "猫.jpg"), ("cat.png", "cat.png.jpg"),
    ])
    func `an upload's name is made harmless and fits its format`(given: String, name: String) {
        #expect(UploadName.make(given, extensions: ["jpg", "jpeg"]) == name)
    }

    @Test func `a name of any length fits`() {
        let name = UploadName.make(
            String(repeating: "猫", count: 4000) + ".jpg",
            extensions: ["jpg"]
        )

        #expect(name.count == UploadName.maximumLength + 4)
    }

    @Test(arguments: [
        (PictureVariant.small, 4000, 2000, 400), (.small, 2000, 4000, 200), (.small, 300, 200, 300),
        (.large, 4000, 2000, 1600), (.large, 1, 100_000, 1), (.small, 400, 400, 400),
    ])
    func `a smaller image's width is known from the original's`(
        variant: PictureVariant,
        width: Int,
        height: Int,
        expected: Int
    ) {
        let image = StoredImage(name: "", width: width, height: height)
        #expect(variant.width(of: image) == expected)
    }
}
