import Digests
import S3Protocol
import Testing

@testable import GalleryWeb

/// A person who says what a test wrote down.
private struct Script: Conversation {
    var answers: [String]
    var said: [String] = []

    mutating func ask(_ question: String) -> String? { next(question) }
    mutating func askSecretly(_ question: String) -> String? { next("secretly " + question) }
    mutating func say(_ line: String) { said.append(line) }
    mutating func complain(_ line: String) { said.append(line) }

    private mutating func next(_ question: String) -> String? {
        said.append(question)
        return answers.isEmpty ? nil : answers.removeFirst()
    }
}

@Suite struct SuperuserCreationTests {
    private let database: GalleryDatabase
    private let creation: SuperuserCreation
    private let hasher = PasswordHasher(random: SeededRandom(seed: 2), cost: TestSite.cheap)

    init() throws {
        database = try GalleryDatabase()
        try database.migrate()
        let time = ManualTime(Timestamp(seconds: 0))
        creation = SuperuserCreation(database, time: time, hasher: hasher)
    }

    private func stored(_ name: String) async throws -> String? {
        try await Users(database: database).user(named: name)?.password
    }

    @Test func `a name and a password that are asked for make a user`() async throws {
        var person = Script(answers: ["pius", "long enough", "long enough"])

        try await creation.create(name: nil, asking: &person)

        #expect(try await hasher.verify("long enough", against: stored("pius")))
        #expect(
            person.said == [
                "Username: ", "secretly Password: ", "secretly Password (again): ",
                "Superuser created successfully.",
            ]
        )
    }

    @Test func `what is wrong is said and asked again`() async throws {
        var person = Script(
            answers: [
                "p i", "pius", "long enough", "long enuogh", "short", "short", "fine by now",
                "fine by now",
            ]
        )

        try await creation.create(name: nil, asking: &person)

        #expect(person.said.contains { $0.hasPrefix("Error: Enter a valid username.") })
        #expect(person.said.contains("Error: Your passwords didn't match."))
        #expect(person.said.contains { $0.contains("too short") })
        #expect(try await hasher.verify("fine by now", against: stored("pius")))
    }

    @Test func `a name that is given is not asked for`() async throws {
        var person = Script(answers: ["long enough", "long enough"])

        try await creation.create(name: "pius", asking: &person)

        #expect(try await stored("pius") != nil)
        #expect(!person.said.contains("Username: "))
    }

    @Test func `a name that is taken is refused`() async throws {
        try await creation.create(name: "pius", password: "long enough")

        await #expect(throws: SiteError("That username is already taken.")) {
            try await creation.create(name: "pius", password: "another one")
        }
        #expect(try await hasher.verify("long enough", against: stored("pius")))
    }

    @Test func `the end of the input cancels`() async throws {
        var person = Script(answers: ["pius", "long enough"])

        await #expect(throws: SiteError("Operation cancelled.")) {
            try await creation.create(name: nil, asking: &person)
        }
        #expect(try await stored("pius") == nil)
    }

    @Test func `what is wrong with given values is an error and no user`() async throws {
        await #expect(throws: SiteError.self) {
            try await creation.create(name: "pius", password: "12345678")
        }
        #expect(try await stored("pius") == nil)
    }
}
