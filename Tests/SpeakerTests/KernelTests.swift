import Addressing
import BGPWire
import Control
import KernelRoutes
import Simulation
import Testing
import Timekeeping

/// The speaker and its kernel.
struct KernelTests {
    let prefix = IPPrefix(ipv4: 0x0A01_0000, length: 16)

    /// The rows of the kernel's page for that prefix.
    func standings(_ simulation: Simulation, _ prefix: IPPrefix) throws -> [KernelRow.Standing] {
        var filter = KernelPageRequest.Filter()
        filter.prefix = .exact(prefix)
        let request = KernelPageRequest(filter: filter, limit: 10)
        return try #require(simulation.ask(r2, request)).rows.map(\.standing)
    }

    @Test func `a route counts as installed only once the kernel has said so`() throws {
        var dials = SimulationDials()
        dials.kernelDelay = .seconds(5) ... .seconds(5)
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").settled(dials: dials)
        let isAsked = simulation.run(atMost: .seconds(10)) { world in
            world.ask(r2, OverviewRequest())?.kernel.pending == 1
        }
        #expect(isAsked)
        var counts = try simulation.overview(r2).kernel
        #expect(counts.wanted == 1)
        #expect(counts.installed == 0)
        let waiting = try standings(simulation, prefix)
        #expect(waiting == [.pending])
        simulation.run(for: .seconds(10))
        counts = try simulation.overview(r2).kernel
        #expect(counts.installed == 1)
        #expect(counts.pending == 0)
        #expect(try standings(simulation, prefix) == [.installed])
    }

