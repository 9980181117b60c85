import Foundation
import GalleryClient
import NIOCore
import Testing

@testable import GalleryImaging

@Suite struct ImageWorkerTests {
    let worker = ImageWorker()

    @Test(arguments: [
        ("cat.jpg", ImageFormat.jpeg), ("sunset.jpg", .jpeg), ("hills-large.jpg", .jpeg),
        ("bucket.png", .png),
    ])
    func `a real image is known by its content`(name: String, format: ImageFormat) async throws {
        let facts = try await worker.inspect(.file(path: Fixture.path(name)))
        #expect(facts.format == format)
        #expect(facts.width > 0 && facts.height > 0)
        #expect(try await worker.inspect(.bytes(Fixture.bytes(name))) == facts)
    }

    @Test func `a wrong extension deceives nobody`() async throws {
        let folder = FileManager.default.temporaryDirectory
        let path = folder.appending(path: "gallery-\(UUID().uuidString).png[page=3]").path()
        defer { try? FileManager.default.removeItem(atPath: path) }
        let bytes = try Fixture.bytes("cat.jpg")
        try Data(bytes.readableBytesView).write(to: URL(filePath: path))
        #expect(try await worker.inspect(.file(path: path)).format == .jpeg)
    }

    @Test func `what phones take and browsers show is read`() async throws {
        let avif = try await worker.inspect(.bytes(SmallFixture.avif))
        #expect(avif.format == .avif)
        let heic = try await worker.inspect(.bytes(SmallFixture.heic))
        #expect(heic.format == .heic)
        #expect(heic.width == 48 && heic.height == 36)
        let small = try await worker.resize(.bytes(SmallFixture.heic), into: 20, as: .jpeg)
        #expect(small.width == 20)
    }

    @Test func `WebP and GIF are read`() async throws {
        let webp = try await worker.resize(
            .bytes(Fixture.bytes("bucket.png")),
            into: 50,
            as: .webp
        )
        #expect(try await worker.inspect(.bytes(webp.bytes)).format == .webp)
        let gif = try await worker.inspect(.bytes(ByteBuffer(bytes: Fixture.gif)))
        #expect(gif.format == .gif)
        #expect(gif.width == 1)
    }

    @Test(arguments: [
        "", "just text", "<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'></svg>",
        "<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'/>",
        "%PDF-1.4\n%%EOF", "P3\n1 1\n255\n0 0 0\n", "BM", "id=ImageMagick", "\u{0}\u{0}\u{0}\u{C}",
    ])
    func `what is no image of the known formats is refused`(text: String) async throws {
        let source = ImageSource.bytes(ByteBuffer(string: text))
        await #expect(throws: ImageError.notAnImage) { try await worker.inspect(source) }
        await #expect(throws: ImageError.notAnImage) {
            try await worker.resize(source, into: 10, as: .jpeg)
        }
    }

    @Test(arguments: ["cat.jpg", "bucket.png"], [0.05, 0.5, 0.9])
    func `a truncated image is refused`(name: String, part: Double) async throws {
        let whole = try Fixture.bytes(name)
        let count = Int(Double(whole.readableBytes) * part)
        let source = ImageSource.bytes(whole.getSlice(at: 0, length: count) ?? ByteBuffer())
        await #expect(throws: ImageError.damaged) { try await worker.inspect(source) }
        await #expect(throws: ImageError.damaged) {
            try await worker.resize(source, into: 100, as: .jpeg)
        }
    }

    @Test func `an image that claims a size beyond the limit is refused before it is decoded`()
        async throws
    {
        let bomb = ByteBuffer(bytes: Fixture.png(width: 60_000, height: 60_000))
        let limit = ImageLimits.defaultPixels
        await #expect(throws: ImageError.tooManyPixels(limit)) {
            try await worker.inspect(.bytes(bomb))
        }
        let strict = ImageWorker(limits: ImageLimits(pixels: 100, bytes: 10_000))
        await #expect(throws: ImageError.tooManyPixels(100)) {
            try await strict.resize(.bytes(Fixture.bytes("cat.jpg")), into: 10, as: .jpeg)
        }
        for source in [
            ImageSource.bytes(try Fixture.bytes("hills-large.jpg")),
            .file(path: Fixture.path("hills-large.jpg")),
        ] {
            await #expect(throws: ImageError.tooManyBytes(10_000)) {
                try await strict.inspect(source)
            }
        }
    }

    @Test func `a file that is not there, or is a folder, is told`() async {
        for path in ["/no/such/file.jpg", "/"] {
            await #expect(throws: ImageError.unreadable) {
                try await worker.inspect(.file(path: path))
            }
        }
    }

    @Test func `a smaller image fits its box and keeps its shape`() async throws {
        let original = try await worker.inspect(.file(path: Fixture.path("hills-large.jpg")))
        let source = ImageSource.file(path: Fixture.path("hills-large.jpg"))
        let image = try await worker.resize(source, into: 400, as: .jpeg)
        #expect(max(image.width, image.height) == 400)
        let shape = Double(original.width) / Double(original.height)
        #expect(abs(Double(image.width) / Double(image.height) - shape) < 0.02)
        #expect(image.mediaType == "image/jpeg")
        let facts = try await worker.inspect(.bytes(image.bytes))
        #expect(facts.width == image.width && facts.height == image.height)
    }

    @Test func `an image is never made larger`() async throws {
        let original = try await worker.inspect(.bytes(Fixture.bytes("cat.jpg")))
        let image = try await worker.resize(.bytes(Fixture.bytes("cat.jpg")), into: 9000, as: .jpeg)
        #expect(image.width == original.width)
    }

    @Test func `a photograph is turned upright, and says nothing of where it was taken`()
        async throws
    {
        let plain = try await worker.inspect(.bytes(Fixture.bytes("cat.jpg")))
        let turned = ByteBuffer(bytes: try Fixture.photograph(orientation: 6))
        let facts = try await worker.inspect(.bytes(turned))
        #expect(facts.width == plain.height && facts.height == plain.width)
        let image = try await worker.resize(.bytes(turned), into: 9000, as: .jpeg)
        #expect(image.width == plain.height && image.height == plain.width)
        let bytes = Data(image.bytes.readableBytesView)
        #expect(bytes.range(of: Data("Exif".utf8)) == nil)
        #expect(bytes.range(of: Data("SECRET-PLACE".utf8)) == nil)
        #expect(Data(turned.readableBytesView).range(of: Data("SECRET-PLACE".utf8)) != nil)
    }

    @Test func `what can be seen through stays so as WebP and is white as JPEG`() async throws {
        let clear = ByteBuffer(bytes: Fixture.clearPNG)
        #expect(try await worker.inspect(.bytes(clear)).hasAlpha)
        let webp = try await worker.resize(.bytes(clear), into: 10, as: .webp)
        #expect(try await worker.inspect(.bytes(webp.bytes)).hasAlpha)
        let jpeg = try await worker.resize(.bytes(clear), into: 10, as: .jpeg)
        #expect(try await worker.inspect(.bytes(jpeg.bytes)).hasAlpha == false)
    }

    @Test func `many at once are worked off`() async throws {
        let bytes = try Fixture.bytes("cat.jpg")
        try await withThrowingTaskGroup(of: Int.self) { tasks in
            for _ in 0..<16 {
                tasks.addTask { try await worker.resize(.bytes(bytes), into: 40, as: .webp).width }
            }
            for try await width in tasks { #expect(width <= 40) }
        }
    }
}
