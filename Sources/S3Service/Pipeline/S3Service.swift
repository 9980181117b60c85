public import Digests
public import HTTPMessage
public import Logging
import NIOCore
import NIOHTTP1
public import ObjectStore
public import S3Protocol
public import Signing

/// The S3 API over a store: requests in, responses out, no sockets.
///
/// A request goes one way: route, signature, rights, operation, response, one line in the log. No step
/// reaches back, and there is one `catch`.
public struct S3Service: Sendable {
    let configuration: ServiceConfiguration
    let store: Store
    let addressing: Addressing
    let router: Router
    let authenticator: Authenticator
    private let crossOrigin: CrossOrigin
    let ownPaths: OwnPaths
    private let website: Website
    private let access = AccessCache()
    private let announcer: Announcer
    private let serverLog: ServerLog
    private let time: any TimeSource
    private let ids: RequestIDs.Source
    let logger: Logger
    private let log: @Sendable (AccessLogEntry) -> Void

    /// Serves a store.
    ///
    /// - Parameters:
    ///   - configuration: how the service is set up.
    ///   - store: the buckets and objects.
    ///   - root: the root account's key pair; the store never sees it.
    ///   - time: the clock.
    ///   - random: where the names of requests come from.
    ///   - logger: is told of the server's own failures.
    ///   - administration: answers what the root key asks below `/_pail/`; `nil` where nothing does.
    ///   - log: is told of each request when its response is sent.
    public init(
        configuration: ServiceConfiguration,
        store: Store,
        root: Credential,
        time: any TimeSource = SystemTime(),
        random: any RandomSource = SystemRandom(),
        logger: Logger,
        administration: AdministrationAnswer? = nil,
        log: @escaping @Sendable (AccessLogEntry) -> Void = { _ in }
    ) {
        self.configuration = configuration
        self.store = store
        self.time = time
        self.logger = logger
        self.log = log
        addressing = Addressing(domains: configuration.domains, aliases: configuration.aliases)
        authenticator = Authenticator(configuration, store: store, root: root, time: time)
        router = Router(operations, isStrict: configuration.isStrict)
        crossOrigin = CrossOrigin(store: store)
        let seed = random.bytes(8).reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        ids = RequestIDs.Source(seed: seed)
        announcer = Announcer(
            notifications: BucketCache(),
            destinations: NotificationDestinations(
                webhooks: configuration.webhooks,
                region: configuration.region,
                directory: store.directory
            ),
            store: store
        )
        website = Website(
            store: store,
            access: access,
            configuration: configuration,
            announcer: announcer
        )
        serverLog = ServerLog(
            store: store,
            settings: BucketCache(),
            delivery: LogDelivery(
                store,
                access: access,
                announcer: announcer,
                ids: ids,
                time: time,
                logger: logger
            )
        )
        ownPaths = OwnPaths(
            authenticator: authenticator,
            addressing: addressing,
            queues: QueueRequests(announcer.destinations, store.mailbox),
            logs: serverLog.delivery,
            openPaths: configuration.openPaths,
            rootPaths: configuration.rootPaths,
            administration: administration
        )
    }

    /// Puts the access logs that wait into their buckets, and returns when they are there.
    public func deliverLogs() async { await serverLog.delivery.deliver() }

    /// Does what the lifecycles of all buckets say is due, and tells of it whom their notifications name.
    @discardableResult
    public func runLifecycles(day: LifecycleDay = .calendar) async -> LifecycleReport {
        await store.runLifecycles(day: day) { bucket in
            try announcer.announcement(
                in: bucket,
                of: EventType.ofLifecycle,
                because: EventCause(
                    service: "s3.amazonaws.com",
                    ids.next(),
                    reason: "Lifecycle Expiration"
                )
            )
        }
    }

    /// The response to what is no request yet, such as a head that cannot be read.
    public func refusal(_ error: S3Error) -> HTTPResponse {
        let ids = ids.next()
        var response = error.response(resource: "", ids: ids, isHead: false)
        response.headers.add(name: "x-amz-request-id", value: ids.request)
        response.headers.add(name: "x-amz-id-2", value: ids.host)
        response.headers.add(name: "Server", value: "AmazonS3")
        return response
    }