    @Test func `a refusal is shown in the kernel's words and tried again`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").simulation(seed: 1)
        let refusal = KernelRefusal(errno: 28, text: "the table is full today")
        simulation.apply(.kernelRefuses(r2, prefix, refusal))
        simulation.start()
        simulation.settle()
        #expect(try simulation.overview(r2).kernel.refused == 1)
        #expect(try simulation.overview(r2).kernel.installed == 0)
        let refused = try standings(simulation, prefix)
        #expect(refused == [.refused(errno: 28, text: refusal.text)])
        #expect(
            simulation.lines("the kernel refused 10.1.0.0/16: the table is full today").count == 1
        )
        simulation.apply(.kernelRefuses(r2, prefix, nil))
        simulation.run(for: .seconds(64))
        #expect(try simulation.overview(r2).kernel.installed == 1)
        #expect(try simulation.overview(r2).kernel.refused == 0)
    }

    @Test func `what somebody deletes is put back and told`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").settled()
        simulation.apply(.kernelRouteDeleted(r2, prefix))
        #expect(simulation.programmed(r2).isEmpty)
        simulation.run(for: .milliseconds(100))
        #expect(simulation.programmed(r2) == ["10.1.0.0/16 172.16.0.1"])
        #expect(!simulation.lines("somebody changed our route 10.1.0.0/16").isEmpty)
        #expect(try simulation.overview(r2).kernel.installed == 1)
    }

    @Test func `a deletion that no notification told of is found after an overrun`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").settled()
        simulation.apply(.kernelRouteDeleted(r2, prefix))
        simulation.apply(.kernelOverrun(r2))
        simulation.run(for: .seconds(2))
        #expect(simulation.programmed(r2) == ["10.1.0.0/16 172.16.0.1"])
        #expect(try simulation.overview(r2).kernel.overruns == 1)
    }

    @Test func `a link that goes down is named, and nobody is blamed for its routes`() throws {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16\nnetwork 2001:db8:1::/48"
        ).settled()
        #expect(simulation.programmed(r2).count == 2)
        simulation.apply(.interfaceDown(r2, LinkNumber(0)))
        simulation.run(for: .seconds(5))
        let line = "link eth0 went down: 2 routes through it are gone"
        #expect(simulation.lines(line).count == 1)
        #expect(try simulation.overview(r2).kernel.wanted == 0)
        simulation.apply(.interfaceUp(r2, LinkNumber(0)))
        simulation.settle()
        #expect(simulation.programmed(r2).count == 2)
        #expect(simulation.lines("link eth0 is up").count >= 1)
        for words in ["somebody", "unannounced", "the kernel refused"] {
            #expect(simulation.lines(words) == [])
        }
    }

    @Test func `somebody else's route in the place of ours is left alone and shown`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").settled()
        let foreign = try Routes.foreign("10.1.0.0/16", via: "172.16.0.1", over: 2, metric: 186)
        simulation.apply(.kernelRoutePut(r2, foreign))
        simulation.run(for: .seconds(5))
        #expect(simulation.kernel(r2).routes(of: prefix) == [foreign])
        #expect(try simulation.overview(r2).kernel.installed == 0)
        #expect(try standings(simulation, prefix).contains(.hidesOurs))
        simulation.apply(.foreignRouteDeleted(r2, prefix, protocolNumber: 4))
        simulation.run(for: .seconds(2))
        #expect(simulation.programmed(r2) == ["10.1.0.0/16 172.16.0.1"])
    }

    @Test func `a foreign route of a lower metric is drift, and told when it comes and goes`()
        throws
    {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").settled()
        let foreign = try Routes.foreign("10.1.0.0/16", via: "172.16.0.1", over: 2, metric: 0)
        simulation.apply(.kernelRoutePut(r2, foreign))
        simulation.run(for: .seconds(5))
        #expect(try simulation.overview(r2).kernel.hidden == 1)
        #expect(try standings(simulation, prefix) == [.hidesOurs, .installed])
        let line = "10.1.0.0/16: a foreign route (proto static metric 0) hides ours"
        #expect(simulation.lines(line).count == 1)
        let event = try simulation.overview(r2).lastEvent
        #expect(event?.kind == .kernelChange(line, isBad: true))
        simulation.apply(.foreignRouteDeleted(r2, prefix, protocolNumber: 4))
        simulation.run(for: .seconds(2))
        #expect(try simulation.overview(r2).kernel.hidden == 0)
        let end = "10.1.0.0/16: no foreign route hides ours any more"
        #expect(try simulation.overview(r2).lastEvent?.kind == .kernelChange(end, isBad: false))
    }

    @Test func `after a crash the routes stay, are taken over, and strays are swept in the end`()
        throws
    {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16\nnetwork 2001:db8:1::/48"
        ).settled()
        let before = simulation.programmed(r2)
        #expect(before.count == 2)
        simulation.apply(.crash(r2))
        let gateway = try #require(IPAddress(text: "172.16.0.1"))
        let stray = KernelRoute(
            prefix: IPPrefix(ipv4: 0x0A63_0000, length: 16),
            protocolNumber: 186,
            metric: 186,
            nextHopSet: NextHopSet(gateway: gateway, interface: 2)
        )
        simulation.apply(.kernelRoutePut(r2, stray))
        simulation.run(for: .seconds(20))
        #expect(simulation.programmed(r2).count == 3)
        simulation.apply(.restart(r2))
        // Until all is heard nothing is taken away.
        let isUp = simulation.run(atMost: .seconds(300)) { world in
            world.programmed(r2).count == 3 && world.isUp(r2)
        }
        #expect(isUp)
        simulation.run(for: .seconds(5))
        #expect(simulation.programmed(r2) == before)
        #expect(
            simulation.lines("2 routes of an earlier run taken over, 1 strays removed").count == 1
        )
        #expect(try simulation.overview(r2).kernel.installed == 2)
    }

    @Test func `the graceful end tells the neighbor and withdraws the routes, counted`() throws {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16\nnetwork 2001:db8:1::/48"
        ).settled()
        let foreign = try Routes.foreign("10.7.0.0/16", via: "172.16.0.1", over: 2)
        simulation.apply(.kernelRoutePut(r2, foreign))
        simulation.run(for: .seconds(1))
        simulation.apply(.stop(r2))
        simulation.run(for: .seconds(3))
        #expect(!simulation.isRunning(r2))
        #expect(
            simulation.withdrawal(of: r2) == KernelWithdrawal(done: 2, total: 2, isFinished: true)
        )
        #expect(simulation.lines("kernel: 2 of 2 routes withdrawn").count == 1)
        #expect(simulation.programmed(r2).isEmpty)
        #expect(simulation.kernel(r2).routes(of: foreign.prefix) == [foreign])
        let other = try simulation.detail(r1)
        #expect(other.lastErrorReceived?.code == 6)
        #expect(other.lastErrorReceived?.subcode == 2)
        #expect(other.row.state != .established)
    }

    @Test func `an end that the kernel does not confirm comes after ten seconds, with the count`()
        throws
    {
        var dials = SimulationDials()
        dials.kernelDelay = .seconds(15) ... .seconds(15)
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").settled(dials: dials)
        simulation.run(for: .seconds(60))
        #expect(simulation.programmed(r2).count == 1)
        simulation.apply(.stop(r2))
        simulation.run(for: .seconds(9))
        #expect(simulation.isRunning(r2))
        simulation.run(for: .seconds(3))
        #expect(!simulation.isRunning(r2))
        #expect(simulation.withdrawal(of: r2)?.done == 0)
        #expect(simulation.lines("kernel: 0 of 1 routes withdrawn").count == 1)
    }

    @Test
    func `an interface that goes and comes loses its routes without a word and gets them back`()
        throws
    {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16\nnetwork 2001:db8:1::/48"
        ).settled()
        simulation.apply(.interfaceDown(r2, LinkNumber(0)))
        simulation.run(for: .seconds(5))
        #expect(simulation.programmed(r2).isEmpty)
        // The session is still up; what it brought cannot be used.
        #expect(try simulation.rows(r2).allSatisfy { $0.flags.contains(.nextHopUnreachable) })
        #expect(try simulation.overview(r2).kernel.wanted == 0)
        simulation.apply(.interfaceUp(r2, LinkNumber(0)))
        simulation.run(for: .seconds(5))
        #expect(simulation.programmed(r2).count == 2)
        #expect(try simulation.overview(r2).kernel.installed == 2)
        #expect(try simulation.row(r2).flaps == 0)
    }

    @Test func `with fib-update no the kernel is read and left alone`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16", "fib-update no").settled()
        #expect(simulation.programmed(r2).isEmpty)
        #expect(try simulation.table(r2) == ["10.1.0.0/16 *> 65001"])
        let instance = try #require(simulation.ask(r2, InstanceRequest()))
        #expect(instance.kernelUpdates == .off(reason: "fib-update no"))
        simulation.apply(.stop(r2))
        simulation.run(for: .seconds(1))
        #expect(!simulation.isRunning(r2))
    }

    @Test
    func `with fib-update no nothing waits for the kernel, and its table holds no route of ours`()
        throws
    {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16", "fib-update no").settled()
        #expect(try standings(simulation, prefix) == [])
        let counts = try simulation.overview(r2).kernel
        #expect(counts.wanted == 0 && counts.pending == 0)
        // Next hops are followed all the same.
        simulation.apply(.interfaceDown(r2, LinkNumber(0)))
        simulation.run(for: .seconds(5))
        #expect(try simulation.rows(r2).allSatisfy { $0.flags.contains(.nextHopUnreachable) })
        let page = try #require(simulation.ask(r2, KernelPageRequest(limit: 100)))
        #expect(page.rows.allSatisfy { $0.protocolNumber == 2 })
    }

    @Test func `pages go on behind a refused route without showing it twice`() throws {
        let networks = (1...9).map { "network 10.\($0).0.0/16" }.joined(separator: "\n")
        let simulation = try NetworkPlan.pair(networks).simulation(seed: 1)
        let refusal = KernelRefusal(errno: 28, text: "full")
        for number in [2, 3, 7] as [UInt32] {
            let prefix = IPPrefix(ipv4: 0x0A00_0000 + number << 16, length: 16)
            simulation.apply(.kernelRefuses(r2, prefix, refusal))
        }
        simulation.start()
        simulation.settle()
        var found: [KernelRow] = []
        var position: RIBPageRequest.Position? = .start
        while let from = position, found.count < 100 {
            let request = KernelPageRequest(position: from, limit: 1)
            let page = try #require(simulation.ask(r2, request))
            found += page.rows
            position = page.next.map { .after($0) }
        }
        let all = try #require(simulation.ask(r2, KernelPageRequest(limit: 100)))
        #expect(found == all.rows)
        #expect(found.count == 11)
    }

    @Test func `a packet takes no route that the kernel has refused`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16\nnetwork 10.0.0.0/8")
            .simulation(seed: 1)
        simulation.apply(.kernelRefuses(r2, prefix, KernelRefusal(errno: 28, text: "full")))
        simulation.start()
        simulation.settle()
        var filter = KernelPageRequest.Filter()
        filter.prefix = .longest(try #require(IPAddress(text: "10.1.2.3")))
        let page = try #require(simulation.ask(r2, KernelPageRequest(filter: filter, limit: 9)))
        #expect(page.rows.map { "\($0.prefix)" } == ["10.0.0.0/8"])
    }

    @Test func `a speaker whose routes never came into the kernel ends at once`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").simulation(seed: 1)
        simulation.apply(.kernelRefuses(r2, prefix, KernelRefusal(errno: 28, text: "full")))
        simulation.start()
        simulation.settle()
        simulation.apply(.stop(r2))
        simulation.run(for: .seconds(1))
        #expect(!simulation.isRunning(r2))
        #expect(
            simulation.withdrawal(of: r2) == KernelWithdrawal(done: 0, total: 0, isFinished: true)
        )
    }

    @Test func `a quiet speaker sleeps`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").settled()
        simulation.run(for: .seconds(200))
        let before = simulation.turnCount(r2)
        simulation.run(for: .seconds(100))
        // A turn a second for the rates, a few for KEEPALIVEs and the reading once a minute.
        #expect(simulation.turnCount(r2) - before < 300)
    }

    @Test func `blackhole and reject become the kernel's own kinds of route`() throws {
        var plan = NetworkPlan.pair("network 10.1.0.0/16\nnetwork 10.2.0.0/16")
        plan.machines[1].rules = """
            allow from any
            allow to any
            match from any prefix 10.1.0.0/16 set nexthop blackhole
            match from any prefix 10.2.0.0/16 set nexthop reject
            """
        let simulation = try plan.settled()
        let routes = simulation.kernel(r2).routes.filter { $0.protocolNumber == 186 }
        #expect(routes.map(\.nextHopSet) == [.blackhole, .unreachable])
    }
}
