/// Shortens a sequence that fails.
enum Shrinker {
    /// Takes steps away, many at a time and then one by one, as long as what is left still fails.
    ///
    /// - Parameters:
    ///   - steps: a sequence that fails.
    ///   - attempts: how often it may be tried at most.
    ///   - fails: whether a sequence fails.
    /// - Returns: a sequence that fails too.
    static func shrink<Step>(
        _ steps: [Step],
        attempts: Int = 400,
        whileStill fails: ([Step]) async -> Bool
    ) async -> [Step] {
        var steps = steps
        var left = attempts
        var count = max(1, steps.count / 2)
        while left > 0 {
            var start = 0
            var hasShrunk = false
            while start < steps.count, left > 0 {
                let shorter = Array(steps[..<start] + steps[min(start + count, steps.count)...])
                left -= 1
                if await fails(shorter) {
                    steps = shorter
                    hasShrunk = true
                } else {
                    start += count
                }
            }
            if count == 1, !hasShrunk { break }
            count = max(1, count / 2)
        }
        return steps
    }
}
