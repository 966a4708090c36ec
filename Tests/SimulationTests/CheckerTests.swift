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
            simulation.pathFaults() == ["r1: 10.2.0.0/16 is not there ASes away, should be 2"]
        )
    }
}
