import Testing

@testable import Daemon

@Suite struct ProcessLimitsTests {
    @Test(arguments: [
        (nil, 1, 4096), (1_048_576, 2, 4096), (Int.max, 1, 4096), (1024, 1, 298), (1024, 2, 149),
        (256, 1, 42), (64, 1, 8), (0, 2, 8), (4096, 0, 1322),
    ])
    func `a listener has as many connections as there are files for`(
        openFiles: Int?,
        listeners: Int,
        connections: Int
    ) {
        let limit = ProcessLimits.connections(
            upTo: 4096,
            listeners: listeners,
            openFiles: openFiles
        )
        #expect(limit == connections)
    }

    @Test func `in memory half of the files are for what is stored`() {
        let limit = ProcessLimits.connections(
            upTo: 4096,
            listeners: 1,
            openFiles: 1024,
            isInMemory: true
        )
        #expect(limit == 149)
    }

    @Test func `the process knows how many files it may open`() throws {
        #expect(try #require(ProcessLimits.openFiles) > 0)
    }
}
