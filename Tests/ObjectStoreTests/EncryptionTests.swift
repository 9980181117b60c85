import Digests
import Foundation
import NIOCore
import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

/// Bytes without a period that a block could share.
private func body(_ count: Int) -> String {
    var bytes: [UInt8] = []
    for place in 0..<count {
        let step: Int = place * 7 + place / 251
        bytes.append(UInt8(0x21 + step % 90))
    }
    return String(decoding: bytes, as: UTF8.self)
}

private let block = BlockLayout.plainCount

/// Every method, with the client's key where it needs one.
private enum Way: String, CaseIterable, CustomTestStringConvertible {
    case managed, named, customer

    var testDescription: String { rawValue }

    func of(_ store: Store) -> ObjectEncryption {
        switch self {
        case .managed: .managed
        case .named: .named(.init("arn:aws:kms:us-east-1:000000000000:key/k", context: "e30="))
        case .customer: store.encryption(under: Way.secret)
        }
    }

    var key: CustomerKey? { self == .customer ? Way.secret : nil }

    static var secret: CustomerKey { key(0x42) }

    static func key(_ byte: UInt8) -> CustomerKey {
        guard let key = CustomerKey([UInt8](repeating: byte, count: 32)) else {
            preconditionFailure("32 bytes are a key")
        }
        return key
    }
}

extension TestStore {
    /// Puts an encrypted object.
    fileprivate func put(
        _ key: String,
        _ text: String,
        _ encryption: ObjectEncryption,
        _ customerKey: CustomerKey? = nil
    ) async throws -> StoredObject {
        var new = NewObject(key: key, ownerID: root.id)
        new.encryption = encryption
        let sealing = try await store.sealing(for: encryption, customerKey: customerKey)
        return try await store.put(new, body: try stage(text, sealing), in: bucket)
    }

    fileprivate func stage(_ text: String, _ sealing: Sealing?) throws -> StagedBody.Finished {
        let staged = store.stage(sizeHint: nil, sealing: sealing)
        let bytes = Array(text.utf8)
        // Odd pieces, so that blocks and pieces never end together for long.
        for start in stride(from: 0, to: bytes.count, by: 50_021) {
            let end = min(start + 50_021, bytes.count)
            try staged.append(ByteBuffer(bytes: bytes[start..<end]))
        }
        return try staged.finish()
    }

    /// The blob file that was written last.
    fileprivate func blobFile() throws -> URL {
        let name = try #require(
            try store.index.read {
                try $0.first("SELECT name FROM blobs WHERE name IS NOT NULL ORDER BY id DESC") {
                    $0.text(0)
                }
            }
        )
        return try #require(folder).appending(path: "blobs/\(name)")
    }
}

@Suite struct EncryptionTests {
    @Test(
        arguments: Medium.allCases,
        [0, 1, 83, 84, 85, block - 1, block, block + 1, 2 * block, 5 * block + 17]
    )
    func `an encrypted body is read as it was written, whole and in ranges`(
        medium: Medium,
        count: Int
    ) async throws {
        for way in Way.allCases {
            let test = try await TestStore(medium)
            let text = body(count)
            let object = try await test.put("k", text, way.of(test.store), way.key)
            #expect(object.size == Int64(count))
            #expect(object.etag.utf8.count == 32)
            let md5 = Hex.encode(HashFunction.hash(.md5, text.utf8))
            #expect((object.etag == md5) == (way == .managed))

            let borders = [0, 1, block - 1, block, block + 1, 2 * block, count - 1, count]
                .filter { (0...count).contains($0) }
            for start in borders {
                for end in borders where end >= start {
                    let content = try test.store.content(
                        of: object,
                        range: Int64(start)..<Int64(end),
                        customerKey: way.key
                    )
                    let expected = Array(text.utf8)[start..<end]
                    #expect(try content.text() == String(decoding: expected, as: UTF8.self))
                }
            }
        }
    }

    @Test(arguments: Way.allCases)
    private func `neither the bytes nor a key are anywhere in the folder`(
        way: Way
    ) async throws {
        let test = try await TestStore(.disk)
        let needle = "a sentence that nobody else wrote"
        _ = try await test.put("small", needle, way.of(test.store), way.key)
        _ = try await test.put("large", body(block) + needle, way.of(test.store), way.key)
        await test.store.close()

        let folder = try #require(test.folder)
        let paths = try #require(FileManager.default.enumerator(atPath: folder.path()))
        var looked = 0
        for case let path as String in paths {
            guard let data = FileManager.default.contents(atPath: folder.path() + "/" + path) else {
                continue
            }
            looked += 1
            #expect(data.range(of: Data(needle.utf8)) == nil, "\(path)")
            #expect(data.range(of: Data(repeating: 0x42, count: 8)) == nil, "\(path)")
        }
        #expect(looked >= 3)
    }

