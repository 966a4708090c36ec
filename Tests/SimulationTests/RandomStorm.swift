import Addressing
import Configuration
import Control
import Simulation
import Timekeeping

/// A network, its dials and its storm, all drawn from one seed.
struct RandomStorm {
    let simulation: Simulation
    /// The same network, on which no storm falls.
    let twin: Simulation
    let words: String
    private var random: RandomSource

    init(seed: UInt64) throws {
        random = RandomSource(seed: seed &* 0x9E37_79B9)
        let shape = Shape.allCases[random.number(in: 0..<Shape.allCases.count)]
        var plan = shape.plan(of: random.number(in: 2..<13), from: &random)
        let count = random.number(in: 0..<3) == 0 ? random.number(in: 2..<30) : 1
        for place in plan.machines.indices {
            plan.machines[place].statements = (0..<count).map { number in
                "network 10.\(place).\(number).0/24\nnetwork 2001:db8:\(place):\(number)::/64"
            }.joined(separator: "\n")
        }
        for place in plan.links.indices where random.number(in: 0..<3) == 0 {
            plan.links[place].transport = .ipv6
        }
        plan.neighborStatements =
            "holdtime \(random.number(in: 3..<40))\nconnect-retry \(random.number(in: 5..<60))"
        var dials = SimulationDials()
        let slowest = random.duration(in: .milliseconds(2) ... .milliseconds(200))
        dials.latency = .milliseconds(1)...slowest
        dials.segmentation = random.number(in: 0..<4) == 0 ? .whole : .random
        dials.window = [700, 5000, 262_144][random.number(in: 0..<3)]
        dials.outputBuffer = [100, 2000, 131_072][random.number(in: 0..<3)]
        dials.unitsPerTurn = [1, 7, 4096][random.number(in: 0..<3)]
        dials.turn =
            [.microseconds(50), .milliseconds(2), .milliseconds(60)][
                random.number(in: 0..<3)
            ]
        dials.kernelDelay =
            .microseconds(50)...random.duration(in: .milliseconds(1) ... .seconds(2))
        simulation = try plan.simulation(seed: seed, dials: dials)
        twin = try plan.simulation(seed: seed, dials: SimulationDials())
        words = "\(shape) of \(plan.machines.count)"
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
        let isUp = simulation.run(atMost: .seconds(4000), lookingEvery: .seconds(2)) {
            $0.isConnected
        }
        guard isUp else { return simulation.faults() }
        simulation.run(for: .seconds(20))
        let flaps = flaps
        simulation.run(for: .seconds(180))
        var faults = simulation.faults() + simulation.pathFaults()
        if self.flaps != flaps { faults.append("a session went down after the storm") }
        return faults + leaks()
    }

    /// How often sessions went down, all taken together.
    private var flaps: UInt32 {
        simulation.machineNumbers.reduce(0) { sum, machine in
            let rows = simulation.ask(machine, OverviewRequest())?.neighbors ?? []
            return rows.reduce(sum) { $0 + $1.flaps }
        }
    }

    /// What a speaker keeps that its twin, which saw no storm, does not.
    private func leaks() -> [String] {
        twin.start()
        _ = twin.run(atMost: .seconds(600), lookingEvery: .seconds(2)) { $0.isConnected }
        twin.run(for: .seconds(20))
        var leaks: [String] = []
        for machine in simulation.machineNumbers {
            let sessions = simulation.ask(machine, OverviewRequest())?.neighbors.count ?? 0
            let expected = counts(twin, machine)
            for (name, count) in counts(simulation, machine) {
                // For each neighbor the last set that was made for sending is kept, and what it was made of.
                let isOfSets = name == "attributes" || name == "nexthops"
                let slack = isOfSets ? 2 * UInt64(sessions) : 0
                guard let before = expected.first(where: { $0.name == name })?.count else {
                    continue
                }
                if count > before + slack || count + slack < before {
                    leaks.append(
                        "\(simulation.name(machine)): \(count) \(name), without storm \(before)"
                    )
                }
            }
        }
        return leaks
    }

    private func counts(
        _ simulation: Simulation,
        _ machine: MachineNumber
    ) -> [(name: String, count: UInt64)] {
        let items = simulation.ask(machine, MemoryRequest()) ?? []
        return items.filter { $0.name != "order" }.map { ($0.name, $0.count) }
    }
}

/// What the network looks like.
enum Shape: CaseIterable {
    case line, ring, mesh
    /// A tree with some links more, two of them perhaps between the same machines.
    case graph
    /// Some machines are one AS, with a session between any two.
    case inside

    func plan(of size: Int, from random: inout RandomSource) -> NetworkPlan {
        switch self {
        case .line: return .line(size)
        case .ring: return .ring(max(size, 3))
        case .mesh: return .mesh(min(size, 8))
        case .graph:
            var links = (1..<size).map { (random.number(in: 0..<$0), $0) }
            for _ in 0..<random.number(in: 0..<size) {
                let first = random.number(in: 0..<size - 1)
                links.append((first, random.number(in: first + 1..<size)))
            }
            var plan = NetworkPlan(machines: size, links: links)
            for place in plan.machines.indices {
                plan.machines[place].rules +=
                    "\nmatch to any set med \(random.number(in: 0..<3))"
            }
            return plan
        case .inside:
            let count = random.number(in: 1..<min(size, 6))
            var links = (0..<count).flatMap { first in (first + 1..<count).map { (first, $0) } }
            for place in count..<size { links.append((random.number(in: 0..<place), place)) }
            for _ in 0..<random.number(in: 0..<size) {
                links.append((random.number(in: 0..<count), random.number(in: count..<size)))
            }
            var plan = NetworkPlan(machines: size, links: links)
            for place in 0..<count {
                plan.machines[place].autonomousSystem = 65001
                plan.machines[place].rules += "\nmatch to ibgp set nexthop self"
            }
            return plan
        }
    }
}
