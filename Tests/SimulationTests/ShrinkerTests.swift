import Simulation
import Testing
import Timekeeping

/// What fails is made small, and the small one has a name that brings it back.
struct ShrinkerTests {
    /// The planted fault: somewhere a link is cut, and somewhere an operator clears.
    func needsCutAndClear(_ scenario: Scenario) -> Bool {
        var isCut = false
        var isCleared = false
        for item in scenario.storm.breaks {
            if case .linkDown = item.fault { isCut = true }
            if case .clear = item.fault { isCleared = true }
        }
        return isCut && isCleared
    }

    @Test func `a storm that fails by two breaks is shrunk to these and the machines they need`()
        throws
    {
        let whole = try #require(
            (1...100).lazy.compactMap { Scenario(ScenarioName(.storm, seed: $0)) }.first {
                needsCutAndClear($0) && $0.storm.breaks.count > 15 && $0.plan.machines.count > 6
            }
        )
        var shrinker = Shrinker(whole, runs: 1000, fails: needsCutAndClear)
        let small = shrinker.smallest(from: whole.whole)
        #expect(small.storm.breaks.count == 2)
        #expect(small.plan.links.count == 1)
        #expect(small.plan.machines.count <= 3)
        let cut = try #require(small.name.cut)
        for kind in [\ScenarioCut.machines, \.links, \.breaks] {
            for place in cut[keyPath: kind].indices {
                var less = cut
                less[keyPath: kind].remove(at: place)
                let scenario = try #require(whole.keeping(less))
                #expect(!needsCutAndClear(scenario), "\(less)")
            }
        }
        let name = try #require(ScenarioName("\(small.name)"))
        #expect(name == small.name)
        #expect(Scenario(name) == small)
        #expect(try Scenario(name)?.run().faults == [])
    }

    @Test func `a machine that tells nobody anything is found with one neighbor and no storm`()
        throws
    {
        var whole = try #require(Scenario(ScenarioName(.storm, seed: 1)))
        whole.plan = .ring(6)
        for place in whole.plan.machines.indices {
            whole.plan.announce(Scenario.prefixes(of: place, count: 1), from: place)
        }
        whole.plan.machines[3].rules += "\ndeny to any"
        whole.dials = SimulationDials()
        whole.storm.breaks = [
            Storm.Break(after: .seconds(5), .clear(MachineNumber(1))),
            Storm.Break(after: .seconds(9), .freeze(MachineNumber(4), milliseconds: 700)),
        ]
        var shrinker = Shrinker(whole, runs: 100) { scenario in
            (try? scenario.run().faults.isEmpty) == false
        }
        let small = shrinker.smallest(from: whole.whole)
        #expect(small.plan.machines.count == 2)
        #expect(small.plan.links.count == 1)
        #expect(small.storm.breaks == [])
        #expect(small.name.cut?.machines.contains(3) == true)
    }

    @Test func `without runs left nothing is left out`() throws {
        let whole = try #require(Scenario(ScenarioName(.storm, seed: 2)))
        var shrinker = Shrinker(whole, runs: 0) { _ in true }
        #expect(shrinker.smallest(from: whole.whole).storm == whole.storm)
    }

    @Test(arguments: [
        "storm-1", "graph-20", "region-3:m0,2:l1:b", "storm-17:m0,1,11:l0,3:b4,7",
    ])
    func `a name is read as it is written`(text: String) throws {
        #expect(ScenarioName(text)?.description == text)
    }

    @Test(arguments: [
        "", "storm", "storm-", "storm-x", "gale-1", "storm-1:", "storm-1:m0", "storm-1:m0:l0",
        "storm-1:m1,0:l0:b0", "storm-1:l0:m0:b0", "storm-1:m0:l0:b0:x", "storm-1:m0:l0:b-",
    ])
    func `what is no name is none`(text: String) {
        #expect(ScenarioName(text) == nil)
    }

    @Test(arguments: ["storm-1:m0,99:l0:b0", "storm-1:m0:l999:b0", "storm-1:m0:l0:b999"])
    func `a cut that names what is not there is no scenario`(text: String) throws {
        #expect(Scenario(try #require(ScenarioName(text))) == nil)
    }
}
