import Addressing
import Configuration
import Simulation
import Timekeeping

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
