import HTTPServer
import ObjectStore
import S3Protocol
import S3Service

extension DaemonConfiguration {
    /// Reads what was set.
    ///
    /// - Throws: ``Refusal`` that names the setting that cannot be what it is set to.
    public init(_ settings: Settings) throws(Refusal) {
        self.init()
        compatibility = try settings.choice(.compat)
        let settings = try settings.translated(from: compatibility)
        host = settings.text(.host) ?? host
        port = try Self.httpPort(settings, compatibility?.port)
        tls = try Self.tls(settings)
        storage = try Self.storage(settings)
        durability = try settings.choice(.durability, default: DurabilityWord.full).durability
        region = settings.text(.region) ?? region
        domains = settings.list(.domain)
        aliases = settings.list(.alias)
        accountID = settings.text(.accountID) ?? accountID
        credentials = try RootCredentials(environment: settings.variables)
        allowsWeakKeys = try settings.isOn(.allowWeakKeys)
        isStrict = try settings.isOn(.strict)
        sigV4Only = try settings.isOn(.sigV4Only)
        lifecycleDay = try Self.lifecycleDay(settings)
        scrubRate = try Self.scrubRate(settings)
        bucketDefaults = try settings.choice(.bucketDefaults, default: bucketDefaults)
        logFormat = try settings.choice(.logFormat, default: logFormat)
        initFolder = settings.text(.initFolder)
        buckets = Self.buckets(settings)
        seedFolder = settings.text(.seed)
        logDeliverySeconds = try Self.seconds(.logDeliverySeconds, settings) ?? logDeliverySeconds
        eventLoops = try Self.eventLoops(settings)
        webhooks = try Self.webhooks(settings)
        webhookSecret = try Self.webhookSecret(settings)
        try validate()
    }

    /// What can be known to be wrong before anything is opened.
    ///
    /// - Throws: ``Refusal``.
    public func validate() throws(Refusal) {
        guard port != nil || tls != nil else {
            throw Refusal(
                "--port none leaves nothing to listen on without --tls-cert and --tls-key."
            )
        }
        if let tls, tls.port != 0, tls.port == port {
            throw Refusal("http and https cannot both be on port \(tls.port).")
        }
        guard accountID.utf8.count == 12, accountID.utf8.allSatisfy({ (0x30...0x39).contains($0) })
        else {
            throw Refusal("--account-id must be 12 digits, not \"\(accountID)\".")
        }
        if let name = buckets.first(where: { !BucketName.isValid($0) }) {
            throw Refusal("\"\(name)\" cannot be the name of a bucket.")
        }
        if let credentials { try check(credentials) }
        guard webhooks.isEmpty || webhookSecret != nil else {
            throw Refusal(
                "--webhook needs a secret to sign with: set PAIL_WEBHOOK_SECRET, or name a file with "
                    + "--webhook-secret-file."
            )
        }
    }

    /// What the public half of the root pair is given by.
    var accessKeyName: String { compatibility == .minio ? "MINIO_ROOT_USER" : "AWS_ACCESS_KEY_ID" }

    /// What the other half is given by.
    private var secretName: String {
        compatibility == .minio ? "MINIO_ROOT_PASSWORD" : "AWS_SECRET_ACCESS_KEY"
    }

    /// Refuses a key that others could guess where others could try.
    func check(_ credentials: RootCredentials) throws(Refusal) {
        guard credentials.isWeak, !Host(host).isLoopback, !allowsWeakKeys else { return }
        throw Refusal(
            """
            The secret key has fewer than \(RootCredentials.minimumSecretLength) characters, and \
            \(host) can be reached by other machines.
            Set a longer \(secretName), or set neither \(accessKeyName) nor \
            \(secretName) and let Pail make a pair, or listen on 127.0.0.1. \
            --allow-weak-keys starts all the same.
            """
        )
    }

    private static func httpPort(
        _ settings: Settings,
        _ usual: Int?
    ) throws(Refusal) -> Int? {
        if settings.text(.port)?.lowercased() == "none" { return nil }
        return try settings.port(.port) ?? usual ?? defaultPort
    }

    private static func tls(_ settings: Settings) throws(Refusal) -> TLS? {
        switch (settings.text(.tlsCert), settings.text(.tlsKey)) {
        case (let certificate?, let key?):
            return TLS(
                files: TLSFiles(certificateChain: certificate, privateKey: key),
                port: try settings.port(.tlsPort) ?? TLS.defaultPort
            )
        case (nil, nil):
            guard let found = settings.find(.tlsPort) else { return nil }
            throw Refusal("\(found.name) needs --tls-cert and --tls-key.")
        case (nil, _), (_, nil):
            throw Refusal("--tls-cert and --tls-key must come together.")
        }
    }

    /// A folder and memory exclude each other, unless one was set where the other cannot be unset:
    /// a flag, say, against a container's environment.
    static func storage(_ settings: Settings) throws(Refusal) -> Storage {
        let folder = settings.find(.data)
        let path = folder?.values.last ?? defaultFolder
        guard try settings.isOn(.memory), let memory = settings.find(.memory) else {
            return .folder(path)
        }
        guard let folder, folder.origin >= memory.origin else { return .memory }
        guard folder.origin == memory.origin else { return .folder(path) }
        throw Refusal(
            "\(memory.name) keeps nothing on disk and \(folder.name) does: choose one of them."
        )
    }

    private static func lifecycleDay(_ settings: Settings) throws(Refusal) -> LifecycleDay {
        try seconds(.lifecycleDaySeconds, settings).map { .seconds($0) } ?? .calendar
    }

    /// A setting that is a number of seconds, up to a day.
    private static func seconds(
        _ setting: Setting,
        _ settings: Settings
    ) throws(Refusal) -> Int64? {
        guard let found = settings.find(setting), let value = found.values.last else { return nil }
        guard let seconds = Int64(value), (1...86_400).contains(seconds) else {
            throw Refusal("\(found.name) must be a number from 1 to 86400, not \"\(value)\".")
        }
        return seconds
    }

    private static func scrubRate(_ settings: Settings) throws(Refusal) -> ScrubRate {
        guard let found = settings.find(.scrubBytesPerSecond), let value = found.values.last else {
            return .standard
        }
        if value.lowercased() == "off" { return .off }
        guard let rate = Int64(value), (4096...(1 << 40)).contains(rate) else {
            throw Refusal("\(found.name) must be off or a number from 4096, not \"\(value)\".")
        }
        return .bytesPerSecond(rate)
    }

    private static func eventLoops(_ settings: Settings) throws(Refusal) -> Int? {
        guard let found = settings.find(.eventLoops), let value = found.values.last else {
            return nil
        }
        guard let count = Int(value), (1...256).contains(count) else {
            throw Refusal("\(found.name) must be a number from 1 to 256, not \"\(value)\".")
        }
        return count
    }

    private static func buckets(_ settings: Settings) -> [String] {
        let named = settings.list(.bucket)
        guard let application = settings.variables[Environment.bucketVariable],
            !named.contains(application)
        else { return named }
        return named + [application]
    }
}

/// `Durability` as the command line spells it.
private enum DurabilityWord: String, CaseIterable {
    case full, relaxed

    var durability: Durability {
        switch self {
        case .full: .full
        case .relaxed: .relaxed
        }
    }
}
