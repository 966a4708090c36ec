import Addressing
import BGPWire
import Control
import KernelRoutes
import Simulation
import Testing
import Timekeeping

/// Several paths that are as good as the best one: their flags, and kernel routes over them.
struct MultipathTests {
    /// r1 hears of r4's network from r2, r3 and r5, which are of other ASes.
    private func diamond(_ statements: String, rules: String = "allow from any\nallow to any")
        -> NetworkPlan
    {
        var plan = NetworkPlan(
            machines: 5,
            links: [(0, 1), (0, 2), (0, 4), (1, 3), (2, 3), (4, 3)]
        )
        plan.machines[0].statements = statements
        plan.machines[0].rules = rules
        plan.machines[3].statements = "network 10.4.0.0/16\nnetwork 2001:db8:4::/48"
        return plan
    }

    /// The gateways of r1's kernel routes.
    private func gateways(_ simulation: Simulation) -> [String] {
        simulation.kernel(r1).routes.filter { $0.protocolNumber == 186 }.map { route in
            route.nextHopSet.nextHops.map { $0.gateway.map { "\($0)" } ?? "-" }
                .joined(separator: " ")
        }
    }

    private func flags(_ simulation: Simulation) throws -> [String] {
        try simulation.rows(r1).filter { $0.prefix.family == .ipv4 }.map(\.flags.text).sorted()
    }

    @Test
    func `paths as good as the best are flagged, the kernel has the best alone`()
        throws
    {
        let simulation = try diamond("").settled()
        #expect(try flags(simulation) == ["*>", "*m", "*m"])
        #expect(gateways(simulation).allSatisfy { !$0.contains(" ") })
        #expect(simulation.faults() == [])
    }

    @Test func `weight keeps a path out of the ECMP set and in the as-wide one`() throws {
        let rules = "allow from any\nallow to any\nmatch from AS 65002 set weight 7"
        let simulation = try diamond("fib-multipath 3", rules: rules).settled()
        #expect(try flags(simulation) == ["*>", "*w", "*w"])
        #expect(gateways(simulation).allSatisfy { !$0.contains(" ") })
        #expect(simulation.faults() == [])
    }

    @Test func `the kernel's route goes over as many paths as are asked for, and follows them`()
        throws
    {
        let simulation = try diamond("fib-multipath 2").settled()
        let two = gateways(simulation)
        #expect(two.count == 2)
        #expect(two.allSatisfy { $0.split(separator: " ").count == 2 })
        simulation.apply(.linkDown(LinkNumber(0)))
        simulation.run(for: .seconds(10))
        #expect(gateways(simulation).allSatisfy { $0.split(separator: " ").count == 2 })
        simulation.apply(.linkDown(LinkNumber(1)))
        simulation.run(for: .seconds(10))
        #expect(gateways(simulation).count == 2)
        #expect(gateways(simulation).allSatisfy { !$0.contains(" ") })
        simulation.apply(.linkUp(LinkNumber(0)))
        simulation.apply(.linkUp(LinkNumber(1)))
        simulation.settle()
        #expect(gateways(simulation) == two)
        #expect(simulation.faults() == [])
    }

    @Test func `a reload makes routes of one path out of several, and the other way round`() throws
    {
        let simulation = try diamond("").settled()
        for (statements, count) in [("fib-multipath 3", 3), ("fib-multipath 2", 2), ("", 1)] {
            try simulation.take(r1, diamond(statements))
            #expect(gateways(simulation).count == 2)
            #expect(gateways(simulation).allSatisfy { $0.split(separator: " ").count == count })
            #expect(try simulation.row(r1).flaps == 0)
        }
    }
}
