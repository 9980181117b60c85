import Glibc
import S3Protocol

/// A system call that failed.
public struct IOError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The system's number for the reason.
    public let errno: CInt
    /// What was being done, such as `write`.
    public let call: String

    /// Names a failure.
    public init(errno: CInt, call: String) {
        self.errno = errno
        self.call = call
    }

    /// No space or no quota is left, or a file may not grow so large.
    public var isDiskFull: Bool { [ENOSPC, EDQUOT, EFBIG].contains(errno) }

    /// The call and the system's words for the reason.
    public var description: String { "\(call): \(Self.words(for: errno))" }

    static func words(for errno: CInt) -> String {
        unsafe strerror(errno).map { unsafe String(cString: $0) } ?? "error \(errno)"
    }

    /// Answers the result of a system call, repeating it where a signal interrupted it.
    @discardableResult
    static func check<Result: SignedInteger>(
        _ call: String,
        _ body: () -> Result
    ) throws(IOError) -> Result {
        while true {
            let result = body()
            if result >= 0 { return result }
            let reason = Glibc.errno
            guard reason == EINTR else { throw IOError(errno: reason, call: call) }
        }
    }
}
