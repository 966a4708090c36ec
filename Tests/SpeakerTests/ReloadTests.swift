import Addressing
import BGPWire
import Configuration
import Control
import Simulation
import Testing
import Timekeeping

/// Another configuration while everything runs.
struct ReloadTests {
    /// r1 and r2, and the file of r1 with other words in it.
    private func pair(
        _ statements: String = "network 10.1.0.0/16",
        neighbor: String = "",
        rules: String = "allow from any\nallow to any"
    ) -> NetworkPlan {
        var plan = NetworkPlan.pair(
            statements,
            "network 10.2.0.0/16\nnetwork 10.3.0.0/16",
            firstNeighbor: neighbor
        )
        plan.machines[0].rules = rules
        return plan
    }

    private func settled() throws -> Simulation { try pair().settled() }

    @Test func `the same file changes nothing`() throws {
        let simulation = try settled()
        let before = simulation.lines("r1").count
        #expect(try simulation.reload(r1, pair().configuration(of: 0)) == [])
        simulation.run(for: .seconds(60))
        #expect(try simulation.row(r1).flaps == 0)
        #expect(simulation.lines("configuration reloaded").count == 1)
        #expect(simulation.lines("state change").count == 8)
        #expect(before > 0)
        #expect(simulation.faults() == [])
    }

