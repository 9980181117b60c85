import Digests
import HTTPMessage
import Testing

/// Forms that were bent at random: they may be refused, and never trap or mean two things.
@Suite struct MultipartFormFuzzTests {
    private static let form = Array(
        """
        --X\r
        Content-Disposition: form-data; name="a b"; filename="C:\\x\\"y.jpg"\r
        Content-Type: image/png\r
        \r
        \r\n--Y\r\n--X-\r\nbytes\r
        --X\r
        Content-Disposition: form-data; name=b; filename*=utf-8''z\r
        \r
        \r
        --X--\r

        """.utf8
    )
    /// What is put in and written over: mostly what means something to a reader.
    private static let letters = Array("\r\n\r\n--X:;=\"\\ \u{0}ä".utf8)

    @Test func `a bent form comes to the same end however it is cut`() {
        let random = SeededRandom(seed: 11)
        var refused = 0
        for _ in 0..<1000 {
            let bent = Self.bend(Self.form, random)
            let whole = Self.end(of: [bent])
            #expect(Self.end(of: Self.cut(bent, random)) == whole)
            #expect(Self.end(of: bent.map { [$0] }) == whole)
            if case .failure = whole { refused += 1 }
        }
        // Both ends are reached, or the test would prove nothing.
        #expect((200..<950).contains(refused))
    }

    /// A copy with one to three bytes replaced, put in or taken out.
    private static func bend(_ form: [UInt8], _ random: SeededRandom) -> [UInt8] {
        var bent = form
        for _ in 0...(Int(random.bytes(1)[0]) % 3) {
            let numbers = random.bytes(4).map { Int($0) }
            let place = (numbers[0] << 8 | numbers[1]) % bent.count
            let letter = letters[numbers[2] % letters.count]
            switch numbers[3] % 3 {
            case 0: bent[place] = letter
            case 1: bent.insert(letter, at: place)
            default: bent.remove(at: place)
            }
        }
        return bent
    }

    private static func cut(_ form: [UInt8], _ random: SeededRandom) -> [[UInt8]] {
        var pieces: [[UInt8]] = []
        var rest = form[...]
        while !rest.isEmpty {
            let count = Int(random.bytes(1)[0]) % 40 + 1
            pieces.append(Array(rest.prefix(count)))
            rest = rest.dropFirst(count)
        }
        return pieces
    }

    private static func end(of pieces: [[UInt8]]) -> Result<[Told], MultipartFormError> {
        var limits = MultipartFormLimits()
        limits.headerBytes = 120
        do {
            return .success(try read(bytes: pieces, limits: limits))
        } catch let error as MultipartFormError {
            return .failure(error)
        } catch {
            return .failure(.malformed("\(error)"))
        }
    }
}
