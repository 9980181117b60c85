import Glibc
import Logging
import ObjectStore
import Policy

/// The users of a data folder, whether a daemon runs on it or not.
///
/// Where one runs, it is asked over its socket; where none does, the folder is locked and its store
/// opened here. Two processes never have the index open for writing.
public struct Administration: Sendable {
    let folder: String

    /// Administrates a data folder.
    public init(folder: String) { self.folder = folder }

    /// Administrates the data folder that is set.
    ///
    /// - Throws: ``Refusal`` where what is set is a store in memory.
    public init(_ settings: Settings) throws(Refusal) {
        guard let folder = try DaemonConfiguration.storage(settings).folder else {
            throw Refusal("A store in memory has no folder to administrate it by.")
        }
        self.init(folder: folder)
    }

    /// What the daemon on the folder says about itself, or `nil` where none runs.
    ///
    /// - Throws: ``Refusal`` where one does and cannot be spoken to.
    public func status() async throws(Refusal) -> DaemonStatus? {
        guard case .status(let status)? = try await AdminClient.ask(.status, folder: folder) else {
            return nil
        }
        return status
    }

    /// Makes a user with an access key, and the account where it is missing.
    ///
    /// `policies` are names of managed policies, or paths of files with documents.
    ///
    /// - Throws: ``Refusal``.
    public func createUser(
        _ name: String,
        account: String?,
        policies: [String],
        accessKey: String?,
        secretKey: String?
    ) async throws(Refusal) -> UserDetails {
        var attachments: [PolicyAttachment] = []
        for policy in policies { attachments.append(try Self.attachment(policy)) }
        let new = NewUser(
            name: name,
            account: account,
            policies: attachments,
            accessKey: accessKey,
            secretKey: secretKey
        )
        guard let user = try await users(after: .createUser(new)).first else {
            throw Refusal("The daemon did not tell the user it made.")
        }
        return user
    }

    /// Every user, in the order they were made.
    ///
    /// - Throws: ``Refusal``.
    public func users() async throws(Refusal) -> [UserDetails] {
        try requireFolder()
        return try await users(after: .listUsers)
    }

    /// Why the daemon on the folder refused a request, line by line.
    ///
    /// - Throws: ``Refusal`` where none runs, or it does not remember the request.
    public func explanation(of requestID: String) async throws(Refusal) -> [String] {
        switch try await AdminClient.ask(.explain(requestID: requestID), folder: folder) {
        case .explanation(let lines)?: return lines
        case .refused(let why)?: throw Refusal(why)
        case _?: throw Self.unexpected
        case nil: throw Refusal("No daemon runs on \(folder), and only it remembers its requests.")
        }
    }

    /// Deletes a user and their access keys.
    ///
    /// - Throws: ``Refusal``.
    public func deleteUser(_ name: String, account: String?) async throws(Refusal) {
        try requireFolder()
        _ = try await users(after: .deleteUser(name: name, account: account))
    }
}

// MARK: Policies and keys of users

extension Administration {
    /// The policies of a user: the name and, of those that are the user's own, the document.
    ///
    /// - Throws: ``Refusal``.
    public func policies(of user: String, account: String?) async throws(Refusal) -> [UserPolicy] {
        try requireFolder()
        let request = AdminRequest.listPolicies(UserName(name: user, account: account))
        guard case .policies(let policies) = try await perform(request) else {
            throw Self.unexpected
        }
        return policies.map(UserPolicy.init)
    }

    /// Attaches a policy to a user, one of AWS's or of the account's, by its name or ARN.
    ///
    /// - Throws: ``Refusal``.
    public func attachPolicy(
        _ policy: String,
        to user: String,
        account: String?
    ) async throws(Refusal) {
        try await change(.attachPolicy(UserName(name: user, account: account), policy))
    }

    /// Puts the document in a file on a user, under a name.
    ///
    /// - Throws: ``Refusal``.
    public func putPolicy(
        _ name: String,
        file: String,
        on user: String,
        account: String?
    ) async throws(Refusal) {
        let document: String
        do {
            document = try FileText.read(file, limit: PolicyDocument.maximumSize)
        } catch {
            throw Refusal("\(file) cannot be read: \(error).")
        }
        let user = UserName(name: user, account: account)
        try await change(.putPolicy(user, name: name, document: document))
    }

    /// Takes a policy from a user, by its name or ARN.
    ///
    /// - Throws: ``Refusal``.
    public func removePolicy(
        _ policy: String,
        from user: String,
        account: String?
    ) async throws(Refusal) {
        try await change(.removePolicy(UserName(name: user, account: account), policy))
    }

