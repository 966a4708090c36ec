import Addressing
import Configuration
import Foundation
import Simulation
import Testing
import Timekeeping

/// Networks that break at random, mend, and must then be as if nothing had happened.
///
/// `PEERGLASS_SEED=17` runs one seed alone, `PEERGLASS_STORMS=500` the first five hundred;
/// `PEERGLASS_LOG=FILE` writes what happened, the last seed's where there are several.
struct StormTests {
    @Test(arguments: StormSeeds.chosen)
    func `after any storm all sessions are up, tables agree, kernels follow, packets arrive`(
        seed: UInt64
    ) throws {
        var storm = try RandomStorm(seed: seed)
        let faults = storm.run()
        #expect(faults.isEmpty, "\(storm.words): \(StormSeeds.replay(seed))")
        if let path = ProcessInfo.processInfo.environment["PEERGLASS_LOG"] {
            let text = storm.simulation.log.joined(separator: "\n")
            try text.write(toFile: path, atomically: true, encoding: .utf8)
        }
    }

    @Test(arguments: [1, 7] as [UInt64])
    func `the same seed gives the same log, byte for byte`(seed: UInt64) throws {
        var first = try RandomStorm(seed: seed)
        var second = try RandomStorm(seed: seed)
        _ = first.run()
        _ = second.run()
        #expect(first.simulation.log.count > 100)
        let isSame = first.simulation.log == second.simulation.log
        #expect(isSame)
        var other = try RandomStorm(seed: seed + 1)
        _ = other.run()
        let differs = first.simulation.log != other.simulation.log
        #expect(differs)
    }
}

/// The seeds that are run.
enum StormSeeds {
    /// Those that the environment asks for, else a few.
    static var chosen: [UInt64] {
        let environment = ProcessInfo.processInfo.environment
        if let seed = environment["PEERGLASS_SEED"].flatMap({ UInt64($0) }) { return [seed] }
        let count = environment["PEERGLASS_STORMS"].flatMap { UInt64($0) } ?? 30
        return Array(1...max(1, count))
    }

    /// The command that runs a seed again.
    static func replay(_ seed: UInt64) -> String {
        "run again with PEERGLASS_SEED=\(seed) swift test --filter SimulationTests.StormTests"
    }
}

/// A network, its dials and its storm, all drawn from one seed.
struct RandomStorm {
    let simulation: Simulation
    let words: String
    private var random: RandomSource

    init(seed: UInt64) throws {
        random = RandomSource(seed: seed &* 0x9E37_79B9)
        let size = random.number(in: 2..<13)
        let shape = random.number(in: 0..<3)
        var plan: NetworkPlan =
            switch shape {
            case 0: .line(size)
            case 1: .ring(max(size, 3))
            default: .mesh(min(size, 8))
            }
        for place in plan.machines.indices {
            plan.machines[place].statements =
                "network 10.\(place).0.0/16\nnetwork 2001:db8:\(place)::/48"
        }
        plan.neighborStatements =
            "holdtime \(random.number(in: 3..<40))\nconnect-retry \(random.number(in: 5..<60))"
        var dials = SimulationDials()
        let slowest = random.duration(in: .milliseconds(2) ... .milliseconds(200))
        dials.latency = .milliseconds(1)...slowest
        dials.segmentation = random.number(in: 0..<4) == 0 ? .whole : .random
        dials.kernelDelay =
            .microseconds(50)...random.duration(in: .milliseconds(1) ... .seconds(2))
        simulation = try plan.simulation(seed: seed, dials: dials)
        words = "\(["line", "ring", "mesh"][shape]) of \(plan.machines.count)"
    }

    /// Runs it; what is wrong in the end.
    mutating func run() -> [String] {
        let prefixes = simulation.machineNumbers.flatMap { machine in
            simulation.configuration(machine).networks.map(\.prefix)
        }
        let storm = Storm.random(
            over: simulation,
            count: random.number(in: 1..<30),
            within: .seconds(120),
            prefixes: prefixes,
            from: &random
        )
        simulation.start()
        simulation.run(storm)
        // Idle hold times double from 30 s with every loss.
        let isUp = simulation.run(atMost: .seconds(4000), lookingEvery: .seconds(2)) { $0.isConnected }
        guard isUp else { return simulation.faults() }
        simulation.run(for: .seconds(200))
        return simulation.faults() + simulation.pathFaults()
    }
}