    @Test func `an altered block cuts the reading, and the blocks before it are whole`()
        async throws
    {
        let test = try await TestStore(.disk)
        let text = body(9 * block + 5)
        let object = try await test.put("k", text, .managed)
        let file = try test.blobFile()
        let sealed = try Data(contentsOf: file)

        for damaged in 0..<10 {
            var altered = sealed
            altered[damaged * BlockLayout.sealedCount + 3] ^= 1
            try altered.write(to: file)
            let content = try test.store.content(of: object, range: 0..<object.size)
            var bytes: [UInt8] = []
            #expect(throws: DamagedBlob.self) {
                while case .bytes(let piece)? = try content.next() { bytes += Array(buffer: piece) }
            }
            #expect(bytes.count <= damaged * block)
            #expect(bytes == Array(text.utf8.prefix(bytes.count)))
        }
        try sealed.write(to: file)
        #expect(try test.store.text("k", in: test.bucket) == text)
    }

    @Test func `blocks that change places, and blobs that do, are found out`() async throws {
        let test = try await TestStore(.disk)
        let first = try await test.put("one", body(3 * block), .managed)
        let one = try test.blobFile()
        let second = try await test.put("two", String(body(3 * block).reversed()), .managed)
        let two = try test.blobFile()
        let (ones, twos) = (try Data(contentsOf: one), try Data(contentsOf: two))

        let size = BlockLayout.sealedCount
        try (ones[size..<2 * size] + ones[..<size] + ones[(2 * size)...]).write(to: one)
        #expect(throws: DamagedBlob.self) { try read(first, test) }
        try twos.write(to: one)
        try ones.write(to: two)
        #expect(throws: DamagedBlob.self) { try read(first, test) }
        #expect(throws: DamagedBlob.self) { try read(second, test) }
        try ones.write(to: one)
        #expect(try read(first, test) == body(3 * block))
    }

    @Test func `a body that lost its end does not pass for a shorter one`() async throws {
        let test = try await TestStore(.disk)
        let object = try await test.put("k", body(3 * block), .managed)
        for (table, column) in [("versions", "size"), ("blobs", "size")] {
            _ = try await test.store.index.write { connection in
                try connection.run("UPDATE \(table) SET \(column) = \(2 * block)")
            }
        }
        let shorter = try #require(try test.store.object("k", in: test.bucket))
        #expect(shorter.size == Int64(2 * block))
        #expect(throws: DamagedBlob.self) { try read(shorter, test) }
        let file = try test.blobFile()
        try Data(contentsOf: file).prefix(BlockLayout.sealedCount).write(to: file)
        #expect(throws: (any Error).self) { try read(object, test) }
    }

    @Test func `an encrypted object is not read as a clear one, nor the other way`() async throws {
        let test = try await TestStore(.disk)
        let object = try await test.put("k", body(1000), .managed)
        let clear = try await test.store.put("clear", body(1000), in: test.bucket)
        _ = try await test.store.index.write { connection in
            try connection.run("UPDATE blobs SET envelope = NULL")
        }
        #expect(throws: DamagedBlob.self) { try read(object, test) }
        #expect(try read(clear, test) == body(1000))
        _ = try await test.store.index.write { connection in
            try connection.run("UPDATE blobs SET envelope = X'00'")
        }
        #expect(throws: UnknownCipher.self) { try read(clear, test) }
    }

    @Test func `a wrapped key does not open for another name or context`() async throws {
        let test = try await TestStore(.memory)
        let name = "arn:aws:kms:us-east-1:000000000000:key/k"
        _ = try await test.put("k", "body", .named(.init(name, context: "e30=")))
        for other in [
            ObjectEncryption.named(.init(name)), .named(.init(name + "2", context: "e30=")),
            .named(.init(name, context: "e31=")), .managed,
        ] {
            let fields = other.fields.encoded
            _ = try await test.store.index.write { connection in
                try connection.run("UPDATE versions SET encryption = ?1", .blob(fields))
            }
            let object = try #require(try test.store.object("k", in: test.bucket))
            #expect(object.encryption == other)
            #expect(throws: DamagedBlob.self) { try read(object, test) }
        }
    }

    @Test func `a client's key is known again, and no other opens`() async throws {
        let test = try await TestStore(.disk)
        let encryption = test.store.encryption(under: Way.secret)
        let object = try await test.put("k", body(70_000), encryption, Way.secret)
        guard case .customer(let check) = object.encryption else {
            Issue.record("it is under a client's key")
            return
        }
        #expect(Way.secret.matches(check))
        #expect(!Way.key(0x43).matches(check))
        #expect("\(Way.secret)" == "redacted")
        for key in [nil, Way.key(0x43)] {
            #expect(throws: CustomerKeyMissing.self) {
                try test.store.content(of: object, range: 0..<1, customerKey: key)
            }
        }
    }

    private func read(_ object: StoredObject, _ test: TestStore) throws -> String {
        try test.store.content(of: object, range: 0..<object.size).text()
    }
}

@Suite struct MasterKeyTests {
    private func mode(_ path: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
    }

