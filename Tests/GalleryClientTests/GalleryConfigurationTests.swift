import Testing

@testable import GalleryClient

@Suite struct GalleryConfigurationTests {
    private func bucket(_ more: [String: String] = [:]) throws -> BucketConfiguration {
        let environment = ["AWS_STORAGE_BUCKET_NAME": "photos"].merging(more) { $1 }
        guard case .bucket(let bucket) = try GalleryConfiguration(environment: environment).place
        else { throw StorageError(.configuration, message: "no bucket") }
        return bucket
    }

    @Test func `without a bucket, media are in a local folder`() throws {
        for environment in [[:], ["AWS_STORAGE_BUCKET_NAME": "", "AWS_S3_REGION_NAME": "x"]] {
            let configuration = try GalleryConfiguration(environment: environment)
            #expect(configuration.place == .folder(FolderConfiguration()))
        }
        let chosen = ["MEDIA_ROOT": "/srv/media", "MEDIA_URL": "https://cdn.example.com/m"]
        let folder = try FolderConfiguration(environment: chosen)
        #expect(folder.path == "/srv/media")
        #expect(folder.url == "https://cdn.example.com/m/")
    }

    @Test func `what prints a configuration prints no secret of the environment`() throws {
        let configuration = try GalleryConfiguration(environment: [
            "AWS_STORAGE_BUCKET_NAME": "photos", "AWS_SECRET_ACCESS_KEY": "hush-key",
            "AWS_SESSION_TOKEN": "hush-token", "AWS_S3_ACCESS_KEY_ID": "AKIA",
            "AWS_S3_SECRET_ACCESS_KEY": "hush-own", "DATABASE_URL": "hush-database",
        ])
        var dumped = ""
        dump(configuration, to: &dumped)
        for text in ["\(configuration)", String(reflecting: configuration), dumped] {
            #expect(!text.contains("hush"))
            #expect(text.contains("photos"))
        }
        guard case .bucket(let bucket) = configuration.place else { return }
        #expect(bucket.environment?["AWS_SECRET_ACCESS_KEY"] == "hush-key")
    }

    // As in django-storages, which hands the name to a session of boto3.
    @Test func `a profile that is named signs, whatever key the environment has`() async throws {
        let folder = try TemporaryFolder()
        let file = """
            [media]
            aws_access_key_id = MEDIA
            aws_secret_access_key = media-secret
            """
        var bucket = try bucket([
            "AWS_ACCESS_KEY_ID": "OTHER", "AWS_SECRET_ACCESS_KEY": "other-secret",
            "AWS_S3_SESSION_PROFILE": "media", "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_SHARED_CREDENTIALS_FILE": try folder.file("credentials", file),
            "AWS_CONFIG_FILE": "\(folder.path)/none",
        ])
        let named = try GalleryStorage(bucket)
        #expect(try named.url(for: "a.jpg").contains("MEDIA"))
        bucket.profile = nil
        let unnamed = try GalleryStorage(bucket)
        #expect(try unnamed.url(for: "a.jpg").contains("OTHER"))
    }

