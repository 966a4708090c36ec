import Addressing
import KernelRoutes
import Testing
import Timekeeping

@Suite struct `the kernel can be wrong` {
    /// Tables in which 192.0.2.0/24 via 10.0.0.2 is installed by change 1.
    private func installed() -> KernelRoutes {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([], links: [link(3, "v0")])
        routes.want("192.0.2.0/24", hops("10.0.0.2"))
        #expect(routes.changes() == ["1 add 192.0.2.0/24 via 10.0.0.2"])
        routes.handle(.acknowledged(through: 1), now: .zero)
        _ = routes.takeReports()
        return routes
    }

    @Test func `a reading that fills in the interface is what we wanted`() {
        var routes = installed()
        routes.requestAudit()
        routes.read(
            [ours("192.0.2.0/24", hops("10.0.0.2", 3))],
            links: [link(3, "v0")],
            at: seconds(1)
        )
        #expect(routes.state("192.0.2.0/24") == .installed)
        #expect(routes.takeReports() == [])
        #expect(routes.changes() == [])
    }

    @Test func `a reading may find that nothing is left of anything`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        let left = ours("198.51.100.0/24", hops("10.0.0.2", 3))
        routes.read([left, connected("10.0.0.0/24", 3)], links: [link(3, "v0")])
        #expect(routes.counts.ours == 1)
        #expect(routes.counts.foreign == 1)
        routes.requestAudit()
        routes.read([], links: [link(3, "v0")], at: seconds(1))
        #expect(routes.counts.ours == 0)
        #expect(routes.counts.foreign == 0)
        #expect(routes.takeReports().last == .audited(differences: 2))
    }

    @Test func `routes that never came into the kernel need no withdrawal`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([], links: [link(3, "v0")])
        for text in ["192.0.2.0/24", "198.51.100.0/24"] { routes.want(text, hops("10.0.0.2")) }
        _ = routes.changes()
        for sequence in 1...2 as ClosedRange<UInt32> {
            let refusal = KernelRefusal(errno: 101, text: "Network is unreachable")
            routes.handle(.refused(sequence: sequence, refusal), now: .zero)
        }
        routes.handle(.acknowledged(through: 2), now: .zero)
        routes.withdrawAll()
        let withdrawal = routes.withdrawal
        #expect(withdrawal == KernelWithdrawal(done: 0, total: 0, isFinished: true))
    }

    @Test func `a route with our mark that somebody puts in is removed, and told as that`() {
        var routes = installed()
        routes.firstConvergenceReached()
        _ = routes.takeReports()
        let stranger = ours("203.0.113.0/24", hops("10.0.0.2", 3))
        routes.handle(.routeChanged(stranger, isReplacement: false), now: .zero)
        #expect(routes.takeReports() == [.intrusion(prefix("203.0.113.0/24"))])
        #expect(routes.changes() == ["2 delete 203.0.113.0/24"])
    }

    @Test func `a deletion by somebody else is drift, and repaired by adding`() {
        var routes = installed()
        routes.handle(.routeDeleted(ours("192.0.2.0/24", hops("10.0.0.2", 3))), now: .zero)
        #expect(routes.state("192.0.2.0/24") == .missing)
        #expect(routes.counts.drift == 1)
        #expect(routes.counts.installed == 0)
        #expect(routes.takeReports() == [.interference(prefix("192.0.2.0/24"))])
        #expect(routes.changes() == ["2 add 192.0.2.0/24 via 10.0.0.2"])
        routes.handle(.acknowledged(through: 2), now: .zero)
        #expect(routes.state("192.0.2.0/24") == .installed)
        #expect(routes.counts.drift == 0)
    }

    @Test func `a change under our mark is repaired by replacing`() {
        var routes = installed()
        let other = ours("192.0.2.0/24", hops("10.0.0.66", 3))
        routes.handle(.routeChanged(other, isReplacement: true), now: .zero)
        #expect(routes.state("192.0.2.0/24") == .different)
        #expect(routes.changes() == ["2 replace 192.0.2.0/24 via 10.0.0.2"])
    }

    @Test func `a foreign route in our place hides ours until it goes`() {
        var routes = installed()
        let other = foreign("192.0.2.0/24", hops("10.0.0.66", 3), metric: 186)
        routes.handle(.routeChanged(other, isReplacement: true), now: .zero)
        #expect(routes.counts.ours == 0)
        #expect(routes.counts.foreign == 1)
        #expect(routes.changes() == ["2 add 192.0.2.0/24 via 10.0.0.2"])
        let refusal = KernelRefusal(errno: 17, text: "File exists")
        routes.handle(.refused(sequence: 2, refusal), now: .zero)
        routes.handle(.acknowledged(through: 2), now: .zero)
        #expect(routes.state("192.0.2.0/24") == .foreign)
        #expect(routes.changes() == [])
        routes.handle(.routeDeleted(other), now: .zero)
        #expect(routes.changes() == ["3 add 192.0.2.0/24 via 10.0.0.2"])
    }

    @Test func `ours beside a foreign one of the same metric is deleted and added, never replaced`()
    {
        var routes = installed()
        let other = foreign("192.0.2.0/24", hops("10.0.0.66", 3), metric: 186)
        routes.handle(.routeChanged(other, isReplacement: false), now: .zero)
        routes.want("192.0.2.0/24", hops("10.0.0.3"))
        #expect(routes.changes() == ["2 delete 192.0.2.0/24"])
        routes.handle(.acknowledged(through: 2), now: .zero)
        #expect(routes.changes() == ["3 add 192.0.2.0/24 via 10.0.0.3"])
    }

    @Test func `who undoes ours again and again gets a report and ever longer pauses`() {
        var routes = installed()
        let deletion = KernelEvent.routeDeleted(ours("192.0.2.0/24", hops("10.0.0.2", 3)))
        var sequence: UInt32 = 2
        var reports: [KernelReport] = []
        var pauses: [Int64] = []
        var now = Instant.zero
        for _ in 1...6 {
            routes.handle(deletion, now: now)
            if routes.changes() == [] {
                pauses.append((routes.nextDue - now).wholeSeconds)
                now = routes.nextDue
                #expect(routes.work(units: 10, now: now) == false)
                #expect(routes.changes() == ["\(sequence) add 192.0.2.0/24 via 10.0.0.2"])
            }
            routes.handle(.acknowledged(through: sequence), now: now)
            sequence += 1
            reports += routes.takeReports()
        }
        let place = prefix("192.0.2.0/24")
        #expect(pauses == [1, 2, 4])
        #expect(
            reports == [
                .interference(place), .interference(place), .interference(place),
                .conflict(place, times: 4), .conflict(place, times: 5), .conflict(place, times: 6),
            ]
        )
        #expect(routes.counts.interferences == 6)
    }

    @Test func `an overrun asks for a reading, and the reading finds what was missed`() {
        var routes = installed()
        routes.handle(.overrun, now: seconds(1))
        #expect(routes.counts.overruns == 1)
        routes.read(
            [foreign("198.51.100.0/24", hops("10.0.0.9", 3))],
            links: [link(3, "v0")],
            at: seconds(1)
        )
        #expect(routes.state("192.0.2.0/24") == .missing)
        #expect(routes.counts.foreign == 1)
        let place = prefix("192.0.2.0/24")
        #expect(routes.takeReports() == [.overrun, .interference(place), .audited(differences: 2)])
        #expect(routes.changes() == ["2 add 192.0.2.0/24 via 10.0.0.2"])
    }

    @Test func `lost answers leave it to a reading what was done`() {
        var routes = installed()
        routes.want("192.0.3.0/24", hops("10.0.0.2"))
        routes.want("192.0.4.0/24", hops("10.0.0.2"))
        _ = routes.changes()
        routes.handle(.answersLost(through: 3), now: seconds(1))
        #expect(routes.counts.installed == 1)
        routes.read(
            [ours("192.0.2.0/24", hops("10.0.0.2", 3)), ours("192.0.3.0/24", hops("10.0.0.2", 3))],
            links: [link(3, "v0")],
            at: seconds(1)
        )
        #expect(routes.counts.installed == 2)
        #expect(routes.changes() == ["4 add 192.0.4.0/24 via 10.0.0.2"])
        #expect(routes.counts.interferences == 0)
    }

    @Test
    func `a link that goes down is a reason to read again, at a distance from the last reading`() {
        var routes = installed()
        #expect(routes.takeRequestedDump(now: .zero) == nil)
        routes.handle(.linkChanged(link(3, "v0", isUp: false)), now: .zero)
        #expect(routes.takeRequestedDump(now: .zero) == nil)
        #expect(routes.nextDue == Instant(nanoseconds: 200_000_000))
        let dump = KernelDump(generation: 2, tables: [254])
        #expect(routes.takeRequestedDump(now: routes.nextDue) == dump)
    }

    @Test
    func `readings follow each other by themselves, and take a thousandth of the time at most`() {
        var routes = installed()
        #expect(routes.nextDue == seconds(60))
        #expect(routes.work(units: 1, now: seconds(59)) == false)
        #expect(routes.takeRequestedDump(now: seconds(59)) == nil)
        #expect(routes.work(units: 1, now: seconds(60)) == false)
        guard let dump = routes.takeRequestedDump(now: seconds(60)) else {
            Issue.record("no reading was asked for")
            return
        }
        routes.handle(.dumpBegan(dump), now: seconds(60))
        routes.handle(.linkChanged(link(3, "v0")), now: seconds(60))
        routes.handle(.dumpRoutes([ours("192.0.2.0/24", hops("10.0.0.2", 3))]), now: seconds(60))
        routes.handle(.dumpEnded(dump, isComplete: true), now: seconds(61))
        #expect(routes.nextDue == seconds(1061))
        #expect(routes.lastReading?.took == .seconds(1))
    }

    @Test func `a torn reading takes nothing away and is asked for again`() {
        var routes = installed()
        routes.requestAudit()
        guard let dump = routes.takeRequestedDump(now: seconds(1)) else {
            Issue.record("no reading was asked for")
            return
        }
        routes.handle(.dumpBegan(dump), now: seconds(1))
        routes.handle(.dumpEnded(dump, isComplete: false), now: seconds(1))
        #expect(routes.state("192.0.2.0/24") == .installed)
        #expect(routes.interfaces.count == 1)
        #expect(routes.takeRequestedDump(now: seconds(2)) != nil)
    }

    @Test func `an answer between asking for a reading and its beginning is no second route`() {
        var routes = installed()
        routes.want("192.0.3.0/24", hops("10.0.0.2"))
        _ = routes.changes()
        routes.requestAudit()
        guard let dump = routes.takeRequestedDump(now: seconds(1)) else {
            Issue.record("no reading was asked for")
            return
        }
        routes.handle(.acknowledged(through: 2), now: seconds(1))
        routes.handle(.dumpBegan(dump), now: seconds(1))
        let told = ["192.0.2.0/24", "192.0.3.0/24"].map { ours($0, hops("10.0.0.2", 3)) }
        routes.handle(.dumpRoutes(told), now: seconds(1))
        routes.handle(.dumpEnded(dump, isComplete: true), now: seconds(1))
        #expect(routes.counts.installed == 2)
        #expect(routes.changes() == [])
    }

    @Test func `two routes of our mark are deleted down to the one that is wanted`() {
        var routes = installed()
        routes.requestAudit()
        let two = [2, 7].map { ours("192.0.2.0/24", hops("10.0.0.\($0)", 3)) }
        routes.read(two, links: [link(3, "v0")], at: seconds(1))
        #expect(routes.state("192.0.2.0/24") == .different)
        #expect(routes.changes() == ["2 delete 192.0.2.0/24"])
        routes.handle(.acknowledged(through: 2), now: seconds(1))
        #expect(routes.changes() == ["3 add 192.0.2.0/24 via 10.0.0.2"])
        let exists = KernelRefusal(errno: 17, text: "File exists")
        routes.handle(.refused(sequence: 3, exists), now: seconds(1))
        routes.handle(.acknowledged(through: 3), now: seconds(1))
        routes.read([two[1]], links: [link(3, "v0")], at: seconds(2))
        #expect(routes.changes() == [])
        #expect(routes.work(units: 5, now: seconds(2)) == false)
        #expect(routes.changes() == ["4 replace 192.0.2.0/24 via 10.0.0.2"])
    }

    @Test func `of an IPv6 route with two gateways one may go alone`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        let two = NextHopSet([
            KernelNextHop(gateway: address("2001:db8::2"), interface: 3),
            KernelNextHop(gateway: address("2001:db8::3"), interface: 3),
        ])
        routes.read([foreign("2001:db8:9::/48", two)])
        routes.handle(
            .routeDeleted(foreign("2001:db8:9::/48", hops("2001:db8::2", 3))),
            now: .zero
        )
        let rows = routes.page(from: .row(0), count: 9, now: .zero).rows
        #expect(rows.map(\.route) == [foreign("2001:db8:9::/48", hops("2001:db8::3", 3))])
        routes.handle(
            .routeDeleted(foreign("2001:db8:9::/48", hops("2001:db8::3", 3))),
            now: .zero
        )
        #expect(routes.counts.foreign == 0)
    }

    @Test func `IPv6 routes of interfaces alone share a prefix and stay apart`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        let two = [3, 4].map { interface in
            foreign(
                "fe80::/64",
                NextHopSet([KernelNextHop(gateway: nil, interface: interface)]),
                2,
                metric: 256
            )
        }
        routes.read(two)
        #expect(routes.routes(of: prefix("fe80::/64")).map(\.route) == two)
        routes.handle(.routeDeleted(two[1]), now: .zero)
        #expect(routes.routes(of: prefix("fe80::/64")).map(\.route) == [two[0]])
        routes.handle(.routeChanged(two[1], isReplacement: false), now: .zero)
        #expect(routes.counts.foreign == 2)
        routes.handle(.routeDeleted(two[0]), now: .zero)
        #expect(routes.routes(of: prefix("fe80::/64")).map(\.route) == [two[1]])
    }

    @Test
    func `default routes of two advertising routers stay apart, gateways of one route do not`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        let hop = { (gateway: String, interface: UInt32) in
            KernelNextHop(gateway: address(gateway), interface: interface)
        }
        let told = [3, 4].map { foreign("::/0", hops("fe80::1", $0), 9, metric: 1024) }
        routes.read(told + [foreign("2001:db8:9::/48", hops("2001:db8::2", 3))])
        #expect(routes.routes(of: prefix("::/0")).map(\.route) == told)
        let both = NextHopSet([hop("2001:db8::2", 3), hop("2001:db8::3", 3)])
        let appended = foreign("2001:db8:9::/48", both)
        routes.handle(.routeChanged(appended, isReplacement: false), now: .zero)
        #expect(routes.routes(of: appended.prefix).map(\.route) == [appended])
        #expect(routes.counts.foreign == 3)
    }
}

