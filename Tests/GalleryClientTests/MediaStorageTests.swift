import NIOCore
import TestSupport
import Testing

@testable import GalleryClient

/// What every storage does alike, so that an application cannot tell one from the other.
@Suite struct MediaStorageTests {
    @Test(arguments: Place.allCases)
    func `what is saved is read again`(place: Place) async throws {
        try await place.withStorage { storage in
            let saved = try await storage.save("meow", as: "images/cat.jpg")
            #expect(saved.name == "images/cat.jpg")
            #expect(saved.size == 4)
            #expect(try await storage.text("images/cat.jpg") == "meow")
            let file = try #require(try await storage.stat("images/cat.jpg"))
            #expect(file.size == 4)
            #expect(file.etag == saved.etag)
            #expect(file.contentType == "image/jpeg")
        }
    }

    @Test(arguments: Place.allCases)
    func `nothing is a file too`(place: Place) async throws {
        try await place.withStorage { storage in
            try await storage.save("", as: "empty.txt")
            #expect(try await storage.stat("empty.txt")?.size == 0)
            #expect(try await storage.text("empty.txt") == "")
        }
    }

    @Test(arguments: Place.allCases)
    func `a name that is taken gets another`(place: Place) async throws {
        try await place.withStorage { storage in
            try await storage.save("first", as: "images/cat.jpg")
            let second = try await storage.save("second", as: "images/cat.jpg")
            #expect(second.name.wholeMatch(of: /images\/cat_[A-Za-z0-9]{7}\.jpg/) != nil)
            #expect(try await storage.text("images/cat.jpg") == "first")
            #expect(try await storage.text(second.name) == "second")
        }
    }

    @Test(arguments: Place.allCases)
    func `of many who save one name at once, each gets its own`(place: Place) async throws {
        try await place.withStorage { storage in
            let names = try await withThrowingTaskGroup(of: (Int, String).self) { tasks in
                for number in 0..<12 {
                    tasks.addTask {
                        (number, try await storage.save("\(number)", as: "a/b.txt").name)
                    }
                }
                return try await tasks.reduce(into: [:]) { $0[$1.1] = $1.0 }
            }
            #expect(names.count == 12)
            #expect(names.keys.contains("a/b.txt"))
            for (name, number) in names {
                #expect(try await storage.text(name) == "\(number)")
            }
        }
    }

    @Test(arguments: Place.allCases)
    func `overwriting replaces`(place: Place) async throws {
        try await place.withStorage { storage in
            let first = try await storage.save("first", as: "cat.jpg", .overwrite)
            let second = try await storage.save("second one", as: "cat.jpg", .overwrite)
            #expect(second.name == "cat.jpg")
            #expect(first.etag != second.etag)
            #expect(try await storage.text("cat.jpg") == "second one")
        }
    }

    @Test(arguments: Place.allCases)
    func `a save that must not replace fails where the name is taken`(place: Place) async throws {
        try await place.withStorage { storage in
            try await storage.save("first", as: "cat.jpg", .failIfExists)
            let error = await failure { try await storage.save("2", as: "cat.jpg", .failIfExists) }
            #expect(error?.kind == .alreadyExists)
            #expect(try await storage.text("cat.jpg") == "first")
        }
    }

    @Test(arguments: Place.allCases)
    func `a range is cut at the end, and one behind it is refused`(place: Place) async throws {
        try await place.withStorage { storage in
            try await storage.save("0123456789", as: "a.txt")
            #expect(try await storage.text("a.txt", 2..<5) == "234")
            #expect(try await storage.text("a.txt", 8..<50) == "89")
            #expect(try await storage.text("a.txt", 3..<3) == "")
            let reader = try await storage.open("a.txt", range: 2..<5)
            #expect(reader.range == 2..<5)
            #expect(reader.file.size == 10)
            let error = await failure { _ = try await storage.open("a.txt", range: 10..<11) }
            #expect(error?.code == "InvalidRange")
        }
    }

    @Test(arguments: Place.allCases)
    func `a file that is not there is nothing to look at and an error to open`(
        place: Place
    ) async throws {
        try await place.withStorage { storage in
            let isMissing = try await storage.lacks("no/such.jpg")
            #expect(isMissing)
            let opening = await failure { _ = try await storage.open("no/such.jpg") }
            #expect(opening?.kind == .notFound)
            let copying = await failure { try await storage.copy("no/such.jpg", to: "a.jpg") }
            #expect(copying?.kind == .notFound)
        }
    }

    @Test(arguments: Place.allCases)
    func `deleting twice is no error`(place: Place) async throws {
        try await place.withStorage { storage in
            try await storage.save("a", as: "a/b/c.txt")
            try await storage.delete("a/b/c.txt")
            try await storage.delete("a/b/c.txt")
            try await storage.delete("never/was.txt")
            try await storage.delete("a/b")
            #expect(try await storage.lacks("a/b/c.txt"))
        }
    }

    @Test(arguments: Place.allCases)
    func `a copy goes over whatever has the name`(place: Place) async throws {
        try await place.withStorage { storage in
            try await storage.save("cat", as: "cat.txt")
            try await storage.save("dog", as: "x/dog.txt")
            try await storage.copy("cat.txt", to: "x/dog.txt")
            try await storage.copy("cat.txt", to: "cat.txt")
            #expect(try await storage.text("x/dog.txt") == "cat")
            #expect(try await storage.text("cat.txt") == "cat")
        }
    }

