import Addressing
import BGPWire
import Control
import Simulation
import Testing
import Timekeeping

/// Several paths of a prefix to a neighbor (RFC 7911, D1).
struct AddPathSendTests {
    private static let r6 = MachineNumber(5)
    private static let r7 = MachineNumber(6)

    /// r1 hears of r4's networks from r2, r3 and r5; r6 and r7 hear of them from r1, r6 with ADD-PATH.
    private func plan(
        _ send: String,
        recv: String = "yes",
        rules: String = "allow from any\nallow to any",
        more: String = ""
    ) -> NetworkPlan {
        var plan = NetworkPlan(
            machines: 7,
            links: [(0, 1), (0, 2), (0, 4), (1, 3), (2, 3), (4, 3), (0, 5), (0, 6)]
        )
        plan.machines[3].statements = "network 10.4.0.0/16\nnetwork 2001:db8:4::/48"
        plan.machines[0].rules = rules
        plan.links[6].firstStatements = "announce add-path send \(send)\n\(more)"
        plan.links[6].secondStatements = "announce add-path recv \(recv)"
        return plan
    }

    /// The AS paths of the IPv4 rows that r6 has.
    private func heard(_ simulation: Simulation) throws -> [String] {
        try simulation.rows(Self.r6).filter { $0.prefix.family == .ipv4 }
            .map { ASPathText.words($0.asPath) }.sorted()
    }

    private static let all = ["65001 65002 65004", "65001 65003 65004", "65001 65005 65004"]

    @Test(arguments: [
        ("no", ["65001 65002 65004"]), ("all", all), ("best", ["65001 65002 65004"]),
        ("best plus 1", ["65001 65002 65004", "65001 65003 65004"]), ("best plus 9", all),
        ("ecmp", all), ("ecmp max 1", ["65001 65002 65004"]),
        ("ecmp plus 1 max 1", ["65001 65002 65004", "65001 65003 65004"]),
        ("as-wide-best", all), ("as-wide-best max 3", all),
    ])
    func `a neighbor is sent the paths of its kind`(send: String, paths: [String]) throws {
        let simulation = try plan(send).settled()
        #expect(try heard(simulation) == paths)
        let rows = try simulation.rows(Self.r6).filter { $0.prefix.family == .ipv4 }
        #expect(rows.allSatisfy { ($0.pathID == nil) == (send == "no") })
        #expect(Set(rows.map(\.pathID)).count == paths.count)
        #expect(try simulation.rows(Self.r7).count == 2)
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [
        ("ecmp", ["65001 65003 65004"]),
        ("ecmp plus 1", ["65001 65003 65004", "65001 65002 65004"].sorted()),
        ("as-wide-best", all), ("as-wide-best max 2", Array(all.prefix(2))),
    ])
    func `weight parts the ECMP set from the as-wide one`(send: String, paths: [String]) throws {
        let rules = "allow from any\nallow to any\nmatch from AS 65003 set weight 9"
        let simulation = try plan(send, rules: rules).settled()
        #expect(try heard(simulation) == paths)
        #expect(simulation.faults() == [])
    }

    @Test func `a path that goes is withdrawn alone, and no other neighbor hears of it`() throws {
        let simulation = try plan("all").settled()
        let identifiers = try simulation.rows(Self.r6).compactMap(\.pathID)
        let before = (try simulation.detail(r1, 3), try simulation.detail(r1, 4))
        // r5's path is the worst: only r6 has it.
        simulation.apply(.linkDown(LinkNumber(2)))
        simulation.run(for: .seconds(20))
        #expect(try heard(simulation) == Array(Self.all.prefix(2)))
        let after = (try simulation.detail(r1, 3), try simulation.detail(r1, 4))
        #expect(after.0.prefixWithdraws.sent == before.0.prefixWithdraws.sent + 2)
        #expect(after.0.prefixUpdates.sent == before.0.prefixUpdates.sent)
        #expect(after.1.prefixWithdraws.sent == before.1.prefixWithdraws.sent)
        #expect(after.1.prefixUpdates.sent == before.1.prefixUpdates.sent)
        let left = try simulation.rows(Self.r6).compactMap(\.pathID)
        #expect(Set(left).isSubset(of: identifiers))
        simulation.apply(.linkUp(LinkNumber(2)))
        simulation.settle()
        #expect(try heard(simulation) == Self.all)
        // A path that comes back has the identifier that it had.
        let again = try simulation.rows(Self.r6).compactMap(\.pathID)
        #expect(again.sorted() == identifiers.sorted())
        #expect(simulation.faults() == [])
    }

