import NIOCore
import NIOHTTP1
import S3Client
import S3Protocol

extension ClientCase {
    /// All of them.
    public static let all = objects + keys + listings + conditions + transfers

    /// One object.
    static let objects = [
        ClientCase("what is stored comes back with its headers") { client, bucket in
            let bytes = TestBytes.make(5000)
            let put = try await client.putObject(
                bucket: bucket,
                key: "a/cat.jpg",
                body: .bytes(bytes),
                headers: [
                    "Content-Type": "image/jpeg", "Cache-Control": "max-age=60",
                    "x-amz-meta-title": "A cat",
                ]
            )
            let got = try await client.getObject(bucket: bucket, key: "a/cat.jpg")
            try require(try await got.body.all(), is: bytes, "the body")
            try require(got.head.etag, is: put.etag, "the ETag")
            try require(got.head.contentType, is: "image/jpeg", "the media type")
            try require(
                got.head.headers.first(name: "Cache-Control"),
                is: "max-age=60",
                "Cache-Control"
            )
            try require(got.head.metadata["title"], is: "A cat", "the metadata")
            let head = try await client.headObject(bucket: bucket, key: "a/cat.jpg")
            try require(head.size, is: 5000, "the size")
            try require(head.etag, is: put.etag, "the ETag of a HEAD")
        },
        ClientCase("an empty object is an object") { client, bucket in
            _ = try await client.putObject(bucket: bucket, key: "empty", body: .empty)
            let got = try await client.getObject(bucket: bucket, key: "empty")
            try require(got.head.size, is: 0, "the size")
            try require(try await got.body.all().readableBytes, is: 0, "the body's length")
        },
        ClientCase("a range gives its bytes and the whole size") { client, bucket in
            _ = try await client.putObject(
                bucket: bucket,
                key: "r",
                body: .bytes(ByteBuffer(string: "0123456789"))
            )
            let got = try await client.getObject(bucket: bucket, key: "r", range: .closed(2, 4))
            try require(try await got.body.all(), is: ByteBuffer(string: "234"), "the bytes")
            try require(got.head.range, is: 2..<5, "the range")
            try require(got.head.size, is: 10, "the size")
        },
        ClientCase("what is not there is NoSuchKey, and NotFound for a HEAD") { client, bucket in
            try await requireRefusal("NoSuchKey") {
                _ = try await client.getObject(bucket: bucket, key: "nowhere")
            }
            try await requireRefusal("NotFound") {
                _ = try await client.headObject(bucket: bucket, key: "nowhere")
            }
        },
        ClientCase("what is removed is gone, and may be removed again") { client, bucket in
            _ = try await client.putObject(bucket: bucket, key: "x", body: .empty)
            try await client.deleteObject(bucket: bucket, key: "x")
            try await client.deleteObject(bucket: bucket, key: "x")
            try await requireRefusal("NotFound") {
                _ = try await client.headObject(bucket: bucket, key: "x")
            }
        },
        ClientCase("a copy has the bytes and the headers") { client, bucket in
            let bytes = TestBytes.make(100)
            _ = try await client.putObject(
                bucket: bucket,
                key: "from a+b",
                body: .bytes(bytes),
                headers: ["Content-Type": "image/png"]
            )
            let copy = try await client.copyObject(
                bucket: bucket,
                key: "to/ö",
                from: bucket,
                "from a+b"
            )
            let got = try await client.getObject(bucket: bucket, key: "to/ö")
            try require(try await got.body.all(), is: bytes, "the body")
            try require(got.head.contentType, is: "image/png", "the media type")
            try require(copy.etag, is: got.head.etag, "the ETag")
        },
        ClientCase("a bucket that was made is there, and is listed") { client, bucket in
            _ = try await client.headBucket(bucket)
            let names = try await client.listBuckets().map(\.name)
            try require(names.contains(bucket), "\(bucket) is not among \(names)")
        },
        ClientCase("a bucket that is not there is NotFound") { client, bucket in
            try await requireRefusal("NotFound") {
                _ = try await client.headBucket("\(bucket)-other")
            }
            try await requireRefusal("NoSuchBucket") {
                _ = try await client.listObjects(bucket: "\(bucket)-other")
            }
        },
    ]

    /// Keys that are easily mistaken on their way.
    static let keys = [
        "a b.jpg", "a+b.jpg", "a%20b", "100%", "ä/ö/ü.png", "日本語.txt", "🐈.gif", "a//b", "a/./b",
        "a/../b", "~tilde", "'q'\"", "(p)[b]", "semi;colon,comma", "a=b&c=d", "q?uestion", "h#ash",
        "at@sign:colon", "star*bang!", "dollar$", "back\\slash", "pipe|caret^", "<angle>&amp;",
        " leading", "trailing ", "slash/",
    ].map { key in
        ClientCase("the key “\(key)” stays what it is") { client, bucket in
            let bytes = ByteBuffer(string: key)
            _ = try await client.putObject(bucket: bucket, key: key, body: .bytes(bytes))
            let got = try await client.getObject(bucket: bucket, key: key)
            try require(try await got.body.all(), is: bytes, "the body")
            let listed = try await client.listObjects(bucket: bucket).objects.map(\.key)
            try require(listed, is: [key], "the listing")
            let left = try await client.deleteObjects(bucket: bucket, keys: [key])
            try require(left, is: [], "what could not be removed")
            try require(
                try await client.listObjects(bucket: bucket).objects,
                is: [],
                "the listing after the removal"
            )
        }
    }
}
