import ArgumentParser
import GalleryWeb

/// `gallery createsuperuser`: adds somebody who may log in to the admin.
struct CreateSuperuser: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "createsuperuser",
        abstract: "Add a user who may log in to the admin.",
        discussion: """
            Name and password are asked for, unless --noinput is given or GALLERY_SUPERUSER_USERNAME \
            and GALLERY_SUPERUSER_PASSWORD are both set.
            """
    )

    @OptionGroup var options: DatabaseOption

    @Option(help: "The user's name (default: GALLERY_SUPERUSER_USERNAME).")
    var username: String?

    @Flag(help: "Ask nothing: the password is GALLERY_SUPERUSER_PASSWORD.")
    var noinput = false

    func run() async throws {
        let database = try options.open()
        try database.checkMigrated()
        let creation = SuperuserCreation(database)
        let name = username ?? environment["GALLERY_SUPERUSER_USERNAME"]
        let password = environment["GALLERY_SUPERUSER_PASSWORD"]
        if let name, let password {
            try await creation.create(name: name, password: password)
            print("Superuser created successfully.")
            return
        }
        guard !noinput else {
            throw ValidationError(
                "--noinput needs --username or GALLERY_SUPERUSER_USERNAME, and GALLERY_SUPERUSER_PASSWORD."
            )
        }
        var terminal = Terminal()
        try await creation.create(name: name, asking: &terminal)
    }
}
