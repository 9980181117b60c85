import FoundationEssentials
import GalleryClient
import NIOCore

@testable import GalleryWeb

/// A workshop whose pictures are a line of text: `PICTURE 640 480`.
struct TextWorkshop: PictureWorkshop {
    static func picture(_ width: Int = 640, _ height: Int = 480) -> [UInt8] {
        Array("PICTURE \(width) \(height)".utf8)
    }

    func inspect(_ path: String) async throws -> PictureFacts {
        let text = String(decoding: try Data(contentsOf: URL(filePath: path)), as: UTF8.self)
        let words = text.split(separator: " ")
        guard words.first == "PICTURE", words.count == 3, let width = Int(words[1]),
            let height = Int(words[2])
        else { throw PostErrors.noImage }
        return PictureFacts(
            width: width,
            height: height,
            contentType: "image/jpeg",
            extensions: ["jpg", "jpeg"]
        )
    }

    func saveVariants(
        of path: String,
        named name: String,
        in storage: any MediaStorage
    ) async throws {
        for variant in PictureVariant.allCases {
            _ = try await storage.save(
                .bytes(ByteBuffer(string: "\(variant)")),
                named: self.name(of: variant, for: name),
                options: SaveOptions(policy: .overwrite)
            )
        }
    }

    func remakeVariants(of name: String, in storage: any MediaStorage) async throws -> Bool {
        var wasMissing = false
        for variant in PictureVariant.allCases {
            let small = self.name(of: variant, for: name)
            guard try await !storage.exists(small) else { continue }
            guard try await storage.exists(name) else {
                throw StorageError(.notFound, message: "no \(name)")
            }
            _ = try await storage.save(.bytes(ByteBuffer(string: "again")), named: small)
            wasMissing = true
        }
        return wasMissing
    }

    func name(of variant: PictureVariant, for name: String) -> String { "\(name).\(variant)" }
}
