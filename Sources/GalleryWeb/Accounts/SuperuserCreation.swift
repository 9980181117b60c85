public import Digests
public import S3Protocol

/// A person at a terminal, or a test in the person's place.
public protocol Conversation {
    /// Asks for a line; `nil` at the end of the input.
    mutating func ask(_ question: String) -> String?
    /// Asks for a line that is not shown while it is typed; `nil` at the end of the input.
    mutating func askSecretly(_ question: String) -> String?
    /// Says a line.
    mutating func say(_ line: String)
    /// Says a line about something that is wrong.
    mutating func complain(_ line: String)
}

/// `gallery createsuperuser`: adds a user who may log in to the admin.
public struct SuperuserCreation: Sendable {
    private let users: Users
    private let hasher: PasswordHasher
    private let time: any TimeSource

    /// Works on a database that is migrated.
    public init(
        _ database: GalleryDatabase,
        time: any TimeSource = SystemTime(),
        random: any RandomSource = SystemRandom()
    ) {
        self.init(database, time: time, hasher: PasswordHasher(random: random))
    }

    init(_ database: GalleryDatabase, time: any TimeSource, hasher: PasswordHasher) {
        users = Users(database: database)
        self.hasher = hasher
        self.time = time
    }

    /// Adds a user whose name and password are known.
    ///
    /// - Throws: ``SiteError`` with all that is wrong with them.
    public func create(name: String, password: String) async throws {
        let wrong =
            try await problems(withName: name)
            + PasswordRules.problems(with: password, of: name)
        guard wrong.isEmpty else { throw SiteError(wrong.joined(separator: "\n")) }
        try await users.add(name, password: hasher.hash(password), at: time.now())
    }

    /// Asks for what is not known, again where it is wrong, and adds the user.
    ///
    /// - Throws: ``SiteError`` where the input ends first.
    public func create(name: String?, asking person: inout some Conversation) async throws {
        let name = try await askForName(name, asking: &person)
        let password = try askForPassword(of: name, asking: &person)
        try await create(name: name, password: password)
        person.say("Superuser created successfully.")
    }

    private func askForName(
        _ given: String?,
        asking person: inout some Conversation
    ) async throws -> String {
        var given = given
        while let name = given ?? person.ask("Username: ") {
            let wrong = try await problems(withName: name)
            if wrong.isEmpty { return name }
            for problem in wrong { person.complain("Error: \(problem)") }
            given = nil
        }
        throw Self.cancelled
    }

    private func askForPassword(
        of name: String,
        asking person: inout some Conversation
    ) throws -> String {
        while let password = person.askSecretly("Password: "),
            let again = person.askSecretly("Password (again): ")
        {
            let wrong =
                password == again
                ? PasswordRules.problems(with: password, of: name)
                : ["Your passwords didn't match."]
            if wrong.isEmpty { return password }
            for problem in wrong { person.complain("Error: \(problem)") }
        }
        throw Self.cancelled
    }

    private func problems(withName name: String) async throws -> [String] {
        let wrong = PasswordRules.problems(withName: name)
        guard wrong.isEmpty, try await users.user(named: name) != nil else { return wrong }
        return ["That username is already taken."]
    }

    private static let cancelled = SiteError("Operation cancelled.")
}