    @Test func `another input rule filters what is there again, and no session ends`() throws {
        let simulation = try settled()
        let rules = "allow from any\ndeny from any prefix 10.3.0.0/16\nallow to any"
        try simulation.take(r1, pair(rules: rules))
        #expect(
            try simulation.table(r1) == [
                "10.1.0.0/16 AI*>", "10.2.0.0/16 *> 65002", "10.3.0.0/16 F 65002",
            ]
        )
        #expect(simulation.programmed(r1).count == 1)
        try simulation.take(r1, pair(rules: "allow from any set localpref 7\nallow to any"))
        #expect(try simulation.rows(r1).map(\.localPreference) == [100, 7, 7])
        #expect(try simulation.row(r1).flaps == 0)
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [1, 2, 3])
    func `routes of both families are filtered again however small the slices`(units: Int) throws {
        var dials = SimulationDials()
        dials.unitsPerTurn = units
        var plan = pair(rules: "deny from any\nallow to any")
        plan.machines[1].statements += "\nnetwork 2001:db8:2::/48\nnetwork 2001:db8:3::/48"
        let simulation = try plan.settled(dials: dials)
        plan.machines[0].rules = "allow from any\nallow to any"
        try simulation.take(r1, plan)
        #expect(try simulation.table(r1).filter { $0.contains("*>") }.count == 5)
    }

    @Test func `another output rule withdraws and announces only what differs`() throws {
        let simulation = try settled()
        try simulation.take(r1, pair(rules: "allow from any\ndeny to any"))
        #expect(try simulation.table(r2).count == 2)
        try simulation.take(r1, pair(rules: "allow from any\nallow to any set metric 9"))
        let prefix = try IPPrefix.of("10.1.0.0/16")
        #expect(try simulation.rows(r2).filter { $0.prefix == prefix }.count == 1)
        let updates = try simulation.detail(r1).prefixUpdates.sent
        try simulation.take(
            r1,
            pair(rules: "allow from any set localpref 120\nallow to any set metric 9")
        )
        #expect(try simulation.detail(r1).prefixUpdates.sent == updates)
        #expect(try simulation.row(r1).flaps == 0)
    }

    @Test func `export none withdraws everything, and without it all is sent again`() throws {
        let simulation = try settled()
        let before = try simulation.table(r2)
        try simulation.take(r1, pair(neighbor: "export none"))
        #expect(try simulation.table(r2).filter { $0.hasSuffix("65001") } == [])
        #expect(try simulation.table(r1).count == 3)
        try simulation.take(r1, pair())
        #expect(try simulation.table(r2) == before)
        #expect(try simulation.row(r1).flaps == 0)
        #expect(simulation.faults() == [])
    }

    @Test func `a neighbor back in the file before its routes are gone is told of to all`()
        throws
    {
        var plan = NetworkPlan(machines: 3, links: [(0, 2), (0, 1)])
        for machine in 0..<3 { plan.machines[machine].rules = "allow from any\nallow to any" }
        let networks = (1...60).map { "network 10.2.\($0).0/24" }
        plan.machines[1].statements = networks.joined(separator: "\n")
        var dials = SimulationDials()
        dials.unitsPerTurn = 1
        dials.turn = .milliseconds(500)
        let simulation = try plan.simulation(seed: 1, dials: dials)
        simulation.start()
        simulation.run(for: .seconds(200))
        #expect(try simulation.rows(r3).count == 60)
        simulation.apply(.reload(MachineNumber(0), .withoutNeighbor))
        // Somebody else comes while they are on their way out.
        simulation.apply(.clear(MachineNumber(2)))
        simulation.run(for: .seconds(12))
        simulation.apply(.reload(MachineNumber(0), .original))
        simulation.run(for: .seconds(3))
        #expect(try !simulation.rows(r1).isEmpty)
        simulation.run(for: .seconds(300))
        #expect(try simulation.rows(r3).count == 60)
        #expect(simulation.faults() == [])
    }

    @Test func `networks come and go`() throws {
        let simulation = try settled()
        try simulation.take(r1, pair("network 10.9.0.0/16\nnetwork 10.8.0.0/16 set metric 3"))
        #expect(
            try simulation.table(r2).filter { $0.hasSuffix("65001") } == [
                "10.8.0.0/16 *> 65001", "10.9.0.0/16 *> 65001",
            ]
        )
    }

    @Test(arguments: [
        ("holdtime 30", true), ("announce IPv6 none", true), ("multihop 3", true),
        ("passive", false), ("connect-retry 9", false), ("max-prefix 100", false),
        ("role peer", true), ("as-override yes", false), ("export none", false),
        ("export default-route", false), ("rde evaluate all", false),
        ("set localpref 50", false), ("enforce local-as no", false),
    ])
    func `a session ends only where it could not go on`(statement: String, isReset: Bool) throws {
        let simulation = try settled()
        try simulation.take(r1, pair(neighbor: statement))
        #expect(try simulation.row(r1).flaps == (isReset ? 1 : 0))
        #expect(try simulation.row(r1).state == .established)
        if isReset {
            #expect(
                try simulation.detail(r2).lastErrorReceived
                    == NotificationMessage(
                        .cease,
                        NotificationMessage.CeaseSubcode.otherConfigurationChange
                    )
            )
        }
        #expect(simulation.faults() == [])
    }

    @Test func `a limit below what is there ends the session, one above lets it come again`() throws
    {
        let simulation = try settled()
        _ = try simulation.reload(r1, pair(neighbor: "max-prefix 1").configuration(of: 0))
        simulation.run(for: .seconds(5))
        #expect(try simulation.row(r1).lastDown == .maximumPrefixes(limit: 1, restartMinutes: 0))
        try simulation.take(r1, pair(neighbor: "max-prefix 5"))
        #expect(try simulation.row(r1).state == .established)
    }

    @Test func `a limit of what is sent holds at once, and another limit frees nobody`() throws {
        let simulation = try settled()
        _ = try simulation.reload(
            r1,
            pair("network 10.1.0.0/16\nnetwork 10.4.0.0/16", neighbor: "max-prefix 1 out")
                .configuration(of: 0)
        )
        simulation.run(for: .seconds(5))
        let held = DownReason.maximumPrefixesSent(limit: 1, restartMinutes: 0)
        #expect(try simulation.row(r1).lastDown == held)
        _ = try simulation.reload(
            r1,
            pair(
                "network 10.1.0.0/16\nnetwork 10.4.0.0/16",
                neighbor: "max-prefix 1 out\nmax-prefix 1000"
            )
            .configuration(of: 0)
        )
        simulation.run(for: .seconds(60))
        #expect(try simulation.row(r1).state == .idle)
        #expect(try simulation.row(r1).lastDown == held)
    }

    @Test func `a lower limit of what is sent ends the session though nothing is to be sent`()
        throws
    {
        let networks = "network 10.1.0.0/16\nnetwork 10.4.0.0/16"
        let simulation = try pair(networks).settled()
        _ = try simulation.reload(
            r1,
            pair(networks, neighbor: "max-prefix 1 out").configuration(of: 0)
        )
        simulation.run(for: .seconds(1))
        #expect(
            try simulation.row(r1).lastDown == .maximumPrefixesSent(limit: 1, restartMinutes: 0)
        )
    }

    @Test func `a path with a set is judged again when reject as-set changes`() throws {
        var plan = pair(neighbor: "reject as-set no")
        plan.machines[1].rules = "allow from any\nallow to any"
        let simulation = try plan.settled()
        let refreshes = try simulation.detail(r1).routeRefreshes.sent
        try simulation.take(r1, pair(neighbor: "reject as-set yes"))
        #expect(try simulation.detail(r1).routeRefreshes.sent == refreshes + 2)
        #expect(try simulation.row(r1).flaps == 0)
    }

    @Test func `the operator's down outlives one of the file`() throws {
        let simulation = try settled()
        simulation.act(r1, .down(reason: "CHG-4"))
        _ = try simulation.reload(r1, pair(neighbor: "down \"file\"").configuration(of: 0))
        _ = try simulation.reload(r1, pair().configuration(of: 0))
        simulation.run(for: .seconds(60))
        #expect(try simulation.row(r1).state == .idle)
        #expect(try simulation.row(r1).markedDown)
        #expect(try simulation.detail(r1).shutdownText == "CHG-4")
    }

    @Test func `down in the file takes the session down, and up again when it is gone`() throws {
        let simulation = try settled()
        _ = try simulation.reload(r1, pair(neighbor: "down \"CHG-3\"").configuration(of: 0))
        simulation.run(for: .seconds(30))
        #expect(try simulation.row(r1).markedDown)
        #expect(try simulation.table(r1) == ["10.1.0.0/16 AI*>"])
        #expect(try simulation.detail(r2).lastReceivedShutdownText == "CHG-3")
        try simulation.take(r1, pair())
        #expect(try !simulation.row(r1).markedDown)
    }

    @Test func `what the operator holds down stays down`() throws {
        let simulation = try settled()
        simulation.act(r1, .down(reason: "CHG-4"))
        _ = try simulation.reload(r1, pair(neighbor: "holdtime 30").configuration(of: 0))
        simulation.run(for: .seconds(60))
        #expect(try simulation.row(r1).state == .idle)
        #expect(try simulation.row(r1).markedDown)
    }

    @Test
    func `a neighbor that is gone hears Cease/3, and its routes go; one that is new comes up`()
        throws
    {
        let simulation = try settled()
        var alone = NetworkPlan.line(1)
        alone.machines[0].statements = "network 10.1.0.0/16"
        #expect(try simulation.reload(r1, alone.configuration(of: 0)) == [])
        simulation.run(for: .seconds(5))
        #expect(try simulation.overview(r1).neighbors.isEmpty)
        #expect(try simulation.table(r1) == ["10.1.0.0/16 AI*>"])
        #expect(simulation.programmed(r1).isEmpty)
        let told = try simulation.detail(r2).lastErrorReceived
        #expect(told?.subcode == NotificationMessage.CeaseSubcode.peerDeconfigured)
        try simulation.take(r1, pair())
        #expect(try simulation.table(r1).count == 3)
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [
        ("AS 65001", "AS 65009", "AS"), ("router-id 10.0.0.1", "router-id 10.0.0.9", "router-id"),
        ("network", "fib-metric 99\nnetwork", "fib-metric"),
    ])
    func `what only a restart can change is named, and nothing changes`(
        old: String,
        new: String,
        setting: String
    ) throws {
        let simulation = try settled()
        let text = pair(rules: "deny from any").configuration(of: 0)
        #expect(try simulation.reload(r1, text.replacing(old, with: new)) == [setting])
        simulation.run(for: .seconds(5))
        #expect(try simulation.table(r1).count == 3)
    }
}

extension Simulation {
    /// Takes the plan's file of that machine; all sessions come up, and everything is said.
    func take(
        _ machine: MachineNumber,
        _ plan: NetworkPlan,
        _ location: SourceLocation = #_sourceLocation
    ) throws {
        let fixed = try reload(machine, plan.configuration(of: machine.value))
        #expect(fixed == [], sourceLocation: location)
        settle(location)
    }
}
