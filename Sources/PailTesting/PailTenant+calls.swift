public import Instruments
public import S3Protocol

extension PailTenant {
    /// What was asked of it: all calls, or those that meet everything that is said.
    ///
    /// Every call is there that was answered before this was asked.
    ///
    /// ```swift
    /// #expect(await pail.calls(.putObject, key: "cat.jpg").count == 1)
    /// ```
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - bucket: The bucket; it may have `*` and `?`.
    ///   - key: The key; it may have `*` and `?`.
    /// - Returns: The calls, the oldest first.
    public func calls(
        _ operation: PailOperation? = nil,
        bucket: String? = nil,
        key: String? = nil
    ) async -> [RecordedCall] {
        await recorder.settle()
        return recorder.calls(
            CallFilter(operation: operation?.rawValue, bucket: bucket, key: key)
        )
    }

    /// Waits until so many calls were made.
    ///
    /// - Parameters:
    ///   - count: How many.
    ///   - operation: The operation.
    ///   - bucket: The bucket; it may have `*` and `?`.
    ///   - key: The key; it may have `*` and `?`.
    ///   - time: How long to wait at most.
    /// - Returns: The calls that are there: fewer where the time is over.
    public func waitForCalls(
        _ count: Int,
        _ operation: PailOperation? = nil,
        bucket: String? = nil,
        key: String? = nil,
        atMost time: Duration = .seconds(10)
    ) async -> [RecordedCall] {
        await recorder.waitForCalls(
            count,
            CallFilter(operation: operation?.rawValue, bucket: bucket, key: key),
            atMost: time
        )
    }

    /// Lets calls fail that would have succeeded.
    ///
    /// - Parameters:
    ///   - operation: The operation.
    ///   - key: The key; it may have `*` and `?`.
    ///   - times: How many calls.
    ///   - code: The error that is answered.
    /// - Throws: ``PailFailure`` for a rule that means nothing.
    public func fail(
        _ operation: PailOperation,
        key: String? = nil,
        times: Int = 1,
        with code: S3Error.Code = .slowDown
    ) throws(PailFailure) {
        do {
            try faults.add(
                FaultRule(
                    .error(code, isCarriedOut: false),
                    operation: operation.rawValue,
                    key: key,
                    turn: FaultRule.Turn(times: times)
                )
            )
        } catch {
            throw PailFailure(error)
        }
    }
}
