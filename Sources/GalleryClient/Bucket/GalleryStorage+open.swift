import HTTPMessage
import NIOCore
import NIOHTTP1
import S3Client
import S3Protocol

extension GalleryStorage {
    /// Opens a file for reading, from start to end or a range of its bytes.
    ///
    /// A connection that is cut is taken up again where it was. A file that ``BucketConfiguration/gzips`` stored
    /// compressed is read as it was before; ``MediaReader/range`` and ``MediaFile/size`` are those of the stored
    /// bytes, and it has no ranges.
    ///
    /// - Throws: ``StorageError``; a range that begins behind the end is refused as `InvalidRange`, one that ends behind
    ///   it is cut.
    public func open(_ name: String, range: Range<Int64>?) async throws -> MediaReader {
        let key = try key(name)
        if let range, range.isEmpty || range.lowerBound < 0 {
            return try await openNothing(name, range)
        }
        do {
            let result = try await client.download(
                bucket: bucket,
                key: key,
                range: range.map { .closed($0.lowerBound, $0.upperBound - 1) }
            )
            return try reader(name, result, range)
        } catch let error as S3ClientError {
            throw StorageError(error)
        }
    }

    /// Opens no bytes of a file, which no `Range` can ask for.
    private func openNothing(_ name: String, _ range: Range<Int64>) async throws -> MediaReader {
        guard let file = try await stat(name) else { throw FolderStorage.notFound(name) }
        return MediaReader(
            file: file,
            range: try MediaRange.within(file.size, range),
            body: .whole(ByteBuffer())
        )
    }

    private func reader(
        _ name: String,
        _ result: GetResult,
        _ range: Range<Int64>?
    ) throws(StorageError) -> MediaReader {
        let file = MediaFile(name, result.head)
        let body = MediaBody {
            try await StorageError.translating { try await result.body.next() }
        }
        let coding = result.head.headers.first(name: "content-encoding")
        guard configuration.gzips, coding == "gzip" else {
            return MediaReader(file: file, range: result.head.range, body: body)
        }
        guard range == nil else {
            throw StorageError(
                .unsupported,
                message: "\(MediaName.quoted(name)) is stored compressed and has no ranges.",
                advice: "Read all of it."
            )
        }
        return MediaReader(file: file, range: result.head.range, body: try body.gunzipped())
    }

    /// One page of what is directly in a folder; a folder that is not there has nothing in it.
    ///
    /// Listings of S3 do not tell media types: ``MediaFile/contentType`` is empty.
    public func list(_ folder: String, after cursor: String?) async throws -> MediaListing {
        let prefix = try prefix + MediaName.folderPrefix(folder)
        let page = try await StorageError.translating {
            try await client.listObjects(
                bucket: bucket,
                prefix: prefix,
                delimiter: "/",
                token: cursor
            )
        }
        // Consoles make an empty object for a folder, named as the folder.
        let files = page.objects.filter { $0.key != prefix }.map { object in
            MediaFile(
                name: String(object.key.dropFirst(bytes: self.prefix.utf8.count)),
                size: object.size,
                modified: .init(object.modified),
                etag: object.etag
            )
        }
        let folders = page.prefixes.map { found in
            String(found.dropFirst(bytes: prefix.utf8.count).utf8.dropLast()) ?? ""
        }
        return MediaListing(
            folders: folders.filter { !$0.isEmpty },
            files: files,
            next: page.next
        )
    }
}

extension String {
    /// What comes behind some bytes; by bytes, since an accent after a slash is one character with it.
    fileprivate func dropFirst(bytes: Int) -> Substring {
        let start = utf8.index(startIndex, offsetBy: bytes, limitedBy: endIndex) ?? endIndex
        return self[start...]
    }
}
