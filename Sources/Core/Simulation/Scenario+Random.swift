import Addressing
import Timekeeping

/// Scenarios drawn from a seed.
extension Scenario {
    /// Up to twelve speakers in any shape, with any dials.
    static func randomStorm(seed: UInt64) -> Scenario {
        var random = RandomSource(seed: seed &* 0x9E37_79B9)
        let shape = Shape.allCases[random.number(in: 0..<Shape.allCases.count)]
        var plan = shape.plan(of: random.number(in: 2..<13), from: &random)
        plan.keepsRelationsByRoles = seed.isMultiple(of: 2)
        let count = random.number(in: 0..<3) == 0 ? random.number(in: 2..<30) : 1
        var prefixes: [IPPrefix] = []
        for place in plan.machines.indices {
            let own = Self.prefixes(of: place, count: count)
            plan.announce(own, from: place)
            prefixes += own
        }
        for place in plan.links.indices where random.number(in: 0..<3) == 0 {
            plan.links[place].transport = .ipv6
        }
        plan.addSeveralPaths(from: &random)
        plan.neighborStatements =
            "holdtime \(random.number(in: 3..<40))\nconnect-retry \(random.number(in: 5..<60))"
        let dials = randomDials(&random)
        let storm = Storm.random(
            over: plan,
            count: random.number(in: 1..<30),
            within: .seconds(120),
            prefixes: prefixes,
            from: &random
        )
        plan.chooseCapabilities(seed: seed)
        plan.restartGracefully(&random)
        return Scenario(
            name: ScenarioName(.storm, seed: seed),
            plan: plan,
            dials: dials,
            storm: storm
        )
    }

    private static func randomDials(_ random: inout RandomSource) -> SimulationDials {
        var dials = SimulationDials()
        let slowest = random.duration(in: .milliseconds(2) ... .milliseconds(200))
        dials.latency = .milliseconds(1)...slowest
        dials.bandwidth = [nil, nil, 20_000, 1_000_000][random.number(in: 0..<4)]
        dials.segmentation = random.number(in: 0..<4) == 0 ? .whole : .random
        // What waits on a slow link must not take longer than the shortest hold time.
        let window = [700, 5000, 262_144][random.number(in: 0..<3)]
        dials.window = min(window, dials.bandwidth ?? .max)
        dials.outputBuffer = [100, 2000, 131_072][random.number(in: 0..<3)]
        dials.unitsPerTurn = [1, 7, 4096][random.number(in: 0..<3)]
        dials.turn =
            [.microseconds(50), .milliseconds(2), .milliseconds(60)][
                random.number(in: 0..<3)
            ]
        dials.kernelDelay =
            .microseconds(50)...random.duration(in: .milliseconds(1) ... .seconds(2))
        return dials
    }

    /// An Internet-like graph, each AS with a network, and a storm over it.
    static func randomInternet(_ name: ScenarioName, of count: Int) -> Scenario {
        var random = RandomSource(seed: name.seed &* 0x9E37_79B9)
        var plan = NetworkPlan.internet(of: count, from: &random)
        plan.keepsRelationsByRoles = name.seed.isMultiple(of: 2)
        var prefixes: [IPPrefix] = []
        for place in plan.machines.indices {
            let own = Self.prefixes(of: place, count: 1).filter { $0.family == .ipv4 }
            plan.announce(own, from: place)
            prefixes += own
        }
        plan.neighborStatements = "holdtime \([9, 30, 90][random.number(in: 0..<3)])"
        var dials = SimulationDials()
        dials.latency =
            .milliseconds(1)...random.duration(in: .milliseconds(5) ... .milliseconds(100))
        dials.segmentation = .whole
        let storm = Storm.random(
            over: plan,
            count: random.number(in: 1..<count / 2),
            within: .seconds(120),
            prefixes: prefixes,
            from: &random
        )
        return Scenario(
            name: name,
            plan: plan,
            dials: dials,
            storm: storm
        )
    }
}