    @Test(arguments: Place.allCases)
    func `a folder shows what is directly in it`(place: Place) async throws {
        try await place.withStorage { storage in
            for name in ["a.txt", "images/cat.jpg", "images/old/dog.jpg", "images/b.jpg"] {
                try await storage.save("x", as: name)
            }
            let top = try await storage.list("", after: nil)
            #expect(top.folders == ["images"])
            #expect(top.files.map(\.name) == ["a.txt"])
            let images = try await storage.list("images/", after: nil)
            #expect(images.folders == ["old"])
            #expect(images.files.map(\.name) == ["images/b.jpg", "images/cat.jpg"])
            #expect(images.files.first?.size == 1)
            #expect(try await storage.list("images", after: nil) == images)
            #expect(try await storage.list("nothing", after: nil).files.isEmpty)
        }
    }

    @Test(arguments: Place.allCases)
    func `a long folder comes in pages, without gaps and without repetition`(
        place: Place
    ) async throws {
        try await place.withStorage { storage in
            let names = (0..<1003).map { "many/\($0).txt" }
            try await withThrowingTaskGroup { tasks in
                for lane in 0..<4 {
                    tasks.addTask {
                        for number in stride(from: lane, to: names.count, by: 4) {
                            try await storage.save("", as: names[number], .overwrite)
                        }
                    }
                }
                try await tasks.waitForAll()
            }
            try await storage.save("", as: "many/5/inner.txt", .overwrite)
            var (files, folders, cursor) = ([String](), [String](), String?.none)
            repeat {
                let page = try await storage.list("many", after: cursor)
                #expect(page.files.count + page.folders.count <= 1000)
                files += page.files.map(\.name)
                folders += page.folders
                cursor = page.next
            } while cursor != nil
            let sorted = names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
            #expect(files == sorted)
            #expect(folders == ["5"])
        }
    }

    @Test(
        arguments: Place.allCases,
        [
            "images/cat 1+2%.jpg", "größe/猫.jpg", "a&b=c?d#e.txt", "~tilde'(quote)!*.txt",
            ".hidden", "e\u{301}/\u{301}.jpg", "<script>.txt", "..a/...b",
        ]
    )
    func `a name of any letters keeps them`(place: Place, name: String) async throws {
        try await place.withStorage { storage in
            try await storage.save("x", as: name)
            #expect(try await storage.text(name) == "x")
            let parts = name.unicodeScalars.split(separator: "/").map { String($0) }
            let folder = parts.count == 2 ? parts[0] : ""
            let listed = try await storage.list(folder, after: nil).files.map {
                Array($0.name.utf8)
            }
            #expect(listed == [Array(name.utf8)])
            let url = try storage.url(for: name)
            #expect(url.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F })
            #expect(!url.contains("#") && !url.contains("<"))
        }
    }

    @Test(
        arguments: Place.allCases,
        [
            "", "/", "/etc/passwd", "../x", "a/../../x", "a/..", "..", ".", "./a", "a//b", "a/",
            "a\\b", "..\\x", "a\u{0}b", "a\nb", "a\u{7F}", "../\u{301}x",
            String(repeating: "a/", count: 512) + "b",
        ]
    )
    func `a name that leaves its place is refused everywhere`(
        place: Place,
        name: String
    ) async throws {
        try await place.withStorage { storage in
            let tries: [() async throws -> Void] = [
                { try await storage.save("x", as: name) }, { _ = try await storage.open(name) },
                { _ = try await storage.stat(name) }, { try await storage.delete(name) },
                { _ = try storage.url(for: name) }, { try await storage.copy("a", to: name) },
                { try await storage.copy(name, to: "a") },
            ]
            try await storage.save("x", as: "a")
            for attempt in tries { #expect(await failure(attempt)?.kind == .invalidName) }
        }
    }

    @Test(arguments: Place.allCases)
    func `streams, files and bytes are stored alike, and progress is told`(
        place: Place
    ) async throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("source", "file")
        try await place.withStorage { storage in
            _ = try await storage.save(.file(path: path), named: "file.txt")
            #expect(try await storage.text("file.txt") == "file")
            let told = Told()
            let body = MediaBody.whole(ByteBuffer(string: "stream"))
            let options = SaveOptions(progress: { told.add($0) })
            let source = MediaSource.stream(length: nil, body)
            _ = try await storage.save(source, named: "stream.txt", options: options)
            #expect(try await storage.text("stream.txt") == "stream")
            #expect(told.all.last == 6)
            let missing = await failure {
                _ = try await storage.save(.file(path: path + "x"), named: "missing.txt")
            }
            #expect(missing?.kind == .notFound)
            #expect(try await storage.lacks("missing.txt"))
        }
    }

    @Test(arguments: Place.allCases, [3, 9] as [Int64])
    func `a stream that is not as long as was said is refused, and nothing of it stays`(
        place: Place,
        length: Int64
    ) async throws {
        try await place.withStorage { storage in
            let source = MediaSource.stream(
                length: length,
                .whole(ByteBuffer(string: "stream"))
            )
            let error = await failure { _ = try await storage.save(source, named: "s.txt") }
            #expect(error?.kind == .corrupted)
            let listing = try await storage.list("", after: nil)
            #expect(listing.files.isEmpty)
        }
    }
}