    @Test func `the master key is made at first need, for its owner alone, and kept`() async throws
    {
        let test = try await TestStore(.disk)
        let path = try #require(test.folder).path() + "/master.key"
        try await test.store.put("clear", large, in: test.bucket)
        #expect(!FileManager.default.fileExists(atPath: path))
        _ = try await test.put("k", large, .managed)
        #expect(try mode(path) == 0o600)
        let text = try String(contentsOfFile: path, encoding: .utf8)
        #expect(text.utf8.count == 65)

        let store = try await test.reopened()

        #expect(try store.text("k", in: test.bucket) == large)
        #expect(try String(contentsOfFile: path, encoding: .utf8) == text)
        #expect(try store.files.names(in: .staging) == [])
        await store.close()
    }

    @Test func `a master key that is lost is missed and not made anew`() async throws {
        let test = try await TestStore(.disk)
        _ = try await test.put("k", large, .managed)
        try await test.store.put("clear", large, in: test.bucket)
        try FileManager.default.removeItem(
            atPath: try #require(test.folder).path() + "/master.key"
        )
        let store = try await test.reopened()
        #expect(throws: MasterKeyMissing.self) { try store.text("k", in: test.bucket) }
        await #expect(throws: MasterKeyMissing.self) { try await store.sealing(for: .managed) }
        #expect(try store.text("clear", in: test.bucket) == large)
        await store.close()
    }

    @Test(arguments: [EIO, ENOSPC])
    func `a master key that cannot be written is made when it can be`(errno: CInt) async throws {
        let files = FaultyFileSystem(MemoryFileSystem())
        let time = ManualTime(Timestamp(seconds: 1_700_000_000))
        let store = try Store(TestStore.configuration(nil, time: time), files: files)
        await store.finishRecovery()
        for call in 1...2 {
            files.failCall(call, with: errno)
            let error = await #expect(throws: (any Error).self) {
                try await store.sealing(for: .managed)
            }
            #expect((error as? S3Error)?.code == (errno == ENOSPC ? .serviceUnavailable : nil))
            #expect(files.heal())
        }
        #expect(try await store.sealing(for: .managed) != nil)
        await store.close()
    }

    @Test func `an upload's parts are each under a key of their own, and one object`() async throws
    {
        for way in Way.allCases {
            let test = try await TestStore(.disk)
            var new = NewObject(key: "k", ownerID: test.root.id)
            new.encryption = way.of(test.store)
            let upload = try await test.store.createUpload(NewUpload(object: new), in: test.bucket)
            let texts = [body(Int(Assembly.minimumPartSize)), body(block + 1)]
            var parts: [Completion.Part] = []
            for (place, text) in texts.enumerated() {
                for _ in 0..<2 {
                    let sealing = try await test.store.sealing(
                        for: upload.encryption,
                        customerKey: way.key,
                        partOf: upload
                    )
                    let part = try await test.store.putPart(
                        place + 1,
                        of: upload,
                        body: try test.stage(text, sealing),
                        in: test.bucket
                    )
                    parts.append(.init(number: part.number, etag: part.etag))
                }
            }
            // A part that is sent again has the tag that it had.
            #expect(parts[0].etag == parts[1].etag && parts[2].etag == parts[3].etag)
            let object = try await test.store.complete(
                upload,
                with: Completion(parts: [parts[0], parts[2]]),
                in: test.bucket
            )
            let whole = Array(texts.joined().utf8)
            #expect(object.encryption == upload.encryption)
            for range in [
                0..<object.size, 0..<10, Assembly.minimumPartSize - 3..<object.size - 1,
            ] {
                let content = try test.store.content(of: object, range: range, customerKey: way.key)
                #expect(
                    try content.text()
                        == String(
                            decoding: whole[Int(range.lowerBound)..<Int(range.upperBound)],
                            as: UTF8.self
                        )
                )
            }
        }
    }

    @Test func `a blob's record says what it needs to be opened, and not its MD5`() async throws {
        let test = try await TestStore(.disk)
        let encryption = test.store.encryption(under: Way.secret)
        _ = try await test.put("k", large, encryption, Way.secret)
        let record = try #require(
            BlobRecord(tail: Array(try Data(contentsOf: try test.blobFile())))
        )
        #expect(record["size"] == "\(large.utf8.count)")
        #expect(record["md5"] == nil)
        #expect(record["encryption:method"] == "SSE-C")
        func fields(_ prefix: String) -> [Field] {
            record.fields.filter { $0.name.hasPrefix(prefix) }
                .map { Field(String($0.name.dropFirst(prefix.count)), $0.value) }
        }
        #expect(ObjectEncryption(fields("encryption:")) == encryption)
        let envelope = try #require(Envelope(fields("envelope:")))
        let parent = try test.store.keys.parent(for: encryption, customerKey: Way.secret)
        #expect(envelope.unwrap(under: parent, for: encryption) != nil)
    }
}