    @Test func `what policy refuses is not sent and does not count for the limit`() throws {
        let rules = "allow from any\nallow to any\ndeny to AS 65006 AS 65002"
        let simulation = try plan("ecmp max 2", rules: rules).settled()
        #expect(try heard(simulation) == Array(Self.all.dropFirst()))
        var open = plan("ecmp max 2")
        open.machines[0].rules = "allow from any\nallow to any set metric 8"
        try simulation.take(r1, open)
        #expect(try heard(simulation) == Array(Self.all.prefix(2)))
        #expect(
            try simulation.rows(Self.r6).filter { $0.neighbor == NeighborNumber(0) }
                .allSatisfy { $0.med == 8 }
        )
        #expect(simulation.faults() == [])
    }

    @Test func `all paths are sent again when they are asked for`() throws {
        let simulation = try plan("all").settled()
        let before = try simulation.detail(r1, 3).prefixUpdates.sent
        simulation.act(Self.r6, .refresh)
        simulation.run(for: .seconds(5))
        let detail = try simulation.detail(r1, 3)
        #expect(detail.prefixUpdates.sent == before + 6)
        #expect(detail.refreshBegins.sent == 2 && detail.refreshEnds.sent == 2)
        #expect(simulation.faults() == [])
    }

    @Test func `all paths stay as stale ones while their sender restarts`() throws {
        var plan = plan("all")
        plan.machines[0].statements = "fib persist"
        let simulation = try plan.settled()
        simulation.apply(.crash(r1))
        simulation.run(for: .seconds(20))
        #expect(try heard(simulation) == Self.all)
        #expect(try simulation.rows(Self.r6).allSatisfy { $0.flags.contains(.stale) })
        simulation.apply(.restart(r1))
        simulation.settle()
        #expect(try heard(simulation) == Self.all)
        #expect(try !simulation.rows(Self.r6).contains { $0.flags.contains(.stale) })
        #expect(simulation.faults() == [])
    }

    @Test func `each path counts for max-prefix out`() throws {
        let simulation = try plan("all", more: "max-prefix 5 out").simulation(seed: 1)
        simulation.start()
        simulation.run(for: .seconds(30))
        #expect(try simulation.detail(r1, 3).row.state != .established)
        #expect(simulation.lines("prefix").contains { $0.contains("5") })
    }

    @Test func `a neighbor without the capability is refused where it is enforced`() throws {
        let simulation = try plan("all enforce", recv: "no").simulation(seed: 1)
        simulation.start()
        simulation.run(for: .seconds(30))
        #expect(try simulation.detail(r1, 3).row.state != .established)
        #expect(!simulation.lines("Add-path").isEmpty)
    }

    @Test func `another kind resets the session, and nothing else does`() throws {
        let simulation = try plan("all").settled()
        try simulation.take(r1, plan("all"))
        #expect(try simulation.row(r1, 3).flaps == 0)
        try simulation.take(r1, plan("best"))
        simulation.settle()
        #expect(try simulation.row(r1, 3).flaps == 1)
        #expect(try heard(simulation) == Array(Self.all.prefix(1)))
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `both ends agree on every path while links and rules change`(seed: UInt64) throws {
        var plan = NetworkPlan.ring(5)
        for link in plan.links.indices {
            let kind = ["all", "best plus 1", "ecmp plus 2"][link % 3]
            for words in [\NetworkPlan.Link.firstStatements, \.secondStatements] {
                plan.links[link][keyPath: words] =
                    "announce add-path send \(kind)\nannounce add-path recv yes"
            }
        }
        for machine in plan.machines.indices {
            plan.machines[machine].statements =
                "network 10.\(machine).0.0/16\nnetwork 2001:db8:\(machine)::/48"
        }
        let simulation = try plan.settled(seed: seed)
        #expect(simulation.faults() == [])
        for link in plan.links.indices {
            simulation.apply(.linkDown(LinkNumber(link)))
            simulation.run(for: .seconds(7))
            simulation.apply(.reload(MachineNumber(link), .otherMetric))
            simulation.apply(.linkUp(LinkNumber(link)))
            simulation.apply(.refresh(MachineNumber((link + 2) % 5)))
        }
        simulation.settle()
        simulation.run(for: .seconds(30))
        #expect(simulation.faults() == [])
        #expect(try simulation.rows(r1).count > 10)
    }
}
