import Addressing
import BGPWire
import Control
import KernelRoutes
import Simulation
import Testing
import Timekeeping

/// What becomes of a neighbor's routes while it restarts (RFC 4724, RFC 8538): r1 helps, r2 restarts.
struct GracefulRestartTests {
    private static let lost = "10.2.0.0/16 *> 65002"
    private static let stale = "10.2.0.0/16 S*> 65002"
    private static let own = "10.1.0.0/16 AI*>"

    /// Two speakers with a network each; r2's kernel routes persist.
    private func pair(
        _ neighbor: String = "",
        theirs: String = "",
        statements: String = "network 10.2.0.0/16"
    ) throws -> Simulation {
        try NetworkPlan.pair(
            "network 10.1.0.0/16",
            "fib persist\n\(statements)",
            firstNeighbor: neighbor,
            secondNeighbor: theirs
        ).settled()
    }

    private func routes(_ simulation: Simulation) throws -> [String] {
        try simulation.table(r1).filter { $0 != Self.own }
    }

    @Test func `a neighbor that crashes keeps its routes, and has them again when it is back`()
        throws
    {
        let simulation = try pair()
        #expect(try routes(simulation) == [Self.lost])
        simulation.apply(.crash(r2))
        simulation.run(for: .seconds(20))
        #expect(try simulation.row(r1).state != .established)
        #expect(try routes(simulation) == [Self.stale])
        #expect(simulation.programmed(r1) == ["10.2.0.0/16 172.16.0.2"])
        let away = try simulation.detail(r1)
        #expect(away.timers.contains { $0.name == "RestartTimer" })
        #expect(
            away.notes.count {
                $0.hasPrefix("graceful restart: 1 stale route kept until it is back")
            } == 1
        )
        simulation.apply(.restart(r2))
        simulation.settle()
        #expect(try routes(simulation) == [Self.lost])
        #expect(simulation.programmed(r1) == ["10.2.0.0/16 172.16.0.2"])
        #expect(try simulation.detail(r1).notes == [])
        #expect(
            simulation.lines(
                "r1: neighbor 172.16.0.2 (r2): graceful restart: 1 stale route kept, for 120 s at most"
            ).count == 1
        )
        #expect(
            simulation.lines(
                "r1: neighbor 172.16.0.2 (r2): graceful restart: 0 stale routes removed, not told again"
            ).count == 1
        )
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [("", 120), ("staletime 30", 30), ("staletime 4000", 120)])
    func `who does not come back within its restart time and staletime loses its routes`(
        statement: String,
        seconds: Int
    ) throws {
        let simulation = try pair(statement)
        simulation.apply(.crash(r2))
        simulation.run(for: .seconds(seconds - 1))
        #expect(try routes(simulation) == [Self.stale])
        simulation.run(for: .seconds(2))
        #expect(try routes(simulation) == [])
        #expect(simulation.programmed(r1) == [])
        #expect(simulation.lines("1 stale route removed, not back within \(seconds) s").count == 1)
    }

    @Test func `staletime of a reload holds for routes that are stale already`() throws {
        let simulation = try pair()
        simulation.apply(.crash(r2))
        simulation.run(for: .seconds(10))
        let shorter = NetworkPlan.pair("network 10.1.0.0/16", firstNeighbor: "staletime 20")
        #expect(try simulation.reload(r1, shorter.configuration(of: 0)) == [])
        simulation.run(for: .seconds(8))
        #expect(try routes(simulation) == [Self.stale])
        simulation.run(for: .seconds(4))
        #expect(try routes(simulation) == [])
    }

    @Test func `without fib persist, or where the neighbor is no helper, nothing is kept`() throws {
        for (mine, theirs) in [
            ("", "network 10.2.0.0/16"),
            ("announce restart no", "fib persist\nnetwork 10.2.0.0/16"),
        ] {
            let simulation = try NetworkPlan.pair("", theirs, firstNeighbor: mine).settled()
            simulation.apply(.crash(r2))
            simulation.run(for: .seconds(1))
            #expect(try simulation.table(r1) == [])
        }
    }

    @Test func `a neighbor that has lost its routes says so, and they go at once`() throws {
        let simulation = try pair("holdtime 9")
        simulation.run(for: .seconds(10))
        // Nobody is told: the connection that comes again tells it.
        simulation.apply(.powerLoss(r2))
        simulation.run(for: .seconds(1))
        simulation.apply(.restart(r2))
        simulation.run(for: .seconds(1))
        #expect(simulation.lines("r2 opened another connection: it has restarted").count >= 1)
        simulation.settle()
        #expect(simulation.lines("1 stale route removed, not forwarded meanwhile").count == 1)
        #expect(try routes(simulation) == [Self.lost])
    }

    @Test(arguments: [
        ("", "", false), ("announce graceful notification yes", "", false),
        ("announce graceful notification yes", "announce graceful notification yes", true),
    ])
    func `after a NOTIFICATION, or silence, routes stay where both have said so`(
        mine: String,
        theirs: String,
        isKept: Bool
    ) throws {
        for fault in [Fault.clear(r2), .silence(LinkNumber(0), from: r2)] {
            let simulation = try pair("holdtime 9\n\(mine)", theirs: theirs)
            simulation.apply(fault)
            let isDown = simulation.run(atMost: .seconds(12), lookingEvery: .milliseconds(10)) {
                (try? $0.row(r1).state) != .established
            }
            #expect(isDown)
            #expect(try routes(simulation) == (isKept ? [Self.stale] : []))
            simulation.apply(.silenceEnds(LinkNumber(0)))
            simulation.settle()
            #expect(try routes(simulation) == [Self.lost])
        }
    }

    @Test(arguments: ["announce graceful notification yes", ""])
    func `who is shut down loses its routes on both sides`(statement: String) throws {
        let simulation = try pair(statement, theirs: statement)
        simulation.apply(.shutDown(r2))
        simulation.run(for: .seconds(1))
        #expect(try routes(simulation) == [])
        #expect(try simulation.table(r2) == ["10.2.0.0/16 AI*>"])
    }

    @Test func `taken down or removed while it is away, it loses its routes`() throws {
        let simulation = try pair()
        simulation.apply(.crash(r2))
        simulation.run(for: .seconds(1))
        #expect(try routes(simulation) == [Self.stale])
        simulation.act(r1, .down(reason: ""))
        simulation.run(for: .milliseconds(10))
        #expect(try routes(simulation) == [])
        let removed = try pair()
        removed.apply(.crash(r2))
        removed.run(for: .seconds(1))
        _ = try removed.reload(r1, "AS 65001\nrouter-id 10.0.0.1\nnetwork 10.1.0.0/16\n")
        removed.run(for: .milliseconds(10))
        #expect(try routes(removed) == [])
    }

    @Test func `what the neighbor does not tell again goes with its End-of-RIB`() throws {
        let simulation = try pair(statements: "network 10.2.0.0/16\nnetwork 10.3.0.0/16")
        simulation.apply(.crash(r2))
        let less = NetworkPlan.pair("", "fib persist\nnetwork 10.2.0.0/16")
        _ = try simulation.reload(r2, less.configuration(of: 1))
        simulation.run(for: .seconds(5))
        #expect(try routes(simulation) == [Self.stale, "10.3.0.0/16 S*> 65002"])
        simulation.apply(.restart(r2))
        simulation.settle()
        #expect(try routes(simulation) == [Self.lost])
        #expect(simulation.lines("1 stale route removed, not told again").count == 1)
    }

    @Test func `staletime holds where the neighbor is back and does not say that it has told all`()
        throws
    {
        // r2 waits for r3, which does not come, before it tells r1 anything.
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "fib persist\nnetwork 10.2.0.0/16", ""])
        plan.links[0].firstStatements = "staletime 60"
        let simulation = try plan.settled()
        simulation.apply(.crash(r3))
        simulation.apply(.crash(r2))
        simulation.run(for: .seconds(10))
        simulation.apply(.restart(r2))
        simulation.run(for: .seconds(48))
        #expect(try simulation.row(r1).state == .established)
        #expect(try routes(simulation) == [Self.stale])
        #expect(
            try simulation.detail(r1).notes.first?.contains("until it has sent all its routes")
                == true
        )
        simulation.run(for: .seconds(3))
        #expect(try routes(simulation) == [])
        #expect(simulation.lines("1 stale route removed, not told again within 60 s").count == 1)
        simulation.run(for: .seconds(75))
        #expect(try routes(simulation) == [Self.lost])
        #expect(
            simulation.lines("routes are chosen after 120 s, not all neighbors have told theirs")
                .count == 1
        )
    }

    @Test func `another router at the same address does not get the routes of the one before`()
        throws
    {
        let simulation = try pair()
        simulation.apply(.crash(r2))
        let plan = NetworkPlan.pair("", "fib persist")
        let text = plan.configuration(of: 1).replacing(
            "router-id 10.0.0.2",
            with: "router-id 10.0.0.9"
        )
        _ = try simulation.reload(r2, text)
        simulation.apply(.restart(r2))
        simulation.settle()
        #expect(simulation.lines("1 stale route removed, not forwarded meanwhile").count == 1)
        #expect(try routes(simulation) == [])
    }

    @Test func `policy of a reload holds for stale routes`() throws {
        let simulation = try pair()
        simulation.apply(.crash(r2))
        simulation.run(for: .seconds(1))
        let refusing =
            NetworkPlan.pair("network 10.1.0.0/16").configuration(of: 0) + "deny from any\n"
        _ = try simulation.reload(r1, refusing)
        simulation.run(for: .seconds(1))
        #expect(try routes(simulation) == ["10.2.0.0/16 FS 65002"])
        #expect(simulation.programmed(r1) == [])
    }

    @Test func `max-prefix counts what the session has sent, not what is stale`() throws {
        let simulation = try pair(
            "max-prefix 2",
            statements: "network 10.2.0.0/16\nnetwork 10.3.0.0/16"
        )
        simulation.apply(.crash(r2))
        let other = NetworkPlan.pair("", "fib persist\nnetwork 10.4.0.0/16\nnetwork 10.5.0.0/16")
        _ = try simulation.reload(r2, other.configuration(of: 1))
        simulation.apply(.restart(r2))
        simulation.settle()
        #expect(simulation.lines("prefix limit reached").isEmpty)
        #expect(try routes(simulation) == ["10.4.0.0/16 *> 65002", "10.5.0.0/16 *> 65002"])
    }

    @Test func `a client's stale routes are reflected to a neighbor that comes meanwhile`() throws {
        var plan = NetworkPlan(machines: 3, links: [(0, 1), (0, 2)])
        for machine in 0..<3 { plan.machines[machine].autonomousSystem = 65001 }
        plan.machines[1].statements = "fib persist\nnetwork 10.2.0.0/16"
        plan.machines[0].statements = "network 10.1.0.0/16"
        plan.links[0].firstStatements = "route-reflector"
        let simulation = try plan.settled()
        simulation.apply(.crash(r2))
        simulation.run(for: .seconds(1))
        simulation.act(r3, .clear(reason: ""))
        simulation.run(for: .seconds(20))
        let row = try #require(try simulation.rows(r3).first { "\($0.prefix)" == "10.2.0.0/16" })
        #expect(PathAttribute.first(.originatorID, in: row.attributes.span) != nil)
    }
}

