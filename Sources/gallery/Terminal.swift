import GalleryWeb
import Glibc

/// The person at standard input, who need not be at a terminal.
struct Terminal: Conversation {
    func ask(_ question: String) -> String? {
        print(question, terminator: "")
        fflush(nil)
        return readLine()
    }

    func askSecretly(_ question: String) -> String? {
        var shown = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &shown) == 0 else { return ask(question) }
        var hidden = shown
        hidden.c_lflag &= ~tcflag_t(ECHO)
        unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &hidden)
        defer {
            unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &shown)
            print("")
        }
        return ask(question)
    }

    func say(_ line: String) { print(line) }

    func complain(_ line: String) {
        // Standard error is written at once, so what stands before it must be too.
        fflush(nil)
        let bytes = Array((line + "\n").utf8)
        unsafe write(STDERR_FILENO, bytes, bytes.count)
    }
}
