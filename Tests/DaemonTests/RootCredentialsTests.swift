import Foundation
import Signing
import Testing

@testable import Daemon

@Suite struct RootCredentialsTests {
    @Test func `a pair is made once, for its owner alone, and kept`() throws {
        let folder = try TemporaryFolder()
        let file = CredentialsFile(folder: folder.path)

        #expect(try file.read() == nil)
        let made = try file.readOrCreate()

        #expect(made.accessKey.count == 20)
        #expect(made.credential.secret.revealed().count == 40)
        #expect(made.origin == .dataFolder)
        #expect(!made.isWeak)
        #expect(try folder.mode("root-credentials") == 0o600)
        #expect(try file.readOrCreate() == made)
        let others = try FileManager.default.contentsOfDirectory(atPath: folder.path)
        #expect(others == ["root-credentials"])
    }

    @Test func `two folders have two pairs`() throws {
        let (one, other) = (try TemporaryFolder(), try TemporaryFolder())

        let first = try CredentialsFile(folder: one.path).readOrCreate()
        let second = try CredentialsFile(folder: other.path).readOrCreate()
        #expect(first != second)
    }

    @Test func `a file without a pair is refused, never replaced`() throws {
        let folder = try TemporaryFolder()
        let path = try folder.file("root-credentials", "AWS_ACCESS_KEY_ID=a\n")

        #expect(throws: Refusal.self) { try CredentialsFile(folder: folder.path).readOrCreate() }
        #expect(try String(contentsOfFile: path, encoding: .utf8) == "AWS_ACCESS_KEY_ID=a\n")
    }

    @Test func `a pair that is printed by accident shows no secret`() {
        let pair = RootCredentials(accessKey: "AKIA", secret: "wJalrXUtnFEMI")
        var dumped = ""
        dump(pair, to: &dumped)

        for text in [
            "\(pair)", String(reflecting: pair), "\([pair])", "\(Optional(pair) as Any)", dumped,
        ] {
            #expect(text.contains("AKIA"))
            #expect(!text.contains("wJalr"))
        }
    }
}