/// Our own restart with `fib persist`: what the kernel has goes on until the neighbors have told what replaces it.
struct OwnRestartTests {
    /// Three in a line, each with a network; the one in the middle restarts.
    private func line(_ statements: String = "fib persist\nnetwork 10.2.0.0/16") throws
        -> Simulation
    {
        try NetworkPlan.line(["network 10.1.0.0/16", statements, "network 10.3.0.0/16"]).settled()
    }

    private static let between = ["10.1.0.0/16 172.16.0.1", "10.3.0.0/16 172.16.1.2"]

    private func isWhole(_ simulation: Simulation) -> Bool {
        simulation.programmed(r1) == ["10.2.0.0/16 172.16.0.2", "10.3.0.0/16 172.16.0.2"]
            && simulation.programmed(r2) == Self.between
            && simulation.programmed(r3) == ["10.1.0.0/16 172.16.1.1", "10.2.0.0/16 172.16.1.1"]
    }

    @Test(arguments: [false, true])
    func `no kernel loses a route while the router in the middle restarts`(isStopped: Bool) throws {
        let simulation = try line()
        #expect(isWhole(simulation))
        simulation.apply(isStopped ? .stop(r2) : .crash(r2))
        for _ in 0..<200 {
            simulation.run(for: .milliseconds(50))
            #expect(isWhole(simulation))
        }
        simulation.apply(.restart(r2))
        for _ in 0..<1200 {
            simulation.run(for: .milliseconds(50))
            #expect(isWhole(simulation))
        }
        simulation.settle()
        #expect(isWhole(simulation))
        #expect(simulation.faults() == [])
        #expect(
            simulation.lines(
                "r2: graceful restart: 2 kernel routes kept, waiting for the neighbors' routes"
            ).count == 1
        )
        #expect(simulation.lines("r2: graceful restart: routes are chosen after").count == 1)
        #expect(simulation.lines("all neighbors have told theirs").count == 1)
        let lines = try #require(try simulation.detail(r1).remoteCapabilities?.lines)
        #expect(
            lines.contains(
                "Graceful Restart: timeout: 120, restarted, IPv4 unicast (preserved), IPv6 unicast"
            )
        )
    }

    @Test func `the next session after a restart tells no restart, and that routes were forwarded`()
        throws
    {
        let simulation = try line()
        let first = try #require(try simulation.detail(r1).remoteCapabilities?.lines)
        #expect(first.contains("Graceful Restart: timeout: 120, IPv4 unicast, IPv6 unicast"))
        simulation.act(r2, .clear(reason: ""))
        simulation.settle()
        let second = try #require(try simulation.detail(r1).remoteCapabilities?.lines)
        #expect(
            second.contains(
                "Graceful Restart: timeout: 120, IPv4 unicast (preserved), IPv6 unicast (preserved)"
            )
        )
    }

    @Test func `a stop leaves the kernel's routes where they are, without fib persist it does not`()
        throws
    {
        let simulation = try line()
        simulation.apply(.stop(r2))
        simulation.run(for: .seconds(5))
        #expect(!simulation.isRunning(r2))
        #expect(simulation.programmed(r2) == Self.between)
        #expect(simulation.lines("kernel: 2 routes left in place (fib persist)").count == 1)
        let other = try line("network 10.2.0.0/16")
        other.apply(.stop(r2))
        other.run(for: .seconds(5))
        #expect(other.programmed(r2) == [])
    }

    @Test func `what an earlier run has left and nobody tells any more is swept in the end`() throws
    {
        let simulation = try line()
        simulation.apply(.crash(r2))
        let less = NetworkPlan.line(["network 10.1.0.0/16", "", ""]).configuration(of: 2)
        _ = try simulation.reload(r3, less)
        simulation.run(for: .seconds(2))
        simulation.apply(.restart(r2))
        simulation.settle()
        simulation.run(for: .seconds(10))
        #expect(simulation.programmed(r2) == ["10.1.0.0/16 172.16.0.1"])
        #expect(simulation.faults() == [])
    }

    @Test func `two that restart at once do not wait for each other`() throws {
        let simulation = try NetworkPlan.pair(
            "fib persist\nnetwork 10.1.0.0/16",
            "fib persist\nnetwork 10.2.0.0/16"
        ).settled()
        simulation.apply(.crash(r1))
        simulation.apply(.crash(r2))
        simulation.run(for: .seconds(1))
        simulation.apply(.restart(r1))
        simulation.apply(.restart(r2))
        simulation.settle()
        simulation.run(for: .seconds(3))
        #expect(try simulation.table(r1) == ["10.1.0.0/16 AI*>", "10.2.0.0/16 *> 65002"])
        #expect(simulation.faults() == [])
    }
}
