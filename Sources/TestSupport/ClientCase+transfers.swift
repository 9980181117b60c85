import NIOCore
import NIOHTTP1
import S3Client
import Synchronization

extension ClientCase {
    static let listings = [
        ClientCase("a listing has folders and files, and goes on where it ended") {
            client,
            bucket in
            for key in ["a/1", "a/2", "b", "c/d/e", "f"] {
                _ = try await client.putObject(bucket: bucket, key: key, body: .empty)
            }
            let top = try await client.listObjects(bucket: bucket, delimiter: "/")
            try require(top.objects.map(\.key), is: ["b", "f"], "the files")
            try require(top.prefixes, is: ["a/", "c/"], "the folders")
            var found: [String] = []
            var token: String?
            repeat {
                let page = try await client.listObjects(bucket: bucket, token: token, maxKeys: 2)
                found += page.objects.map(\.key)
                token = page.next
            } while token != nil
            try require(found, is: ["a/1", "a/2", "b", "c/d/e", "f"], "all pages")
        }
    ]

    static let conditions = [
        ClientCase("what must be absent is not replaced") { client, bucket in
            let first = try await client.putObject(
                bucket: bucket,
                key: "k",
                body: .bytes(ByteBuffer(string: "first")),
                condition: .ifAbsent
            )
            try await requireRefusal("PreconditionFailed") {
                _ = try await client.putObject(
                    bucket: bucket,
                    key: "k",
                    body: .bytes(ByteBuffer(string: "second")),
                    condition: .ifAbsent
                )
            }
            let etag = try await client.headObject(bucket: bucket, key: "k").etag
            try require(etag, is: first.etag, "the ETag")
        },
        ClientCase("what must be unchanged is replaced only then") { client, bucket in
            let first = try await client.putObject(bucket: bucket, key: "k", body: .empty)
            let second = try await client.putObject(
                bucket: bucket,
                key: "k",
                body: .bytes(ByteBuffer(string: "second")),
                condition: .ifMatch(first.etag)
            )
            try await requireRefusal("PreconditionFailed") {
                _ = try await client.putObject(
                    bucket: bucket,
                    key: "k",
                    body: .empty,
                    condition: .ifMatch(first.etag)
                )
            }
            let etag = try await client.headObject(bucket: bucket, key: "k").etag
            try require(etag, is: second.etag, "the ETag")
        },
        ClientCase("an upload in parts that must be absent replaces nothing") { client, bucket in
            let first = try await client.putObject(bucket: bucket, key: "k", body: .empty)
            var options = UploadOptions(condition: .ifAbsent)
            options.partBytes = 5 << 20
            do {
                _ = try await client.upload(
                    bucket: bucket,
                    key: "k",
                    body: .bytes(TestBytes.make(9 << 20)),
                    options: options
                )
                throw CaseFailure(description: "it was not refused")
            } catch let error as S3ClientError where error.isConditionFailed {}
            let etag = try await client.headObject(bucket: bucket, key: "k").etag
            try require(etag, is: first.etag, "the ETag")
        },
    ]

    static let transfers = [
        ClientCase("a stream whose length is told is stored by one request") { client, bucket in
            let bytes = TestBytes.make(200_000)
            let put = try await client.putObject(
                bucket: bucket,
                key: "s",
                body: .stream(TestBytes.stream(bytes, pieces: 7000))
            )
            try require(put.size, is: 200_000, "the size")
            let got = try await client.download(bucket: bucket, key: "s")
            try require(try await got.body.all(), is: bytes, "the body")
            let encoding = got.head.headers.first(name: "Content-Encoding") ?? ""
            try require(encoding, is: "", "Content-Encoding")
        },
        ClientCase("a large body goes up in parts and comes down whole") { client, bucket in
            let bytes = TestBytes.make(17 << 20)
            let progress = Mutex<[Int64]>([])
            let options = UploadOptions(
                headers: ["Content-Type": "video/mp4"],
                progress: { count in progress.withLock { $0.append(count) } }
            )
            let put = try await client.upload(
                bucket: bucket,
                key: "film.mp4",
                body: .bytes(bytes),
                options: options
            )
            try require(put.etag.hasSuffix("-3"), "\(put.etag) is not that of 3 parts")
            let told = progress.withLock { $0 }
            try require(told.last, is: 17 << 20, "the last progress")
            try require(told, is: told.sorted(), "the progress")
            let got = try await client.download(bucket: bucket, key: "film.mp4")
            try require(got.head.contentType, is: "video/mp4", "the media type")
            try require(try await got.body.all() == bytes, "the body is another")
        },
        ClientCase("a stream of any length goes up in parts") { client, bucket in
            let bytes = TestBytes.make(10 << 20)
            let stream = TestBytes.stream(bytes, pieces: 300_000, tellsLength: false)
            _ = try await client.upload(bucket: bucket, key: "s", body: .stream(stream))
            let got = try await client.download(bucket: bucket, key: "s")
            try require(try await got.body.all() == bytes, "the body is another")
        },
        ClientCase("an upload that is aborted is gone") { client, bucket in
            let upload = try await client.createMultipartUpload(bucket: bucket, key: "k")
            let part = try await client.uploadPart(
                upload,
                number: 1,
                body: .bytes(TestBytes.make(100))
            )
            try await client.abortMultipartUpload(upload)
            try await requireRefusal("NoSuchUpload") {
                _ = try await client.completeMultipartUpload(upload, parts: [part])
            }
        },
        ClientCase("1,100 objects are removed at once") { client, bucket in
            let keys = (0..<1100).map { "k\($0)" }
            for key in keys.prefix(3) {
                _ = try await client.putObject(bucket: bucket, key: key, body: .empty)
            }
            let left = try await client.deleteObjects(bucket: bucket, keys: keys)
            try require(left, is: [], "what could not be removed")
            let listed = try await client.listObjects(bucket: bucket).objects
            try require(listed, is: [], "what is left")
        },
    ]
}
