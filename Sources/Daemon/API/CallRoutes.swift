import Instruments
import NIOHTTP1
import Policy
import S3Protocol

extension AdministrationRouter {
    /// What was asked and answered.
    static let callRoutes = [
        AdministrationRoute(.GET, "recorder", "getRecorder") { request in
            _ = try request.query()
            return AdministrationReply(request.instruments.recorder.json)
        },
        AdministrationRoute(.PUT, "recorder", "setRecorder") { request in
            let fields = try request.body("on", "limit")
            let limit = try fields.count("limit")
            guard limit.map({ (1...Recorder.maximumLimit).contains($0) }) ?? true else {
                throw AdministrationError.invalid(
                    "limit must be from 1 to \(Recorder.maximumLimit)."
                )
            }
            let recorder = request.instruments.recorder
            if try fields.required("on", fields.flag("on")) {
                recorder.turnOn(limit: limit)
            } else {
                recorder.turnOff()
            }
            return AdministrationReply(recorder.json)
        },
        AdministrationRoute(.GET, "calls", "listCalls") { request in
            let calls = request.instruments.recorder.calls(try CallFilter(request))
            return AdministrationReply(.object(["calls": .array(calls.map(\.json))]))
        },
        AdministrationRoute(.DELETE, "calls", "clearCalls") { request in
            _ = try request.query()
            request.instruments.recorder.clear()
            return .done
        },
        AdministrationRoute(.GET, "calls/wait", "waitForCalls") { request in
            let filter = try CallFilter(request, "count", "timeoutMilliseconds")
            let query = try request.query(CallFilter.all)
            let count = try number(query, "count", in: 1...Recorder.maximumLimit) ?? 1
            let time = try number(query, "timeoutMilliseconds", in: 0...60_000) ?? 10_000
            let calls = await request.instruments.recorder.waitForCalls(
                count,
                filter,
                atMost: .milliseconds(time)
            )
            return AdministrationReply(
                .object([
                    "met": .bool(calls.count >= count), "calls": .array(calls.map(\.json)),
                ])
            )
        },
        AdministrationRoute(.GET, "calls/har", "exportCalls") { request in
            let calls = request.instruments.recorder.calls(try CallFilter(request))
            return AdministrationReply(HAR.log(calls, version: pailVersion))
        },
    ]

    /// A parameter that is a whole number in a range.
    fileprivate static func number(
        _ query: [String: String],
        _ name: String,
        in range: ClosedRange<Int>
    ) throws(AdministrationError) -> Int? {
        guard let text = query[name] else { return nil }
        guard let number = Int(text), range.contains(number) else {
            throw .invalid(
                "\(name) must be a whole number from \(range.lowerBound) to \(range.upperBound)."
            )
        }
        return number
    }
}

extension CallFilter {
    private static let names = [
        "operation", "bucket", "key", "accessKey", "status", "error", "fault", "after",
    ]
    /// Every parameter that an operation about calls may have.
    fileprivate static let all = names + ["count", "timeoutMilliseconds"]

    /// Reads a query.
    ///
    /// - Throws: ``AdministrationError``.
    fileprivate init(
        _ request: AdministrationRequest,
        _ others: String...
    ) throws(AdministrationError) {
        let query = try request.query(Self.names + others)
        self.init(
            operation: query["operation"],
            bucket: query["bucket"],
            key: query["key"],
            accessKey: query["accessKey"],
            status: try AdministrationRouter.number(query, "status", in: 100...599),
            errorCode: query["error"],
            fault: query["fault"],
            after: try AdministrationRouter.number(query, "after", in: 0...Int.max)
        )
    }
}

extension Recorder {
    fileprivate var json: JSON {
        .object([
            "on": .bool(isOn), "limit": .number(String(limit)), "count": .number(String(count)),
        ])
    }
}

extension RecordedCall {
    /// The call with all that is known of it.
    fileprivate var json: JSON {
        func list(_ fields: [Field]) -> JSON {
            .array(fields.map { .object(["name": .string($0.name), "value": .string($0.value)]) })
        }
        return .object([
            "number": .number(String(number)),
            "time": .string(ISO8601.format(time)),
            "requestID": .string(requestID),
            "operation": .string(operation),
            "bucket": .string(bucket),
            "key": .string(key),
            "method": .string(method),
            "target": .string(target),
            "secure": .bool(isSecure),
            "address": .string(peer),
            "accessKey": accessKey.map(JSON.string),
            "signature": .string(signature.rawValue),
            "requestHeaders": list(requestHeaders),
            "requestBytes": .number(String(requestBytes)),
            "checksums": list(checksums),
            "status": .number(String(status)),
            "error": errorCode.map(JSON.string),
            "responseHeaders": list(responseHeaders),
            "responseBytes": .number(String(responseBytes)),
            "complete": .bool(isComplete),
            "faults": .array(faults.map(JSON.string)),
            "microseconds": .number(String(microseconds)),
        ])
    }
}
