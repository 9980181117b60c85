import ArgumentParser

/// The command line of the gallery.
@main
struct Gallery: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "gallery",
        abstract: "A gallery of pictures, whose files lie in a folder or in an S3 bucket.",
        discussion: """
            Where the pictures lie is set by the variables that django-storages has: with \
            AWS_STORAGE_BUCKET_NAME they are in that bucket, on AWS or on what AWS_S3_ENDPOINT_URL \
            names; without it they are in the folder MEDIA_ROOT (media).
            """,
        subcommands: [
            Migrate.self, CreateSuperuser.self, Serve.self, Import.self, Check.self,
        ]
    )
}