    /// Makes another access key of a user, or where none is named of the account's root.
    ///
    /// - Throws: ``Refusal``.
    public func createKey(
        of user: String?,
        account: String?,
        accessKey: String?,
        secretKey: String?
    ) async throws(Refusal) -> UserDetails {
        try requireFolder()
        let user = UserName(name: user ?? UserName.root, account: account)
        let request = AdminRequest.createKey(user, accessKey: accessKey, secretKey: secretKey)
        guard let made = try await users(after: request).first else { throw Self.unexpected }
        return made
    }

    /// The access keys of a user, or of all.
    ///
    /// - Throws: ``Refusal``.
    public func keys(of user: String?, account: String?) async throws(Refusal) -> [KeyDetails] {
        try requireFolder()
        let user = user.map { UserName(name: $0, account: account) }
        guard case .keys(let keys) = try await perform(.listKeys(user)) else {
            throw Self.unexpected
        }
        return keys
    }

    /// Enables or disables an access key.
    ///
    /// - Throws: ``Refusal``.
    public func setKey(_ accessKey: String, isActive: Bool) async throws(Refusal) {
        try await change(.setKey(accessKey, isActive: isActive))
    }

    /// Deletes an access key.
    ///
    /// - Throws: ``Refusal``.
    public func deleteKey(_ accessKey: String) async throws(Refusal) {
        try await change(.deleteKey(accessKey))
    }

    private func change(_ request: AdminRequest) async throws(Refusal) {
        try requireFolder()
        _ = try await perform(request)
    }

    static let unexpected = Refusal("The daemon answered what it was not asked.")
}

extension Administration {
    private func users(after request: AdminRequest) async throws(Refusal) -> [UserDetails] {
        guard case .users(let users) = try await perform(request) else { throw Self.unexpected }
        return users
    }

    /// The answer to a request, of the daemon, or of this process where none runs.
    ///
    /// `progress` is told what is said before it. Where this process has to open the folder, it removes what the last
    /// start left only if it `tidiesUp`.
    ///
    /// - Throws: ``Refusal`` where that is the answer.
    func perform(
        _ request: AdminRequest,
        tidiesUp: Bool = true,
        progress: @escaping @Sendable (AdminReply) -> Void = { _ in }
    ) async throws(Refusal) -> AdminReply {
        let reply = try await reply(to: request, tidiesUp, progress)
        if case .refused(let why) = reply { throw Refusal(why) }
        return reply
    }

    private func reply(
        to request: AdminRequest,
        _ tidiesUp: Bool,
        _ progress: @escaping @Sendable (AdminReply) -> Void
    ) async throws(Refusal) -> AdminReply {
        let reply = try await AdminClient.ask(request, folder: folder, progress: progress)
        if let reply { return reply }
        var configuration = StoreConfiguration(folder: folder, logger: Self.logger)
        configuration.tidiesUp = tidiesUp
        let store = try await OpenStore.open(configuration)
        let root = try? CredentialsFile(folder: folder).read()
        let administrator = Administrator(store: store, rootAccessKey: root?.accessKey)
        let answer = await administrator.answer(request) { progress($0) }
        await store.close()
        return answer
    }

    /// For what a person should hear of, who asked for something else.
    static var logger: Logger {
        var logger = LogBackend.logger("pail", .standardError(.text))
        logger.logLevel = .warning
        return logger
    }

    /// A folder with a typing error in its name is not made by asking who is in it.
    func requireFolder() throws(Refusal) {
        guard unsafe access(folder, F_OK) == 0 else {
            throw Refusal("There is no data folder \(folder); --data names another one.")
        }
    }

    /// A managed policy by its name, else the document in the file of that name.
    private static func attachment(_ policy: String) throws(Refusal) -> PolicyAttachment {
        if let managed = ManagedPolicy.all.first(where: { [$0.name, $0.arn].contains(policy) }) {
            return .managed(managed.name)
        }
        do {
            let document = try FileText.read(policy, limit: PolicyDocument.maximumSize)
            return .inline(name: fileName(policy), document: document)
        } catch {
            let known = ManagedPolicy.all.map(\.name).joined(separator: ", ")
            throw Refusal(
                "\(policy) is neither one of \(known) nor a file that can be read: \(error)."
            )
        }
    }

    private static func fileName(_ path: String) -> String {
        let name = path.split(separator: "/").last.map(String.init) ?? path
        return name.hasSuffix(".json") ? String(name.dropLast(5)) : name
    }
}