    /// Answers a request; an error is an answer too.
    ///
    /// - Parameters:
    ///   - http: The request.
    ///   - intervention: What whoever stands before the service wants of it.
    /// - Returns: The answer.
    public func respond(
        to http: HTTPRequest,
        _ intervention: Intervention? = nil
    ) async -> HTTPResponse {
        var exchange = Exchange(http, id: ids.next(), started: .now)
        var response: HTTPResponse
        do {
            if let intervention { try intervene(intervention, http, &exchange) }
            response = try await answer(http, &exchange)
            if let failure = intervention?.failure { throw failure }
        } catch {
            response = exchange.response(to: error, logger: logger)
            addRegion(to: &response, exchange)
        }
        response.headers.add(contentsOf: crossOrigin.headers(for: http, bucket: exchange.bucket))
        exchange.watcher = intervention?.logging
        exchange.finish(&response, time: time.now(), log: log, serverLog: serverLog)
        return response
    }

    /// Tells the region of a bucket that was asked for by HEAD, also to who may not see it: S3's clients look for it there.
    ///
    /// [HeadBucket](https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html)
    private func addRegion(to response: inout HTTPResponse, _ exchange: Exchange) {
        guard let request = exchange.request, request.method == .HEAD, request.level == .bucket,
            !exchange.isWebsite, !response.headers.contains(name: HeadBucket.regionHeader),
            let bucket = try? store.bucket(request.bucket)
        else { return }
        response.headers.add(name: HeadBucket.regionHeader, value: bucket.region)
    }

    /// Fails a request that is to fail before anything of it is done.
    private func intervene(
        _ intervention: Intervention,
        _ http: HTTPRequest,
        _ exchange: inout Exchange
    ) throws {
        guard let failure = intervention.failure, !intervention.isCarriedOut else { return }
        if let request = try? S3Request(http, addressing: addressing) {
            exchange.name(request)
            exchange.operation = subject(of: request).operation
            exchange.isWebsite = request.address.isWebsite
        }
        throw failure
    }

    private func answer(
        _ http: HTTPRequest,
        _ exchange: inout Exchange
    ) async throws -> HTTPResponse {
        if let own = try await ownPaths.answer(http, &exchange) { return own }
        if let claim = QueryService.claim(of: http, addressing) {
            return await answer(http, claim, &exchange)
        }
        if case .website = addressing.meaning(of: http.headers.first(name: "host") ?? "") {
            exchange.isWebsite = true
        }
        var request = try S3Request(http, addressing: addressing)
        exchange.name(request)
        if exchange.isWebsite {
            exchange.operation = "Website"
            return try await website.answer(request, ids: exchange.ids, at: time.now())
        }
        guard http.method != .OPTIONS else {
            exchange.operation = "Preflight"
            return try crossOrigin.preflight(request)
        }
        return try await answer(&request, &exchange)
    }

    /// Answers a request of the API: route, signature, rights, operation.
    private func answer(
        _ request: inout S3Request,
        _ exchange: inout Exchange
    ) async throws -> HTTPResponse {
        // What is signed is the request as it came.
        let whole = try PresignedHeaders.applied(to: request)
        let operation = try router.operation(for: whole)
        exchange.operation = operation.name
        // A form tells in its body what other requests tell in their heads.
        let form = operation == PostObject.self ? try await authenticator.form(of: request) : nil
        if let form {
            request = form.request
            exchange.name(request)
        }
        var (caller, payload) =
            if let form {
                try authenticator.authenticate(form)
            } else {
                try await authenticator.authenticate(request)
            }
        exchange.caller = caller
        exchange.signedHost = caller.signedHost
        if form == nil { request = whole }
        if let form, !caller.isAnonymous {
            payload.sizes = try form.allowedSizes(at: time.now())
        }
        let promises = PresignedChecksum.promises(of: request)
        if configuration.isStrict, !promises.isEmpty {
            request = try PresignedChecksum.held(request, to: promises)
        } else if let ignored = promises.first {
            exchange.note = "\(ignored.name) in the query is ignored; --strict holds the body to it"
        }
        let (authorization, target) = try authorize(operation, request, caller)
        // What nobody signed narrows what is allowed, and allows nothing.
        if let form, caller.isAnonymous {
            payload.sizes = try form.allowedSizes(at: time.now())
        }
        exchange.neededList = neededList(operation, request, authorization, target)
        exchange.deletions = operation == DeleteObjects.self ? DeletionJournal() : nil
        let context = Context(
            authorization: authorization,
            payload: payload,
            configuration: configuration,
            target: target.bucket,
            operation: exchange.operation,
            ids: exchange.ids,
            announcer: announcer,
            deletions: exchange.deletions
        )
        var answer = try await answer(operation, request, context)
        try mark(&answer, context)
        return HTTPResponse(status: answer.status, headers: answer.headers, body: answer.body)
    }