@Suite struct `an earlier run left routes` {
    @Test func `they are taken over where wanted, and swept only after the first convergence`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.want("192.0.1.0/24", hops("10.0.0.2"))
        routes.want("192.0.2.0/24", hops("10.0.0.3"))
        routes.read([
            ours("192.0.1.0/24", hops("10.0.0.2", 3)),
            ours("192.0.2.0/24", hops("10.0.0.2", 3)),
            ours("192.0.3.0/24", hops("10.0.0.2", 3)),
            ours("192.0.4.0/24", hops("10.0.0.2", 3)),
            foreign("192.0.5.0/24", hops("10.0.0.9", 3), 186, metric: 20),
        ])
        #expect(
            routes.takeReports() == [.firstDump(ours: 4, foreign: 1), .sharedProtocol(routes: 1)]
        )
        #expect(routes.changes() == ["1 replace 192.0.2.0/24 via 10.0.0.3"])
        routes.handle(.acknowledged(through: 1), now: .zero)
        routes.want("192.0.3.0/24", hops("10.0.0.2"))
        #expect(routes.state("192.0.3.0/24") == .installed)
        #expect(routes.state("192.0.4.0/24") == .stray)
        #expect(routes.counts.adopted == 2)
        #expect(routes.changes() == [])
        routes.firstConvergenceReached()
        #expect(routes.changes() == ["2 delete 192.0.4.0/24"])
        routes.handle(.acknowledged(through: 2), now: .zero)
        #expect(routes.counts.swept == 1)
        #expect(routes.counts.foreign == 1)
        #expect(routes.counts.interferences == 0)
    }

    @Test func `one that was wanted and is not wanted any more goes at once`() {
        var routes = KernelRoutes(ownership: KernelOwnership())
        routes.read([ours("192.0.1.0/24", hops("10.0.0.2", 3))])
        routes.want("192.0.1.0/24", hops("10.0.0.2"))
        routes.unwant(prefix("192.0.1.0/24"))
        #expect(routes.changes() == ["1 delete 192.0.1.0/24"])
    }
}
