import Addressing
import BGPWire
import Control
import Simulation
import Testing
import Timekeeping

/// Roles between neighbors and Only-to-Customer (RFC 9234).
struct RoleTests {
    private static let mismatch = NotificationMessage(.open, 11)

    // MARK: The capability

    @Test(arguments: [
        ("provider", "customer"), ("customer", "provider"), ("rs", "rs-client"),
        ("rs-client", "rs"), ("peer", "peer"),
    ])
    func `roles that go together bring the session up`(first: String, second: String) throws {
        let simulation = try NetworkPlan.pair(
            firstNeighbor: "role \(first)",
            secondNeighbor: "role \(second)\nannounce policy enforce"
        ).settled()
        let detail = try simulation.detail(r1)
        #expect(detail.role?.word == first)
        #expect(detail.remoteCapabilities?.role.map { BGPRole.word(of: $0) } == second)
        #expect(detail.negotiatedCapabilities?.role == detail.remoteCapabilities?.role)
        #expect(try simulation.detail(r2).enforcesRole)
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [
        ("role provider", "role provider", "our role provider, their role provider"),
        ("role peer", "role customer", "our role peer, their role customer"),
        ("role rs", "role customer", "our role rs, their role customer"),
    ])
    func `roles that do not go together end it with 2/11 and words`(
        first: String,
        second: String,
        words: String
    ) throws {
        let simulation = try refused(first, second)
        #expect(!simulation.lines("open policy role mismatch: \(words)").isEmpty)
    }

    @Test func `a role that is enforced and not there ends it, one that is not enforced does not`()
        throws
    {
        let simulation = try refused("role customer\nannounce policy enforce", "")
        #expect(!simulation.lines("open policy role enforced but not present").isEmpty)
        _ = try refused(
            "role customer\nannounce policy enforce",
            "role provider\nannounce policy no"
        )
        let open = try NetworkPlan.pair(firstNeighbor: "role customer").settled()
        #expect(try open.detail(r1).localCapabilities.role == 3)
        #expect(try open.detail(r1).negotiatedCapabilities?.role == nil)
    }

    /// Two that do not come together, because of their roles.
    private func refused(_ first: String, _ second: String) throws -> Simulation {
        let simulation = try NetworkPlan.pair(firstNeighbor: first, secondNeighbor: second)
            .simulation(seed: 1)
        simulation.start()
        simulation.run(for: .seconds(20))
        let errors = [
            try simulation.detail(r1).lastErrorSent, try simulation.detail(r1).lastErrorReceived,
        ]
        #expect(errors.contains(Self.mismatch))
        #expect(try simulation.row(r1).state != .established)
        return simulation
    }

