import Glibc
import Signing

/// The file in a data folder that keeps the root key pair Pail made, for its owner's eyes only.
struct CredentialsFile {
    let path: String

    init(folder: String) { path = "\(folder)/root-credentials" }

    /// The pair in the file, or `nil` where there is no file.
    ///
    /// - Throws: ``Refusal`` where there is one that cannot be read or holds no pair.
    func read() throws(Refusal) -> RootCredentials? {
        let text: String
        do { text = try FileText.read(path, limit: 4096) } catch {
            guard error.number != ENOENT else { return nil }
            throw Refusal("\(path) cannot be read: \(error).")
        }
        let variables = try EnvironmentFile.parse(text, named: path)
        guard let accessKey = variables["AWS_ACCESS_KEY_ID"],
            let secret = variables["AWS_SECRET_ACCESS_KEY"]
        else {
            throw Refusal(
                "\(path) holds no key pair; remove it, and the next start makes a new one."
            )
        }
        return RootCredentials(accessKey: accessKey, secret: secret, origin: .dataFolder)
    }

    /// The pair in the file, made now where there is none.
    ///
    /// The caller holds the folder's lock.
    func readOrCreate() throws(Refusal) -> RootCredentials {
        if let credentials = try read() { return credentials }
        var random = SystemRandomNumberGenerator()
        let credentials = RootCredentials.generate(origin: .dataFolder, using: &random)
        do { try FileText.createPrivate(path, text(credentials)) } catch {
            throw Refusal("\(path) cannot be written: \(error).")
        }
        return credentials
    }

    private func text(_ credentials: RootCredentials) -> String {
        """
        # Pail's root key pair, made at the first start with this folder. Whoever has it may do everything.
        AWS_ACCESS_KEY_ID=\(credentials.accessKey)
        AWS_SECRET_ACCESS_KEY=\(credentials.secret.revealed())

        """
    }
}
