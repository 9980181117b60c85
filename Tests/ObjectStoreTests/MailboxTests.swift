import S3Protocol
import SQLite
import Testing

@testable import ObjectStore

struct MailboxTests {
    /// Tells `queue` the kind and the order of each change.
    private static let announcement = Announcement { change in
        let text = "\(change.kind) \(change.object.key) \(change.order)"
        return [NewMessage(to: "queue", about: change.object.key, Array(text.utf8))]
    }

    private func put(_ key: String, in store: TestStore) async throws {
        _ = try await store.store.put(
            NewObject(key: key, ownerID: store.root.id),
            body: try store.store.staged("x"),
            in: store.bucket,
            telling: Self.announcement
        )
    }

    private func texts(_ messages: [Message]) -> [String] {
        messages.map { String(decoding: $0.body, as: UTF8.self) }
    }

    @Test(arguments: Medium.allCases)
    func `a change and what is told of it are committed together`(medium: Medium) async throws {
        let test = try await TestStore(medium)
        try await put("a", in: test)
        let bucket = test.bucket
        _ = try await test.store.delete(
            Deletion("a", by: test.root.id),
            in: bucket,
            telling: Self.announcement
        )
        await #expect(throws: S3Error.self) {
            _ = try await test.store.put(
                NewObject(key: "b", ownerID: test.root.id),
                body: try test.store.staged("x"),
                in: bucket,
                telling: Self.announcement
            ) { _ in throw S3Error(.preconditionFailed) }
        }
        let told = texts(try test.store.mailbox.due(for: "queue", limit: 10))
        #expect(told.map { $0.prefix(9) } == ["written a", "removed a"])
        let orders = told.compactMap { Int64($0.split(separator: " ")[2]) }
        #expect(orders.count == 2 && orders[0] < orders[1])
    }

    @Test func `deleting what is not there tells nobody`() async throws {
        let test = try await TestStore(.memory)
        _ = try await test.store.delete(
            Deletion("a", by: test.root.id),
            in: test.bucket,
            telling: Self.announcement
        )
        #expect(try test.store.mailbox.count(for: "queue") == 0)
    }

    @Test func `messages are there after the store is opened again`() async throws {
        let test = try await TestStore(.disk)
        try await put("a", in: test)
        let store = try await test.reopened()
        #expect(texts(try store.mailbox.due(for: "queue", limit: 10)).count == 1)
        await store.close()
    }

    @Test func `what was handed out is hidden, with all about the same behind it`() async throws {
        let test = try await TestStore(.memory)
        let mailbox = test.store.mailbox
        for key in ["a", "b", "a"] { try await put(key, in: test) }
        let first = try await mailbox.take(from: "queue", limit: 1, hidingFor: 30)
        #expect(first.map(\.subject) == ["a"] && first.map(\.attempts) == [1])
        let second = try await mailbox.take(from: "queue", limit: 10, hidingFor: 30)
        #expect(second.map(\.subject) == ["b"])
        #expect(try await mailbox.settle(first[0].id, of: "queue", attempts: 1))
        let third = try await mailbox.take(from: "queue", limit: 10, hidingFor: 30)
        #expect(third.map(\.subject) == ["a"])
    }

    @Test func `a message that nobody settles is handed out again, and its old receipt is void`()
        async throws
    {
        let test = try await TestStore(.memory)
        let mailbox = test.store.mailbox
        try await put("a", in: test)
        let first = try await mailbox.take(from: "queue", limit: 10, hidingFor: 30)
        test.time.advance(bySeconds: 29)
        #expect(try await mailbox.take(from: "queue", limit: 10, hidingFor: 30).isEmpty)
        test.time.advance(bySeconds: 1)
        let again = try await mailbox.take(from: "queue", limit: 10, hidingFor: 30)
        #expect(again.map(\.id) == first.map(\.id) && again.map(\.attempts) == [2])
        #expect(try await !mailbox.settle(first[0].id, of: "queue", attempts: 1))
        #expect(try await !mailbox.settle(first[0].id, of: "other", attempts: 2))
        #expect(try await mailbox.settle(first[0].id, of: "queue", attempts: 2))
        #expect(try mailbox.count(for: "queue") == 0)
    }

    @Test func `a destination keeps so many messages, and the oldest goes for one more`()
        async throws
    {
        let time = ManualTime(Timestamp(seconds: 1_700_000_000))
        var configuration = TestStore.configuration(nil, time: time)
        configuration.mailboxCapacity = 3
        let store = try Store.open(configuration)
        let bucket = try await store.createBucket(
            "photos",
            owner: store.directory.rootAccount.id,
            region: "us-east-1"
        )
        for number in 1...5 {
            try await store.set(
                "x",
                to: nil,
                of: bucket,
                posting: [
                    NewMessage(to: "full", about: "s", [UInt8(number)]),
                    NewMessage(to: "other-\(number)", about: "s", [UInt8(number)]),
                ]
            )
        }
        let kept = try store.mailbox.due(for: "full", limit: 10)
        #expect(kept.map(\.body) == [[3], [4], [5]])
        #expect(try store.mailbox.count(for: "other-1") == 1)
        await store.close()
    }

    @Test func `a full destination drops its oldest together, and warns once a minute`()
        async throws
    {
        let (time, log) = (ManualTime(Timestamp(seconds: 1_700_000_000)), TestLog())
        var configuration = TestStore.configuration(nil, time: time)
        configuration.mailboxCapacity = 200
        configuration.logger = log.logger
        let store = try Store.open(configuration)
        let bucket = try await store.createBucket(
            "photos",
            owner: store.directory.rootAccount.id,
            region: "us-east-1"
        )
        func post(_ count: Int) async throws {
            for _ in 0..<count {
                let message = NewMessage(to: "full", about: "s", [1])
                try await store.set("x", to: nil, of: bucket, posting: [message])
            }
        }
        func cost() async throws -> Int64 {
            let before = try store.index.writer.use { $0.machineSteps }
            try await post(1)
            return try store.index.writer.use { $0.machineSteps } - before
        }
        try await post(1)
        let empty = try await cost()
        try await post(198)
        // 200 wait: the next is the first beyond, and goes with the second.
        #expect(try await cost() <= empty + 10)
        #expect(try store.mailbox.count(for: "full") == 201)
        try await post(1)
        #expect(try store.mailbox.count(for: "full") == 200)
        try await post(20)
        #expect(log.warnings("mailbox").map { $0["dropped"] } == ["2"])
        time.advance(bySeconds: 60)
        try await post(2)
        #expect(log.warnings("mailbox").map { $0["dropped"] } == ["2", "22"])
        let first = try #require(try store.mailbox.due(for: "full", limit: 1).first)
        try await store.mailbox.settle(first.id, of: "full")
        try await post(2)
        #expect(try store.mailbox.count(for: "full") == 201)
        await store.close()
    }

    @Test func `whoever waits is woken by a message, and by the end`() async throws {
        let test = try await TestStore(.memory)
        let mailbox = test.store.mailbox
        let seen = mailbox.rings
        async let woken: Void = mailbox.wait(after: seen, atMost: .seconds(600))
        try await put("a", in: test)
        await woken
        // What rang in between is not waited for.
        await mailbox.wait(after: seen, atMost: .seconds(600))
        async let ended: Void = mailbox.wait(after: mailbox.rings, atMost: .seconds(600))
        mailbox.stopWaiting()
        await ended
        #expect(mailbox.isClosed)
    }
}