    @Test func `a role within the AS does nothing`() throws {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16",
            firstNeighbor: "role provider",
            secondNeighbor: "role provider",
            secondAS: 65001
        ).settled()
        #expect(try simulation.detail(r1).role == nil)
        #expect(try simulation.otc(r2) == ["10.1.0.0/16": nil])
    }

    // MARK: Only-to-Customer

    @Test(
        arguments: [
            ("", "", nil), ("provider", "customer", 65001), ("peer", "peer", 65001),
            ("rs", "rs-client", 65001), ("customer", "provider", nil), ("rs-client", "rs", nil),
            // One side alone: the sender marks, or else the receiver does with the sender's AS.
            ("provider", "", 65001), ("", "customer", 65001), ("", "peer", 65001),
            ("", "rs-client", 65001), ("customer", "", nil), ("", "provider", nil),
        ] as [(String, String, UInt32?)]
    )
    func `a route is marked on its way down and sideways, not up`(
        sender: String,
        receiver: String,
        otc: UInt32?
    ) throws {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16\nnetwork 2001:db8:1::/48",
            firstNeighbor: sender.isEmpty ? "" : "role \(sender)",
            secondNeighbor: receiver.isEmpty ? "" : "role \(receiver)"
        ).settled()
        #expect(
            try simulation.otc(r2) == ["10.1.0.0/16": otc, "2001:db8:1::/48": otc]
        )
        #expect(try simulation.rows(r2).allSatisfy { $0.flags.contains(.selected) })
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [
        ("provider", true), ("rs", true), ("peer", false), ("customer", false),
        ("rs-client", false), ("", true),
    ])
    func `what carries the mark goes to customers only`(role: String, isSent: Bool) throws {
        let simulation = try chain(
            second: "role customer",
            third: role.isEmpty ? "" : "role \(role)"
        )
        #expect(try simulation.table(r2) == ["10.1.0.0/16 *> 65001"])
        #expect(try simulation.otc(r2) == ["10.1.0.0/16": 65001])
        #expect(try simulation.otc(r3) == (isSent ? ["10.1.0.0/16": 65001] : [:]))
        #expect(simulation.faults() == [])
    }

    @Test(arguments: ["provider", "rs", "peer"])
    func `a leak is flagged, not used, and goes nowhere`(role: String) throws {
        var plan = chainPlan(second: "role customer", third: "")
        plan.links[1].secondStatements = "role \(role)"
        plan.machines.append(NetworkPlan.Machine(autonomousSystem: 65004))
        plan.links.append(NetworkPlan.Link(2, 3))
        let simulation = try plan.settled()
        #expect(try simulation.table(r3) == ["10.1.0.0/16 L 65002 65001"])
        #expect(try simulation.rows(r3, .adjRIBIn).map(\.flags.text) == ["L"])
        #expect(simulation.programmed(r3) == [])
        #expect(try simulation.rows(MachineNumber(3)).isEmpty)
        let leaked = RIBFilter([.leaked])
        #expect(try simulation.rows(r3, .locRIB, leaked).count == 1)
        #expect(try simulation.rows(r2, .locRIB, leaked).isEmpty)
        #expect(try simulation.row(r3).prefixesReceived == 1)
        #expect(try simulation.row(r3).prefixesAccepted == 0)
        #expect(simulation.faults() == [])
    }

    @Test func `a peer's own mark is no leak, and is kept as received`() throws {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16",
            firstNeighbor: "role peer",
            secondNeighbor: "role peer"
        ).settled()
        #expect(try simulation.table(r2) == ["10.1.0.0/16 *> 65001"])
        #expect(try simulation.otc(r2, .adjRIBIn) == ["10.1.0.0/16": 65001])
    }

    @Test func `within the AS the mark goes along, and the far end keeps it back`() throws {
        // r2 and r3 are one AS; r1 is r2's provider, r4 is r3's.
        var plan = NetworkPlan.line(4)
        plan.machines[0].statements = "network 10.1.0.0/16"
        plan.machines[2].autonomousSystem = 65002
        plan.machines[1].rules = "allow from any\nallow to any set nexthop self"
        plan.links[0].secondStatements = "role customer"
        plan.links[2].firstStatements = "role customer"
        let simulation = try plan.settled()
        #expect(try simulation.table(r3) == ["10.1.0.0/16 I*> 65001"])
        #expect(try simulation.otc(r3) == ["10.1.0.0/16": 65001])
        #expect(try simulation.rows(MachineNumber(3)).isEmpty)
        #expect(simulation.faults() == [])
    }

    @Test func `neighbors of one AS and one policy are told by their roles`() throws {
        // r1 in the middle: r2 is its customer, r3 has no role, r4 is its provider, r5 a peer; r2 has what is marked.
        var plan = NetworkPlan(machines: 5, links: [(0, 1), (0, 2), (0, 3), (0, 4)])
        plan.machines[0].statements = "network 10.1.0.0/16"
        plan.machines[3].statements = "network 10.4.0.0/16"
        plan.links[0].firstStatements = "role provider"
        plan.links[2].firstStatements = "role customer"
        plan.links[3].firstStatements = "role peer"
        let simulation = try plan.settled()
        #expect(try simulation.otc(r1) == ["10.4.0.0/16": 65004])
        #expect(try simulation.otc(r2) == ["10.1.0.0/16": 65001, "10.4.0.0/16": 65004])
        #expect(try simulation.otc(r3) == ["10.1.0.0/16": nil, "10.4.0.0/16": 65004])
        #expect(try simulation.otc(MachineNumber(3)) == ["10.1.0.0/16": nil])
        #expect(try simulation.otc(MachineNumber(4)) == ["10.1.0.0/16": 65001])
        #expect(simulation.faults() == [])
    }

    @Test func `another role resets the session, and the marks are those of the new one`() throws {
        let plan = chainPlan(second: "role customer", third: "role customer")
        let simulation = try plan.settled()
        #expect(try simulation.rows(r3).isEmpty)
        let other = chainPlan(second: "role customer", third: "role provider")
        try simulation.take(r2, other)
        #expect(try simulation.otc(r3) == ["10.1.0.0/16": 65001])
        #expect(try simulation.row(r2, 0).flaps == 0)
        #expect(try simulation.row(r2, 1).flaps == 1)
    }

    /// r1 has a network and tells r2, which tells r3; the roles are those of r2.
    private func chainPlan(second: String, third: String) -> NetworkPlan {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.links[0].secondStatements = second
        plan.links[1].firstStatements = third
        return plan
    }

    private func chain(second: String, third: String) throws -> Simulation {
        try chainPlan(second: second, third: third).settled()
    }
}

extension Simulation {
    /// Only-to-Customer of each route in a table.
    fileprivate func otc(
        _ machine: MachineNumber,
        _ table: RIBPageRequest.Table = .locRIB
    ) throws -> [String: UInt32?] {
        var result: [String: UInt32?] = [:]
        for row in try rows(machine, table) where !row.flags.contains(.announced) {
            let value = row.value(of: 35)
            result["\(row.prefix)"] = .some(
                value.map { $0.reduce(UInt32(0)) { $0 << 8 | UInt32($1) } }
            )
        }
        return result
    }
}
