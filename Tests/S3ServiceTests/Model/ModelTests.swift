import Foundation
import Testing

/// Random sequences of requests, carried out on the service and on a model of S3 that was written from AWS's
/// documentation, with no difference.
///
/// `PAIL_MODEL_SEEDS=1000 PAIL_MODEL_STEPS=500` look longer, `PAIL_MODEL_SEED=7` looks at one.
@Suite struct ModelTests {
    @Test(.timeLimit(.minutes(60)))
    func `no sequence of requests tells Pail from a model of S3`() async throws {
        let tally = await withTaskGroup(of: [String: Int].self) { group in
            for seed in Self.seeds { group.addTask { await Self.explore(seed) } }
            return await group.reduce(into: [:]) { $0.merge($1, uniquingKeysWith: +) }
        }
        if Self.number("PAIL_MODEL_TALLY") != nil {
            for (end, count) in tally.sorted(by: { $0.key < $1.key }) { print("\(count)\t\(end)") }
        }
        guard Self.number("PAIL_MODEL_SEED") == nil else { return }
        // A generator that does not get there would find nothing there.
        for end in Self.wanted where tally[end] == nil {
            Issue.record("no request came to “\(end)”")
        }
    }

    @Test(arguments: ModelMistake.allCases)
    func `a model with a mistake is told from Pail`(mistake: ModelMistake) async throws {
        var found = false
        for seed in 1...UInt64(20) where !found {
            let steps = ModelGenerator.steps(seed: seed, count: 300)
            found = await Self.difference(steps, mistake: mistake) != nil
        }
        #expect(found)
    }

    @Test func `a sequence that fails is shortened to what it fails for`() async {
        let shrunk = await Shrinker.shrink(Array(0..<200)) { $0.contains(3) && $0.contains(177) }
        #expect(shrunk == [3, 177])
    }

    private static let wanted = [
        "put 200", "put PreconditionFailed", "put NoSuchKey", "copy 200", "copy version 200",
        "copy InvalidRequest", "copy NoSuchVersion", "copy PreconditionFailed", "delete 204",
        "delete version 204", "delete PreconditionFailed", "deleteMany 200", "get 206",
        "get NotModified",
        "get MethodNotAllowed", "get InvalidRange", "tag GET 200", "tag PUT MethodNotAllowed",
        "uploadPart 200", "uploadPart again 200", "copyPart 200", "copyPart InvalidArgument",
        "complete part 200", "complete parts 200", "complete again 200", "complete InvalidPart",
        "complete EntityTooSmall", "complete InvalidPartOrder", "complete PreconditionFailed",
        "abort 204",
        "list first pages", "list second pages", "list versions pages", "list uploads pages",
    ]

    private static var seeds: ClosedRange<UInt64> {
        if let one = number("PAIL_MODEL_SEED") { return UInt64(one)...UInt64(one) }
        return 1...UInt64(number("PAIL_MODEL_SEEDS") ?? 24)
    }

    private static func number(_ variable: String) -> Int? {
        ProcessInfo.processInfo.environment[variable].flatMap { Int($0) }
    }

    /// Tries one seed; a difference is told with the shortest sequence that still shows one.
    private static func explore(_ seed: UInt64) async -> [String: Int] {
        let steps = ModelGenerator.steps(seed: seed, count: number("PAIL_MODEL_STEPS") ?? 200)
        var tally: [String: Int] = [:]
        guard let first = await difference(steps, tally: &tally) else { return tally }
        let shrunk = await Shrinker.shrink(steps) { await difference($0) != nil }
        let last = await difference(shrunk) ?? first
        let lines = shrunk.enumerated().map { number, step in
            "  \(number + 1). " + "\(step)".replacing("S3ServiceTests.Model", with: "")
        }
        Issue.record(
            """
            PAIL_MODEL_SEED=\(seed) PAIL_MODEL_STEPS=\(steps.count): \(last)
            the shortest sequence that shows it has \(shrunk.count) of \(steps.count) steps:
            \(lines.joined(separator: "\n"))
            """
        )
        return tally
    }

    private static func difference(
        _ steps: [ModelStep],
        mistake: ModelMistake? = nil
    ) async -> String? {
        var tally: [String: Int] = [:]
        return await difference(steps, mistake: mistake, tally: &tally)
    }

    /// The first difference that steps show, in a service of their own.
    private static func difference(
        _ steps: [ModelStep],
        mistake: ModelMistake? = nil,
        tally: inout [String: Int]
    ) async -> String? {
        do {
            var run = try await ModelRun(mistake: mistake)
            defer { tally = run.tally }
            for step in steps + ModelStep.audit { try await run.run(step) }
            return nil
        } catch {
            return "\(error)"
        }
    }
}

extension ModelStep {
    /// Everything that is there at the end.
    fileprivate static var audit: [ModelStep] {
        let all = ModelQuery(
            prefix: ModelKey(""),
            delimiter: ModelKey(""),
            limit: 1000,
            urlEncoded: true
        )
        return [0, 1].flatMap { bucket in
            ModelListKind.allCases.map { kind in
                ModelStep.list(bucket: bucket, kind, all, after: ModelKey(""), .latest)
            }
        }
    }
}
