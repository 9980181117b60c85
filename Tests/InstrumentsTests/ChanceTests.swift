import Testing

@testable import Instruments

@Suite struct ChanceTests {
    @Test func `the same seed and place give the same number`() {
        #expect(Chance(seed: 7).number(3, .turn) == Chance(seed: 7).number(3, .turn))
        #expect(Chance(seed: 7).number(3, .turn) != Chance(seed: 8).number(3, .turn))
        #expect(Chance(seed: 7).number(3, .turn) != Chance(seed: 7).number(3, .place))
    }

    @Test func `numbers from 0 to 1 are spread evenly`() {
        let chance = Chance(seed: 1)
        let low = (1...10_000).count { chance.unit($0) < 0.25 }
        #expect((2300...2700).contains(low))
        #expect((1...10_000).allSatisfy { (0..<1).contains(chance.unit($0)) })
    }
}
