import FuzzParsers
import Glibc

/// `fuzz --parser=NAME [libFuzzer's flags] CORPUS` where it was built with `-DFUZZING -sanitize=fuzzer`, and
/// `fuzz --parser=NAME FILE...`, which feeds each file once, where it was not: to see a find again in a debugger.
@main
enum Fuzz {
    private static let flag = "--parser="

    static func main() {
        guard let name = CommandLine.arguments.first(where: { $0.hasPrefix(flag) }),
            let parser = Parser.named(String(name.dropFirst(flag.count)))
        else {
            print("usage: fuzz --parser=NAME ...; the parsers:")
            for parser in Parser.all { print("  \(parser.name)") }
            exit(64)
        }
        run(parser)
    }

    #if FUZZING
    fileprivate nonisolated(unsafe) static var parser: Parser?

    private static func run(_ parser: Parser) {
        unsafe self.parser = parser
        var count = CommandLine.argc
        var arguments: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>? =
            unsafe CommandLine
            .unsafeArgv
        exit(unsafe runFuzzer(&count, &arguments, testOneInput))
    }
    #else
    private static func run(_ parser: Parser) {
        for path in CommandLine.arguments.dropFirst() where !path.hasPrefix("--") {
            guard let bytes = read(path) else {
                print("\(path) cannot be read")
                exit(1)
            }
            parser.feed(bytes)
            print("\(path): \(bytes.count) bytes")
        }
    }

    private static func read(_ path: String) -> [UInt8]? {
        guard let file = unsafe fopen(path, "rb") else { return nil }
        defer { unsafe fclose(file) }
        var bytes: [UInt8] = []
        while true {
            let byte = unsafe getc(file)
            guard byte != EOF else { return bytes }
            bytes.append(UInt8(truncatingIfNeeded: byte))
        }
    }
    #endif
}

#if FUZZING
/// Feeds the parser once; libFuzzer's own name for it.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ data: UnsafePointer<UInt8>?, _ size: Int) -> CInt {
    unsafe Fuzz.parser?.feed(Array(UnsafeBufferPointer(start: data, count: size)))
    return 0
}

/// Runs until a limit or a find.
///
/// [libFuzzer as a library](https://llvm.org/docs/LibFuzzer.html#using-libfuzzer-as-a-library)
@_silgen_name("LLVMFuzzerRunDriver")
private func runFuzzer(
    _ count: inout CInt,
    _ arguments: inout UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?,
    _ test: @convention(c) (UnsafePointer<UInt8>?, Int) -> CInt
) -> CInt
#endif
