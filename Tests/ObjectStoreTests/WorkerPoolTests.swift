import Synchronization
import Testing

@testable import ObjectStore

@Suite(.timeLimit(.minutes(5))) struct WorkerPoolTests {
    /// Where some come together before any goes on.
    private final class Meeting: Sendable {
        private let missing: Mutex<Int>
        private let isComplete = Semaphore()
        private let count: Int

        init(of count: Int) {
            self.count = count
            missing = Mutex(count)
        }

        func attend() {
            let isLast = missing.withLock { missing in
                missing -= 1
                return missing == 0
            }
            if isLast { for _ in 0..<count { isComplete.signal() } }
            isComplete.wait()
        }
    }

    private final class Presence: Sendable {
        private let counts = Mutex((now: 0, most: 0))
        var most: Int { counts.withLock { $0.most } }
        func enter() { counts.withLock { $0 = ($0.now + 1, max($0.most, $0.now + 1)) } }
        func leave() { counts.withLock { $0.now -= 1 } }
    }

    @Test(arguments: 1...4)
    func `as many jobs run at once as there may be threads`(count: Int) async throws {
        let pool = WorkerPool(threads: count)
        for _ in 0..<20 {
            let meeting = Meeting(of: count)
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<count { group.addTask { try await pool.run { meeting.attend() } } }
                try await group.waitForAll()
            }
        }
    }

    @Test(arguments: [0, 1, 3])
    func `never more jobs run at once, and every one is run`(count: Int) async throws {
        let pool = WorkerPool(threads: count)
        let presence = Presence()
        let sum = try await withThrowingTaskGroup(of: Int.self) { group in
            for number in 1...200 {
                group.addTask {
                    try await pool.run {
                        presence.enter()
                        defer { presence.leave() }
                        return number
                    }
                }
            }
            return try await group.reduce(0, +)
        }
        #expect(sum == 20100)
        #expect(presence.most <= max(count, 1))
    }
}
