import Addressing
import BGPWire
import Control
import KernelRoutes
import Simulation
import Testing
import Timekeeping

/// The simulated world behaves as the real one.
struct WorldTests {
    let r1 = MachineNumber(0)
    let r2 = MachineNumber(1)

    /// Two speakers, up.
    func settled(_ dials: SimulationDials = SimulationDials()) throws -> Simulation {
        var plan = NetworkPlan.line(2)
        plan.machines[0].statements = (0..<400).map { "network 10.\($0 / 200).\($0 % 200).0/24" }
            .joined(separator: "\n")
        plan.neighborStatements = "holdtime 12"
        let simulation = try plan.simulation(seed: 2, dials: dials)
        simulation.start()
        #expect(simulation.run(atMost: .seconds(200)) { $0.isConnected })
        simulation.run(for: .seconds(5))
        return simulation
    }

    func row(_ simulation: Simulation, _ machine: MachineNumber) throws -> NeighborRow {
        try #require(simulation.ask(machine, OverviewRequest())?.neighbors.first)
    }

    @Test(arguments: [SimulationDials.Segmentation.whole, .random])
    func `a stream arrives whole and in order however it is cut`(
        segmentation: SimulationDials.Segmentation
    ) throws {
        var dials = SimulationDials()
        dials.segmentation = segmentation
        dials.window = 900
        dials.outputBuffer = 300
        let simulation = try settled(dials)
        #expect(try row(simulation, r2).prefixesReceived == 400)
        #expect(simulation.faults() == [])
    }

    @Test func `after a loss of power the other side knows nothing until its hold time is over`()
        throws
    {
        let simulation = try settled()
        simulation.apply(.powerLoss(r2))
        simulation.run(for: .seconds(5))
        #expect(try row(simulation, r1).state == .established)
        simulation.run(for: .seconds(8))
        #expect(try row(simulation, r1).lastDown == .holdTimerExpired(silentSeconds: 12))
        #expect(simulation.kernel(r2).routes.allSatisfy { $0.protocolNumber == 2 })
    }

    @Test func `a machine that is back answers old connections with a reset`() throws {
        let simulation = try settled()
        simulation.apply(.powerLoss(r2))
        simulation.run(for: .milliseconds(500))
        simulation.apply(.restart(r2))
        simulation.run(for: .seconds(6))
        #expect(try row(simulation, r1).flaps == 1)
        #expect(simulation.log.contains { $0.contains("r1: ") && $0.contains("reset by peer") })
    }

    @Test func `a crash is told by the kernel at once, and its routes stay`() throws {
        let simulation = try settled()
        #expect(simulation.kernel(r2).routes.count { $0.protocolNumber == 186 } == 400)
        simulation.apply(.crash(r2))
        simulation.run(for: .milliseconds(100))
        #expect(try row(simulation, r1).lastDown == .closedByPeer)
        #expect(simulation.kernel(r2).routes.count { $0.protocolNumber == 186 } == 400)
        #expect(simulation.ask(r2, OverviewRequest()) == nil)
    }

    @Test func `what a silent link holds up arrives when the silence ends`() throws {
        let simulation = try settled()
        let before = try row(simulation, r2).messagesReceived
        simulation.apply(.silence(LinkNumber(0), from: r1))
        simulation.run(for: .seconds(6))
        #expect(try row(simulation, r2).messagesReceived == before)
        simulation.apply(.silenceEnds(LinkNumber(0)))
        simulation.run(for: .seconds(1))
        #expect(try row(simulation, r2).messagesReceived > before)
        #expect(try row(simulation, r2).flaps == 0)
    }

    @Test func `a speaker without time lets its neighbor wait, and is not called late for it`()
        throws
    {
        let simulation = try settled()
        simulation.apply(.freeze(r1, milliseconds: 9000))
        simulation.run(for: .seconds(30))
        #expect(simulation.violations == [])
    }

    @Test func `a slow link takes its time, and nothing is lost on it`() throws {
        var dials = SimulationDials()
        dials.bandwidth = 200
        dials.segmentation = .whole
        let simulation = try settled(dials)
        #expect(try row(simulation, r2).prefixesReceived == 0)
        simulation.run(for: .seconds(10))
        #expect(try row(simulation, r2).prefixesReceived == 400)
        #expect(simulation.faults() == [])
    }

    @Test func `an interface that is put in again has another index, and routes go over it`() throws
    {
        let simulation = try settled()
        #expect(simulation.kernel(r2).interfaces.map(\.index) == [1, 2])
        simulation.apply(.interfaceGone(r2, LinkNumber(0)))
        simulation.run(for: .seconds(1))
        #expect(simulation.kernel(r2).interfaces.map(\.index) == [1])
        #expect(simulation.kernel(r2).addresses == [])
        #expect(simulation.kernel(r2).routes == [])
        simulation.run(for: .seconds(20))
        simulation.apply(.interfaceBack(r2, LinkNumber(0)))
        #expect(simulation.kernel(r2).interfaces.map(\.index) == [1, 3])
        #expect(simulation.run(atMost: .seconds(300)) { $0.isConnected })
        simulation.run(for: .seconds(20))
        #expect(simulation.faults() == [])
        #expect(simulation.pathFaults() == [])
        #expect(simulation.kernel(r2).routes.count { $0.protocolNumber == 186 } == 400)
    }

    @Test(arguments: [3, 12, 24, 200])
    func `in an Internet-like graph every AS buys its way to the top, and nobody from itself`(
        count: Int
    ) {
        var random = RandomSource(seed: 7)
        let plan = NetworkPlan.internet(of: count, from: &random)
        #expect(plan.machines.count == count)
        let sales = plan.links.filter { $0.relation == .firstProvides }
        // Providers stand before their customers, so no way up comes back.
        #expect(sales.allSatisfy { $0.first < $0.second })
        let top = Set(plan.machines.indices).subtracting(sales.map(\.second))
        #expect(top.count >= 3)
        for first in top {
            for second in top where first < second {
                #expect(
                    plan.links.contains {
                        $0.first == first && $0.second == second && $0.relation == .peers
                    }
                )
            }
        }
        #expect(Set(plan.links.map { [$0.first, $0.second] }).count == plan.links.count)
    }

    @Test func `a configuration with errors is refused with its diagnostics`() {
        var plan = NetworkPlan.line(2)
        plan.machines[1].rules = "allow form any"
        #expect {
            try plan.simulation(seed: 1)
        } throws: { error in
            guard case .configuration("r2", let diagnostics) = error as? SimulationFault
            else { return false }
            return diagnostics.count == 1
        }
    }
}
