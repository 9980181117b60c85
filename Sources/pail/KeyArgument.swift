import ArgumentParser

/// The key that a command is about.
struct KeyArgument: ParsableArguments {
    @Argument(help: "The access key ID.")
    var id: String

    @OptionGroup var options: UserOptions
}
