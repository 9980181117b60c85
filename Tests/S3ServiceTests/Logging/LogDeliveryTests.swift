import NIOHTTP1
import Testing

@testable import S3Service

struct LogDeliveryTests {
    @Test func `much that is asked for while a delivery is under way is one more delivery`()
        async throws
    {
        let s3 = try await TestS3(buckets: ["photos", "logs"])
        let allow =
            #"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"#
            + #""logging.s3.amazonaws.com"},"Action":"s3:PutObject","Resource":"arn:aws:s3:::logs/*"}]}"#
        #expect(await s3.send(.PUT, "/logs?policy", allow).status == 204)
        #expect(
            await s3.send(
                .PUT,
                "/photos?logging",
                "<BucketLoggingStatus><LoggingEnabled><TargetBucket>logs</TargetBucket><TargetPrefix/>"
                    + "</LoggingEnabled></BucketLoggingStatus>"
            ).status == 200
        )
        _ = await s3.put("a")
        await withDiscardingTaskGroup { tasks in
            for _ in 0..<50 { tasks.addTask { await s3.service.deliverLogs() } }
        }
        // Everything is there, in one object or two, whoever asked.
        let lines = try await lines(s3)
        #expect(lines == 2)
        _ = await s3.put("b")
        await s3.service.deliverLogs()
        #expect(try await self.lines(s3) == 3)
    }

    private func lines(_ s3: TestS3) async throws -> Int {
        var count = 0
        for key in await s3.send(.GET, "/logs?list-type=2").all("Key") {
            count += await s3.send(.GET, "/logs/\(key)").text.count { $0 == "\n" }
        }
        return count
    }
}
