import NIOHTTP1
import S3Client
import S3Service
import TestSupport
import Testing

/// What every server must do for the client, here without a socket.
@Suite struct ClientCaseTests {
    @Test(arguments: ClientCase.all)
    func `the service answers`(_ shown: ClientCase) async throws {
        let s3 = try await InProcessS3()
        try await shown.run(s3.client(), bucket: "photos")
    }

    @Test(arguments: ClientCase.all)
    func `the strict service answers, buckets being hosts and checks CRC32`(
        _ shown: ClientCase
    ) async throws {
        let s3 = try await InProcessS3(configuration: ServiceConfiguration(isStrict: true))
        let endpoint = try S3Endpoint(url: "https://s3.localhost:9443", addressing: .virtual)
        let client = try s3.client(at: endpoint, checksum: .crc32)
        try await shown.run(client, bucket: "photos")
    }
}
