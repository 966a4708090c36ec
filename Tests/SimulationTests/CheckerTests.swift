import Addressing
import Control
import KernelRoutes
import Simulation
import Testing
import Timekeeping

/// The checkers see what is wrong, so that their silence means something.
struct CheckerTests {
    let r1 = MachineNumber(0)
    let r2 = MachineNumber(1)
    let r3 = MachineNumber(2)

    /// r1, r2 and r3 in a line, each with a network, all up.
    func settled() throws -> Simulation {
        var plan = NetworkPlan.line(3)
        for place in 0..<3 { plan.machines[place].statements = "network 10.\(place).0.0/16" }
        let simulation = try plan.simulation(seed: 5)
        simulation.start()
        #expect(simulation.run(atMost: .seconds(60)) { $0.isConnected })
        simulation.run(for: .seconds(5))
        return simulation
    }

    @Test func `a healthy network has no faults`() throws {
        let simulation = try settled()
        #expect(simulation.faults() == [])
        #expect(simulation.pathFaults() == [])
    }

    @Test func `a missing kernel route and a stray one are named`() throws {
        let simulation = try settled()
        simulation.apply(.freeze(r1, milliseconds: 5000))
        let prefix = IPPrefix(ipv4: 0x0A02_0000, length: 16)
        simulation.apply(.kernelRouteDeleted(r1, prefix))
        let stray = KernelRoute(
            prefix: IPPrefix(ipv4: 0x0A63_0000, length: 16),
            protocolNumber: 186,
            metric: 186,
            nextHopSet: .blackhole
        )
        simulation.apply(.kernelRoutePut(r1, stray))
        #expect(
            simulation.faults() == [
                "r1: stray kernel route 10.99.0.0/16", "r1: the kernel lacks 10.2.0.0/16",
            ]
        )
        #expect(simulation.pathFaults() == ["r1: packets to 10.2.0.0/16 do not arrive"])
        simulation.run(for: .seconds(10))
        #expect(simulation.faults() == [])
    }

    @Test func `a kernel route over fewer next hops than there are paths is named`() throws {
        var plan = NetworkPlan.ring(4)
        plan.machines[0].statements = "fib-multipath 3"
        plan.machines[2].statements = "network 10.2.0.0/16"
        let simulation = try plan.simulation(seed: 5)
        simulation.start()
        #expect(simulation.run(atMost: .seconds(60)) { $0.isConnected })
        simulation.run(for: .seconds(5))
        #expect(simulation.faults() == [])
        let prefix = IPPrefix(ipv4: 0x0A02_0000, length: 16)
        var route = try #require(simulation.kernel(r1).routes.first { $0.prefix == prefix })
        #expect(route.nextHopSet.nextHops.count == 2)
        simulation.apply(.freeze(r1, milliseconds: 5000))
        route.nextHopSet = NextHopSet([route.nextHopSet.nextHops[0]])
        simulation.apply(.kernelRoutePut(r1, route))
        #expect(
            simulation.faults() == [
                "r1: kernel route 10.2.0.0/16 goes to 1 next hops, not to those of its 2 paths"
            ]
        )
    }

    @Test func `a session that should be up is named`() throws {
        let simulation = try settled()
        simulation.apply(.resetConnections(LinkNumber(0)))
        simulation.run(for: .seconds(1))
        #expect(!simulation.isConnected)
        #expect(
            simulation.faults().prefix(2) == ["session r1 to r2: Idle", "session r2 to r1: Idle"]
        )
        // Over a cut link none should.
        simulation.apply(.linkDown(LinkNumber(0)))
        #expect(simulation.isConnected)
    }

    @Test func `what was sent and is not there is named`() throws {
        var plan = NetworkPlan.line(3)
        plan.machines[2].statements = "network 10.2.0.0/16"
        let simulation = try plan.simulation(seed: 5)
        simulation.start(r1)
        simulation.start(r2)
        simulation.run(for: .seconds(5))
        simulation.apply(.freeze(r1, milliseconds: 5000))
        simulation.start(r3)
        simulation.run(for: .seconds(3))
        let faults = simulation.faults()
        #expect(faults.count == 1)
        #expect(faults.first?.contains("r2 to r1: sent and not there [\"10.2.0.0/16\"]") == true)
        #expect(
            simulation.pathFaults() == ["r1: 10.2.0.0/16 is gone, should be 65002 65003"]
        )
    }

    // MARK: Time

    @Test func `a KEEPALIVE that goes out late is a violation`() throws {
        var dials = SimulationDials()
        dials.turn = .seconds(40)
        var plan = NetworkPlan.line(2)
        plan.neighborStatements = "holdtime 90"
        let simulation = try plan.simulation(seed: 5, dials: dials)
        simulation.start()
        simulation.run(for: .seconds(600))
        #expect(simulation.violations.contains { $0.contains("r1: no KEEPALIVE for") })
    }

    @Test func `a session that goes down although nothing was done to it is a violation`() throws {
        // An UPDATE takes longer than the hold time to be on the cable.
        var dials = SimulationDials()
        dials.bandwidth = 1000
        dials.segmentation = .whole
        var plan = NetworkPlan.line(2)
        plan.machines[0].statements = (0..<1200).map { "network 10.\($0 / 200).\($0 % 200).0/24" }
            .joined(separator: "\n")
        plan.neighborStatements = "holdtime 3"
        let simulation = try plan.simulation(seed: 5, dials: dials)
        simulation.start()
        simulation.run(for: .seconds(300))
        #expect(
            simulation.violations.contains {
                $0.contains("the session with") && $0.contains("went down without a cause: nothing")
            }
        )
    }

    @Test func `neighbors that both wait for the other for ever are a violation`() throws {
        var plan = NetworkPlan.line(2)
        plan.neighborStatements = "passive"
        let simulation = try plan.simulation(seed: 5)
        simulation.start()
        simulation.run(for: .seconds(4))
        #expect(simulation.violations == [])
        simulation.run(for: .seconds(4))
        #expect(
            simulation.violations.count == 1
                && simulation.violations[0].hasSuffix(
                    "r1 and r2 are connected and willing, no timer runs for them, and they have no session"
                )
        )
    }

    @Test func `a fault, an operator and a speaker that starts again are causes`() throws {
        let simulation = try settled()
        let faults: [Fault] = [
            .clear(r1), .resetConnections(LinkNumber(1)), .crash(r3), .restart(r3),
            .freeze(r2, milliseconds: 100_000), .powerLoss(r1), .restart(r1), .shutDown(r2),
            .bringUp(r2), .silence(LinkNumber(0), from: r1), .silenceEnds(LinkNumber(0)),
        ]
        for fault in faults {
            simulation.apply(fault)
            simulation.run(for: .seconds(110))
        }
        #expect(simulation.violations == [])
    }

    // MARK: Tables

    @Test func `a best path that the rules do not give is named`() throws {
        // r4 keeps the older of two ways, which the reference knows nothing of.
        var plan = NetworkPlan(machines: 4, links: [(0, 1), (0, 2), (1, 3), (2, 3)])
        plan.machines[0].statements = "network 10.0.0.0/16"
        plan.machines[3].statements = "rde route-age evaluate"
        let simulation = try plan.simulation(seed: 5)
        for machine in [r1, r3, MachineNumber(3)] { simulation.start(machine) }
        #expect(simulation.run(atMost: .seconds(60)) { $0.isConnected })
        simulation.run(for: .seconds(5))
        #expect(simulation.pathFaults() == [])
        simulation.start(r2)
        #expect(simulation.run(atMost: .seconds(300)) { $0.isConnected })
        simulation.run(for: .seconds(5))
        #expect(
            simulation.faults() == [
                "r4: 10.0.0.0/16 of neighbor 1 is *>", "r4: 10.0.0.0/16 of neighbor 0 is *m",
            ]
        )
        #expect(
            simulation.pathFaults() == ["r4: 10.0.0.0/16 is 65003 65001, should be 65002 65001"]
        )
    }

    @Test func `a customer that passes on what one provider told to the other is named`() throws {
        var plan = NetworkPlan.dualHomed(providers: 2, stubs: 1)
        for place in 0..<3 { plan.announce(Scenario.prefixes(of: place, count: 1), from: place) }
        var faults: [[String]] = []
        for rules in ["", "allow to any"] {
            plan.machines[2].rules = rules
            let simulation = try plan.simulation(seed: 5)
            simulation.start()
            #expect(simulation.run(atMost: .seconds(60)) { $0.isConnected })
            simulation.run(for: .seconds(20))
            #expect(simulation.faults() == [])
            faults.append(simulation.pathFaults())
        }
        #expect(faults[0] == [])
        #expect(
            faults[1] == [
                "r1: 10.1.0.0/24 is 65003 65002, should be 65002",
                "r1: 2001:db8:1::/64 is 65003 65002, should be 65002",
                "r2: 10.0.0.0/24 is 65003 65001, should be 65001",
                "r2: 2001:db8::/64 is 65003 65001, should be 65001",
            ]
        )
    }

    @Test func `a network that nobody has any more is named where it is still in a table`() throws {
        let simulation = try settled()
        simulation.apply(.powerLoss(r3))
        simulation.run(for: .seconds(1))
        #expect(
            simulation.pathFaults() == [
                "r1: 10.2.0.0/16 is there, and nobody has it",
                "r2: 10.2.0.0/16 is there, and nobody has it",
            ]
        )
        simulation.run(for: .seconds(100))
        #expect(simulation.pathFaults() == [])
    }

    @Test func `packets that go round in circles do not arrive`() throws {
        let simulation = try settled()
        simulation.apply(.freeze(r2, milliseconds: 5000))
        let back = KernelRoute(
            prefix: IPPrefix(ipv4: 0x0A02_0000, length: 16),
            protocolNumber: 186,
            metric: 186,
            nextHopSet: NextHopSet([
                KernelNextHop(gateway: IPAddress(ipv4: 0xAC10_0001), interface: 2)
            ])
        )
        simulation.apply(.kernelRoutePut(r2, back))
        #expect(simulation.faults() == ["r2: kernel route 10.2.0.0/16 goes elsewhere"])
        #expect(
            simulation.pathFaults() == [
                "r1: packets to 10.2.0.0/16 do not arrive",
                "r2: packets to 10.2.0.0/16 do not arrive",
            ]
        )
    }

    // MARK: What is left

    @Test func `what was not given back is named, and so are timers and sockets`() throws {
        var plan = NetworkPlan.line(2)
        plan.machines[1].statements = "network 10.1.0.0/16"
        let simulation = try plan.simulation(seed: 5)
        simulation.start()
        simulation.everybody { .shutDown($0) }
        simulation.run(for: .seconds(5))
        let start = simulation.holdings()
        #expect(simulation.timerFaults() == [])
        simulation.everybody { .bringUp($0) }
        #expect(simulation.run(atMost: .seconds(60)) { $0.isConnected })
        simulation.run(for: .seconds(5))
        let faults = simulation.holdingFaults(since: start, "at the start")
        #expect(faults.contains("r1: 1 prefixes, at the start 0"))
        #expect(faults.contains("r1: 1 paths, at the start 0"))
        #expect(!faults.contains { $0.hasPrefix("r2: ") && $0.contains("prefixes") })
        #expect(
            simulation.timerFaults().filter { $0.hasPrefix("r1: ") } == [
                "r1: KeepaliveTimer of r2 runs", "r1: HoldTimer of r2 runs",
                "r1: 1 sockets are open",
            ]
        )
        #expect(simulation.endFaults(since: start) == [])
    }

    @Test func `a speaker that does not end, and routes that stay behind, are named`() throws {
        let simulation = try settled()
        let start = simulation.holdings()
        simulation.apply(.crash(r3))
        simulation.apply(.freeze(r1, milliseconds: 1_000_000))
        let faults = simulation.endFaults(since: start)
        #expect(faults.contains("r1: does not end"))
        #expect(faults.contains("r3: left 10.0.0.0/16 in the kernel"))
        #expect(faults.contains("something is to happen after the end of all"))
        #expect(faults.contains("r2: 1 prefixes, at the start 3"))
    }
}
