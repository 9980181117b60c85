import Digests
import Testing

@Suite struct RandomSourceTests {
    @Test func `a seed always gives the same bytes`() {
        let (one, same) = (SeededRandom(seed: 42), SeededRandom(seed: 42))
        #expect(one.bytes(20) == same.bytes(20))
        #expect(one.bytes(20) == same.bytes(20))
        #expect(one.bytes(8) != SeededRandom(seed: 43).bytes(8))
    }

    @Test func `the system never gives the same bytes`() {
        #expect(SystemRandom().bytes(16) != SystemRandom().bytes(16))
        #expect(SystemRandom().bytes(0).isEmpty)
        #expect(SystemRandom().bytes(13).count == 13)
    }
}