extension NetworkPlan {
    /// Lets some sessions carry several paths, and some kernels use several, where relations do not matter.
    fileprivate mutating func addSeveralPaths(from random: inout RandomSource) {
        guard links.allSatisfy({ $0.relation == .open }), random.number(in: 0..<2) == 0 else {
            return
        }
        // All paths of a mesh would be all ways through it.
        let kinds = [
            "best", "best plus 1", "best plus 3", "ecmp", "ecmp plus 1 max 2", "as-wide-best max 3",
        ]
        func statements() -> String {
            var lines: [String] = []
            if random.number(in: 0..<3) > 0 { lines.append("announce add-path recv yes") }
            if random.number(in: 0..<3) > 0 {
                let kind = kinds[random.number(in: 0..<kinds.count)]
                lines.append("announce add-path send \(kind)")
            }
            return lines.joined(separator: "\n")
        }
        for place in links.indices {
            links[place].firstStatements += "\n" + statements()
            links[place].secondStatements += "\n" + statements()
        }
        for place in machines.indices where random.number(in: 0..<4) == 0 {
            machines[place].statements += "\nfib-multipath 3"
        }
    }
}

extension NetworkPlan {
    /// Lets either end of every second link or so do without a capability, or have one more.
    fileprivate mutating func chooseCapabilities(seed: UInt64) {
        var random = RandomSource(seed: seed &* 0x9E37_79B9 &+ 1)
        func statements() -> String {
            let choices = [
                "announce extended message no", "announce enhanced refresh no",
                "announce extended nexthop yes", "announce extended nexthop yes",
            ]
            return choices.filter { _ in random.number(in: 0..<3) == 0 }.joined(separator: "\n")
        }
        for place in links.indices where random.number(in: 0..<2) == 0 {
            links[place].firstStatements += "\n" + statements()
            links[place].secondStatements += "\n" + statements()
        }
    }

    /// Lets some machines keep their kernel routes over a restart, and neighbors take more or less for one.
    fileprivate mutating func restartGracefully(_ random: inout RandomSource) {
        guard random.number(in: 0..<3) > 0 else { return }
        let isEverybody = random.number(in: 0..<2) == 0
        for place in machines.indices where isEverybody || random.number(in: 0..<2) == 0 {
            machines[place].statements = "fib persist\n" + machines[place].statements
        }
        neighborStatements += "\nstaletime \([3, 20, 60, 180][random.number(in: 0..<4)])"
        for place in links.indices where random.number(in: 0..<2) == 0 {
            links[place].firstStatements += "\nannounce graceful notification yes"
            links[place].secondStatements += "\nannounce graceful notification yes"
        }
        for place in links.indices where random.number(in: 0..<6) == 0 {
            links[place].firstStatements += "\nannounce restart no"
        }
    }
}

/// What a network of few speakers looks like.
private enum Shape: CaseIterable {
    case line, ring, mesh
    /// A tree with some links more, two of them perhaps between the same machines.
    case graph
    /// Some machines are one AS, with a session between any two.
    case inside
    /// Some machines are one AS, the clients of a route reflector.
    case reflected
    /// Providers, and customers of two each.
    case dualHomed
    /// Customers, providers and peers as on the Internet.
    case internet

    func plan(of size: Int, from random: inout RandomSource) -> NetworkPlan {
        switch self {
        case .line: return .line(size)
        case .ring: return .ring(max(size, 3))
        case .mesh: return .mesh(min(size, 8))
        case .dualHomed:
            let providers = random.number(in: 2..<max(3, size / 2 + 1))
            return .dualHomed(providers: providers, stubs: max(1, size - providers))
        case .internet: return .internet(of: max(size, 3), from: &random)
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
        case .inside, .reflected:
            let count = random.number(in: 1..<min(size, 6))
            let reflectors = self == .reflected ? 1 : count
            var links = (0..<reflectors).flatMap { first in
                (first + 1..<count).map { (first, $0) }
            }
            let innerCount = links.count
            for place in count..<size { links.append((random.number(in: 0..<place), place)) }
            for _ in 0..<random.number(in: 0..<size) {
                links.append((random.number(in: 0..<count), random.number(in: count..<size)))
            }
            var plan = NetworkPlan(machines: size, links: links)
            for place in 0..<count {
                plan.machines[place].autonomousSystem = 65001
                plan.machines[place].rules += "\nmatch to ibgp set nexthop self"
            }
            if self == .reflected {
                for place in 0..<innerCount {
                    plan.links[place].firstStatements = "route-reflector"
                }
            }
            return plan
        }
    }
}
