import BGPWire
import Control
import Simulation
import Testing
import Timekeeping

/// What a session waits for beside its neighbor: the link of an interface, and limits of what is sent.
struct DependencyTests {
    @Test func `depend on: no session without the link, and one as soon as it is there`() throws {
        let plan = NetworkPlan.pair(firstNeighbor: "depend on eth0")
        let simulation = try plan.settled()
        simulation.apply(.linkDown(LinkNumber(0)))
        simulation.run(for: .seconds(1))
        let row = try simulation.row(r1)
        #expect(row.state == .idle)
        #expect(row.retry == nil)
        #expect(row.lastDown == .interfaceDown(name: "eth0"))
        simulation.act(r1, .up)
        simulation.run(for: .seconds(1))
        #expect(try simulation.row(r1).state == .idle)
        simulation.apply(.linkUp(LinkNumber(0)))
        simulation.settle()
        #expect(simulation.faults() == [])
    }

    @Test func `depend on: what the operator holds down stays down when the link is back`() throws {
        let simulation = try NetworkPlan.pair(firstNeighbor: "depend on eth0").settled()
        simulation.act(r1, .down(reason: "CHG-1"))
        simulation.apply(.linkDown(LinkNumber(0)))
        simulation.run(for: .seconds(1))
        simulation.apply(.linkUp(LinkNumber(0)))
        simulation.run(for: .seconds(60))
        #expect(try simulation.row(r1).state == .idle)
        #expect(try simulation.row(r1).markedDown)
        simulation.act(r1, .up)
        simulation.settle()
    }

    @Test func `depend on: an interface that the host has not keeps the session Idle`() throws {
        let simulation = try NetworkPlan.pair(firstNeighbor: "depend on eth7").simulation(seed: 2)
        simulation.start()
        simulation.run(for: .seconds(60))
        #expect(try simulation.row(r1).state == .idle)
        #expect(try simulation.row(r1).lastDown == .interfaceDown(name: "eth7"))
    }

    @Test func `depend on: the neighbor is told which interface has no link`() throws {
        // The session runs over one link and depends on another.
        var plan = NetworkPlan.line(3)
        plan.links[1].firstStatements = "depend on eth0"
        let simulation = try plan.settled()
        simulation.apply(.linkDown(LinkNumber(0)))
        simulation.run(for: .seconds(2))
        let told = try simulation.detail(r3).lastErrorReceived
        #expect(
            told
                == .cease(
                    NotificationMessage.CeaseSubcode.administrativeShutdown,
                    text: "eth0 has no link"
                )
        )
    }

    @Test func `max-prefix out: what is too much is not sent, and the neighbor hears why`() throws {
        let networks = (1...3).map { "network 10.\($0).0.0/16" }.joined(separator: "\n")
        let plan = NetworkPlan.pair(networks, firstNeighbor: "max-prefix 2 out restart 3")
        let simulation = try plan.simulation(seed: 4)
        simulation.start()
        simulation.run(for: .seconds(10))
        let row = try simulation.row(r1)
        #expect(row.state == .idle)
        #expect(row.lastDown == .maximumPrefixesSent(limit: 2, restartMinutes: 3))
        #expect(row.retry?.name == "RestartTimer")
        #expect(try simulation.table(r2) == [])
        #expect(
            try simulation.detail(r2).lastErrorReceived
                == .cease(
                    NotificationMessage.CeaseSubcode.maximumPrefixes,
                    text: "more than 2 prefixes to send"
                )
        )
        let ups = simulation.lines("session up").count
        simulation.run(for: .seconds(190))
        #expect(simulation.lines("session up").count > ups)
    }

    @Test func `max-prefix out: as many as the limit are sent`() throws {
        let networks = (1...3).map { "network 10.\($0).0.0/16" }.joined(separator: "\n")
        let simulation = try NetworkPlan.pair(networks, firstNeighbor: "max-prefix 3 out").settled()
        #expect(try simulation.table(r2).count == 3)
        #expect(try simulation.row(r1).state == .established)
    }
}