    /// Says of a reply what it is about and only stored, and that its caller has paid.
    private func mark(
        _ answer: inout S3Response,
        _ context: Context
    ) throws {
        if let setting = Ledger.settingStored(by: context.operation) {
            answer.headers.addStoredOnly(setting)
        }
        let request = context.authorization.request
        for setting in Ledger.settingsStored(by: request.headers, told: answer.headers) {
            answer.headers.addStoredOnly(setting)
        }
        if let bucket = context.target, try context.authorization.isCharged(for: bucket) {
            answer.headers.add(name: "x-amz-request-charged", value: "requester")
        }
    }

    /// What decides about a caller's request.
    func authorization(of caller: Caller, _ request: S3Request) -> Authorization {
        Authorization(
            caller: caller,
            request: request,
            store: store,
            access: access,
            region: configuration.region,
            now: time.now()
        )
    }

    /// Asks whether the caller may do what the request wants, unless the operation asks for itself.
    private func authorize(
        _ operation: any Operation.Type,
        _ request: S3Request,
        _ caller: Caller
    ) throws -> (Authorization, Authorization.Target) {
        if caller.isAnonymous { try refuseRebinding(request) }
        let authorization = authorization(of: caller, request)
        let target = try authorization.target(of: operation)
        if let bucket = target.bucket { try authorization.requirePayer(of: bucket) }
        guard !operation.authorizesItself else { return (authorization, target) }
        let action = operation.action(for: request)
        do {
            try authorization.require(action, on: target)
        } catch let error as S3Error where error.code == .accessDenied {
            throw try authorization.refusal(error, action, on: target)
        }
        return (authorization, target)
    }

    /// Whether it is a list that lets the caller do what was allowed; asked only where the bucket has a log and lists.
    private func neededList(
        _ operation: any Operation.Type,
        _ request: S3Request,
        _ authorization: Authorization,
        _ target: Authorization.Target
    ) -> Bool {
        guard let bucket = target.bucket, !operation.authorizesItself,
            (try? serverLog.settings.settings(of: bucket, store).configuration) != nil,
            (try? access.settings(of: bucket, store).aclsCount) == true
        else { return false }
        var withoutLists = authorization
        withoutLists.ignoresLists = true
        return (try? withoutLists.allows(operation.action(for: request), on: target)) == false
    }

    private func answer(
        _ operation: any Operation.Type,
        _ request: S3Request,
        _ context: Context
    ) async throws -> S3Response {
        do {
            return try await operation.init(request).run(in: context)
        } catch let absence as SourceAbsence {
            throw absence.error
        } catch let error as S3Error
            where error.code == .noSuchKey || error.code == .noSuchVersion
        {
            guard let bucket = context.target else { throw error }
            throw try context.authorization.absence(error, of: request.key, in: bucket)
        }
    }

    /// A page in a browser can send requests without a signature to a name of its own that it points here.
    private func refuseRebinding(_ request: S3Request) throws(S3Error) {
        guard !addressing.knows(host: request.headers.first(name: "host") ?? "") else { return }
        throw S3Error(
            .accessDenied,
            logged:
                "unsigned, and its Host is neither an address nor a name of this server (--domain)"
        )
    }
}