    @Test func `a profile and a key pair for the media are one too many`() throws {
        let error = #expect(throws: StorageError.self) {
            try bucket([
                "AWS_S3_ACCESS_KEY_ID": "AKIA", "AWS_S3_SECRET_ACCESS_KEY": "secret",
                "AWS_S3_SESSION_PROFILE": "media",
            ])
        }
        #expect(error?.kind == .configuration)
        #expect(error?.message.contains("AWS_S3_SESSION_PROFILE") == true)
    }

    @Test func `a bucket alone is Amazon's, with signed URLs, and nothing is overwritten`() throws {
        let bucket = try bucket()
        #expect(bucket.endpoint == nil)
        #expect(bucket.signsURLs)
        #expect(bucket.urlLifetime == 3600)
        #expect(!bucket.overwrites)
        #expect(bucket.defaultACL == nil)
        #expect(bucket.addressing == .auto)
        #expect(bucket.partSize == 8 << 20)
    }

    @Test func `the seed's own settings are understood`() throws {
        let bucket = try bucket([
            "AWS_S3_FILE_OVERWRITE": "False", "AWS_DEFAULT_ACL": "None",
            "AWS_S3_REGION_NAME": "us-east-2", "AWS_S3_ADDRESSING_STYLE": "virtual",
        ])
        #expect(!bucket.overwrites)
        #expect(bucket.defaultACL == nil)
        #expect(bucket.region == "us-east-2")
        #expect(bucket.addressing == .virtual)
    }

    @Test func `each variable has its meaning`() throws {
        let bucket = try bucket([
            "AWS_S3_FILE_OVERWRITE": "1", "AWS_DEFAULT_ACL": "public-read",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:1", "AWS_ENDPOINT_URL_S3": "http://127.0.0.1:2",
            "AWS_S3_PUBLIC_ENDPOINT_URL": "https://media.example.com", "AWS_LOCATION": "media/",
            "AWS_S3_CUSTOM_DOMAIN": "cdn.example.com", "AWS_S3_URL_PROTOCOL": "http:",
            "AWS_QUERYSTRING_AUTH": "no", "AWS_QUERYSTRING_EXPIRE": "60", "AWS_IS_GZIPPED": "True",
            "GZIP_CONTENT_TYPES": "text/css, TEXT/PLAIN", "AWS_S3_MULTIPART_THRESHOLD": "10000000",
            "AWS_S3_MULTIPART_CHUNKSIZE": "6000000", "AWS_CA_BUNDLE": "/ca.pem",
            "AWS_S3_OBJECT_PARAMETERS":
                #"{"CacheControl": "max-age=1", "StorageClass": "GLACIER"}"#,
            "AWS_S3_ACCESS_KEY_ID": "AKIA", "AWS_S3_SECRET_ACCESS_KEY": "secret",
        ])
        #expect(bucket.overwrites)
        #expect(bucket.defaultACL == "public-read")
        #expect(bucket.endpoint == "http://127.0.0.1:2")
        #expect(bucket.publicEndpoint == "https://media.example.com")
        #expect(bucket.location == "media")
        #expect(bucket.customDomain == "cdn.example.com")
        #expect(bucket.urlScheme == "http")
        #expect(!bucket.signsURLs)
        #expect(bucket.urlLifetime == 60)
        #expect(bucket.gzips)
        #expect(bucket.gzipTypes == ["text/css", "text/plain"])
        #expect(bucket.multipartThreshold == 10_000_000)
        #expect(bucket.partSize == 6_000_000)
        #expect(bucket.trustedCertificates == "/ca.pem")
        #expect(bucket.cacheControl == "max-age=1")
        #expect(bucket.storageClass == "GLACIER")
        #expect(bucket.credentials?.accessKey == "AKIA")
    }

    @Test(arguments: [
        ("AWS_QUERYSTRING_AUTH", "perhaps", "True or False"),
        ("AWS_QUERYSTRING_EXPIRE", "0", "from 1 to 604800"),
        ("AWS_QUERYSTRING_EXPIRE", "604801", "from 1 to 604800"),
        ("AWS_QUERYSTRING_EXPIRE", "an hour", "whole number"),
        ("AWS_S3_ADDRESSING_STYLE", "host", "auto, virtual, path"),
        ("AWS_S3_MULTIPART_CHUNKSIZE", "1024", "5242880"), ("AWS_LOCATION", "../x", "folder"),
        ("AWS_LOCATION", "/x", "folder"), ("AWS_S3_CUSTOM_DOMAIN", "https://x.com", "https://"),
        ("AWS_S3_URL_PROTOCOL", "ftp:", "https:"), ("AWS_S3_OBJECT_PARAMETERS", "{", "JSON"),
        ("AWS_S3_OBJECT_PARAMETERS", #"{"Expires": "x"}"#, "CacheControl"),
        ("AWS_S3_ENDPOINT_URL", "127.0.0.1:9000", "http"),
        ("AWS_S3_PUBLIC_ENDPOINT_URL", "ftp://x", "http"),
        ("AWS_S3_ACCESS_KEY_ID", "AKIA", "both"),
    ])
    func `a wrong value is told with its variable and what it may be`(
        name: String,
        value: String,
        hint: String
    ) throws {
        let error = #expect(throws: StorageError.self) { try self.bucket([name: value]) }
        let text = try #require(error).description
        #expect(error?.kind == .configuration)
        #expect(text.contains(name), "\(text)")
        #expect(text.contains(hint), "\(text)")
    }

    @Test func `a wrong MEDIA_URL is told`() {
        let error = #expect(throws: StorageError.self) {
            try FolderConfiguration(environment: ["MEDIA_URL": "media"])
        }
        #expect(error?.message.contains("MEDIA_URL") == true)
    }

    @Test func `no description of a configuration has its secret`() {
        var bucket = BucketConfiguration(bucket: "photos")
        bucket.credentials = GalleryCredentials(accessKey: "AKIA", secret: "hush-hush")
        var dumped = ""
        dump(bucket, to: &dumped)
        for text in ["\(bucket)", String(reflecting: bucket), dumped] {
            #expect(!text.contains("hush"))
        }
        #expect(dumped.contains("AKIA"))
    }
}
