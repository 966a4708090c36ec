import Addressing
import BGPWire
import Control
import Simulation
import Testing
import Timekeeping

/// How sessions begin, end and come again.
struct SessionTests {
    @Test(arguments: [("passive", ""), ("", "passive"), ("", "")])
    func `two speakers come up whoever connects`(first: String, second: String) throws {
        let plan = NetworkPlan.pair(firstNeighbor: first, secondNeighbor: second)
        let simulation = try plan.settled()
        #expect(try simulation.row(r1).state == .established)
        #expect(try simulation.row(r2).state == .established)
        #expect(try simulation.row(r1).remoteIdentifier == 0x0A00_0002)
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `of two connections that meet the one of the higher identifier stays`(
        seed: UInt64
    ) throws {
        let simulation = try NetworkPlan.pair().settled(seed: seed)
        let mine = try simulation.detail(r1)
        let other = try simulation.detail(r2)
        #expect(mine.localPort == 179)
        #expect(other.remotePort == 179)
        #expect(mine.remotePort == other.localPort)
        #expect(mine.row.flaps == 0)
        #expect(other.row.flaps == 0)
        #expect(simulation.lines("session down").isEmpty)
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>)
    func `no route is lost where the first UPDATE settles which of two connections stays`(
        seed: UInt64
    ) throws {
        var dials = SimulationDials()
        dials.latency = .milliseconds(1) ... .milliseconds(100)
        let plan = NetworkPlan.pair("network 10.1.0.0/16", "network 10.2.0.0/16")
        let simulation = try plan.settled(seed: seed, dials: dials)
        #expect(try simulation.table(r1) == ["10.1.0.0/16 AI*>", "10.2.0.0/16 *> 65002"])
        #expect(try simulation.table(r2) == ["10.1.0.0/16 *> 65001", "10.2.0.0/16 AI*>"])
    }

    @Test func `a host on which nobody listens is named, and its speaker is met once it runs`()
        throws
    {
        let simulation = try NetworkPlan.pair().simulation(seed: 3)
        simulation.start(r1)
        simulation.run(for: .seconds(2))
        #expect(try simulation.row(r1).lastDown == .connectFailed(errno: 111))
        #expect(try simulation.row(r1).state == .active)
        simulation.start(r2)
        simulation.settle()
    }

    @Test func `a cut cable is no route to the host`() throws {
        let simulation = try NetworkPlan.pair().simulation(seed: 3)
        simulation.apply(.linkDown(LinkNumber(0)))
        simulation.start()
        simulation.run(for: .seconds(10))
        #expect(try simulation.row(r1).lastDown == .connectFailed(errno: 113))
        simulation.apply(.linkUp(LinkNumber(0)))
        simulation.settle()
    }

    @Test func `down with a reason is read on the other side, and up brings the session back`()
        throws
    {
        let simulation = try NetworkPlan.pair().settled()
        #expect(simulation.act(r1, .down(reason: "upgrade to 2.0 at 22:00")) == .processed)
        simulation.run(for: .seconds(3))
        #expect(try simulation.row(r1).state == .idle)
        #expect(try simulation.row(r1).markedDown)
        #expect(try simulation.detail(r1).shutdownText == "upgrade to 2.0 at 22:00")
        let other = try simulation.detail(r2)
        #expect(other.lastErrorReceived?.code == 6)
        #expect(other.lastErrorReceived?.subcode == 2)
        #expect(other.lastReceivedShutdownText == "upgrade to 2.0 at 22:00")
        #expect(
            try #require(other.row.lastDown).sentence(neighbor: "r1").contains(
                "upgrade to 2.0 at 22:00"
            )
        )
        // Held down means held down, whoever comes.
        simulation.run(for: .seconds(300))
        #expect(try simulation.row(r1).state == .idle)
        simulation.act(r1, .up)
        simulation.settle()
        #expect(try !simulation.row(r1).markedDown)
        #expect(try simulation.detail(r2).lastReceivedShutdownText == nil)
    }

    @Test func `a cleared session comes again within seconds`() throws {
        let simulation = try NetworkPlan.pair().settled()
        simulation.act(r1, .clear(reason: "try this"))
        simulation.run(for: .milliseconds(500))
        let other = try simulation.detail(r2)
        #expect(other.lastErrorReceived?.subcode == 4)
        #expect(other.lastReceivedShutdownText == "try this")
        simulation.run(for: .seconds(8))
        #expect(try simulation.row(r1).state == .established)
        #expect(try simulation.row(r1).flaps == 1)
        #expect(
            try simulation.row(r1).lastDown == .administrativeReset(text: "try this")
        )
    }

    @Test func `a hold timer that runs out names who was late, and says so to them`() throws {
        let plan = NetworkPlan.pair(firstNeighbor: "holdtime 9", secondNeighbor: "holdtime 30")
        let simulation = try plan.settled()
        #expect(try simulation.detail(r1).holdTime == 9)
        #expect(try simulation.detail(r2).holdTime == 9)
        #expect(try simulation.detail(r2).keepaliveInterval == 3)
        simulation.apply(.silence(LinkNumber(0), from: r2))
        simulation.run(for: .seconds(13))
        let mine = try simulation.detail(r1)
        #expect(mine.row.lastDown == .holdTimerExpired(silentSeconds: 9))
        #expect(
            mine.row.lastDown?.sentence(neighbor: mine.row.name) == "nothing from r2 for 9 s"
        )
        #expect(
            try simulation.row(r2).lastDown == .received(NotificationMessage(code: 4, subcode: 0))
        )
        simulation.apply(.silenceEnds(LinkNumber(0)))
        simulation.settle()
    }

    @Test func `speakers that were stopped for twice the hold time read before they judge`() throws
    {
        var dials = SimulationDials()
        // A KEEPALIVE is always under way, and waits in the socket when the speaker wakes.
        dials.latency = .seconds(3) ... .seconds(3)
        var plan = NetworkPlan.pair()
        plan.neighborStatements = "holdtime 9"
        let simulation = try plan.settled(dials: dials)
        simulation.run(for: .seconds(10))
        simulation.apply(.freeze(r1, milliseconds: 18_000))
        simulation.apply(.freeze(r2, milliseconds: 18_000))
        simulation.run(for: .seconds(60))
        #expect(try simulation.row(r1).flaps == 0)
        #expect(try simulation.row(r2).flaps == 0)
    }

    @Test func `more prefixes than allowed end the session with Cease 1, and it stays down`() throws
    {
        let networks = (0..<4).map { "network 10.\($0).0.0/16" }.joined(separator: "\n")
        let plan = NetworkPlan.pair(networks, secondNeighbor: "max-prefix 3")
        let simulation = try plan.simulation(seed: 1)
        simulation.start()
        simulation.run(for: .seconds(20))
        let limiter = try simulation.detail(r2)
        #expect(limiter.row.state == .idle)
        #expect(limiter.row.maximumPrefixes == 3)
        #expect(limiter.row.lastDown == .maximumPrefixes(limit: 3, restartMinutes: 0))
        let other = try simulation.detail(r1)
        #expect(other.lastErrorReceived?.code == 6)
        #expect(other.lastErrorReceived?.subcode == 1)
        #expect(try simulation.rows(r2).isEmpty)
        simulation.run(for: .seconds(1000))
        #expect(try simulation.row(r2).flaps == 1)
        // The operator's word ends the wait.
        simulation.act(r2, .clear(reason: ""))
        simulation.run(for: .seconds(20))
        #expect(try simulation.row(r2).flaps == 2)
    }

    @Test func `max-prefix with restart tries again after its minutes`() throws {
        let plan = NetworkPlan.pair(
            "network 10.0.0.0/16\nnetwork 10.1.0.0/16",
            secondNeighbor: "max-prefix 1 restart 2"
        )
        let simulation = try plan.simulation(seed: 1)
        simulation.start()
        simulation.run(for: .seconds(60))
        #expect(
            try simulation.row(r2).lastDown == .maximumPrefixes(limit: 1, restartMinutes: 2)
        )
        #expect(try simulation.row(r2).retry?.name == "RestartTimer")
        #expect(try simulation.row(r2).flaps == 1)
        simulation.run(for: .seconds(70))
        #expect(try simulation.row(r2).flaps == 2)
    }

    @Test func `a connection from somebody who is no neighbor is closed and told`() throws {
        var plan = NetworkPlan.pair()
        plan.machines.append(NetworkPlan.Machine(autonomousSystem: 65003))
        let simulation = try plan.simulation(seed: 1)
        let stranger = try simulation.addMachine(
            "stranger",
            configuration:
                "AS 65009\nrouter-id 10.0.0.9\nneighbor 192.0.2.1 {\nremote-as 65001\n}\n"
        )
        _ = simulation.addLink(stranger, ["192.0.2.2/30"], r1, ["192.0.2.1/30"])
        simulation.start()
        simulation.run(for: .seconds(5))
        #expect(!simulation.lines("connection from non-peer 192.0.2.2 refused").isEmpty)
        #expect(try simulation.row(stranger).state != .established)
    }

    @Test func `a speaker of another AS than configured is told so and named`() throws {
        var plan = NetworkPlan.pair()
        let simulation = Simulation(seed: 1)
        let first = try simulation.addMachine("r1", configuration: plan.configuration(of: 0))
        plan.machines[1].autonomousSystem = 65099
        let second = try simulation.addMachine("r2", configuration: plan.configuration(of: 1))
        _ = simulation.addLink(first, ["172.16.0.1/30"], second, ["172.16.0.2/30"])
        simulation.start()
        simulation.run(for: .seconds(5))
        #expect(
            try simulation.row(first).lastDown
                == .wrongAS(expected: ASNumber(65002), received: ASNumber(65099))
        )
        #expect(try simulation.detail(second).lastErrorReceived?.code == 2)
        #expect(try simulation.detail(second).lastErrorReceived?.subcode == 2)
    }
}
