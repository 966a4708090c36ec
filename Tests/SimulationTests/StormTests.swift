import Simulation
import Testing

/// Networks that break at random, mend, and must then be as if nothing had happened.
///
/// `script/test --storm 10000` runs more of them, and shrinks those that fail.
struct StormTests {
    /// Runs a scenario and expects that nothing is wrong.
    func run(_ kind: ScenarioName.Kind, _ seed: UInt64) throws {
        let scenario = try #require(Scenario(ScenarioName(kind, seed: seed)))
        let faults = try scenario.run().faults
        #expect(
            faults.isEmpty,
            "\(scenario.words); run again with: script/test --replay \(scenario.name)"
        )
        for fault in faults { Issue.record("\(scenario.name): \(fault)") }
    }

    @Test(arguments: 1...24 as ClosedRange<UInt64>)
    func `after any storm all sessions are up, tables agree, kernels follow, packets arrive`(
        seed: UInt64
    ) throws {
        try run(.storm, seed)
    }

    @Test(arguments: 1...2 as ClosedRange<UInt64>)
    func `so it is among customers, providers and peers, and no route goes through a valley`(
        seed: UInt64
    ) throws {
        try run(.region, seed)
    }

    @Test(arguments: [3, 13] as [UInt64])
    func `the same seed gives the same log, byte for byte`(seed: UInt64) throws {
        let scenario = try #require(Scenario(ScenarioName(.storm, seed: seed)))
        let first = try scenario.run().simulation.log
        let second = try scenario.run().simulation.log
        #expect(first.count > 30)
        let isSame = first == second
        #expect(isSame)
        let other = try #require(Scenario(ScenarioName(.storm, seed: seed + 1)))
        let differs = try other.run().simulation.log != first
        #expect(differs)
    }
}
