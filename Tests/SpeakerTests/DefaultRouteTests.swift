import Addressing
import Configuration
import Control
import Testing
import Timekeeping

@testable import Routing
@testable import Simulation
@testable import Speaker

/// `export default-route`: a default route of our own, and nothing of the tables.
struct DefaultRouteTests {
    private static let anything = IPPrefix(ipv4: 0, length: 0)
    private static let prefix = IPPrefix(ipv4: 0x0A00_0000, length: 24)

    /// Neighbors of which the second and third are told of the default route alone.
    private func lan(_ rules: String = "allow from any\nallow to any\n") throws -> LAN {
        try LAN(
            neighbors: 4,
            of: [2: "export default-route", 3: "export default-route"],
            rules: rules
        )
    }

    private func shown(_ lan: LAN, to number: Int, _ filter: RIBFilter = RIBFilter()) throws
        -> [RIBRow]
    {
        let request = RIBPageRequest(
            table: .adjRIBOut(NeighborNumber(UInt32(number - 1))),
            filter: filter,
            limit: 9,
            withAttributes: false
        )
        return try #require(RIBPageRequest.answer(in: lan.speaker.answer(request.question))).rows
    }

    @Test func `the default route goes out as one of ours, whatever the tables have`() throws {
        let lan = try lan()
        lan.announce([Self.prefix], path: [65101], from: 1)
        lan.readAll()
        let own = LAN.Route(path: [65001], nextHop: LAN.own, med: nil, communities: [])
        #expect(lan.tables[2] == [Self.anything: own])
        #expect(lan.tables[3] == [Self.anything: own])
        #expect(lan.tables[4]?.keys.map { $0 } == [Self.prefix])
        #expect(lan.speaker.groups.map(\.members.count) == [2, 2])
        // Another one in the tables is for the others, and neither it nor its end is told to these.
        lan.announce([Self.anything], path: [65101, 7], from: 1)
        lan.readAll()
        #expect(lan.tables[4]?[Self.anything]?.path == [65001, 65101, 7])
        lan.withdraw([Self.anything, Self.prefix], from: 1)
        lan.readAll()
        #expect(lan.tables[4]?.isEmpty == true)
        #expect(lan.tables[2] == [Self.anything: own])
        #expect(lan.story[2] == ["+0.0.0.0/0", "End-of-RIB"])
    }

    @Test func `output rules act on it, and can refuse it`() throws {
        let lan = try lan("allow from any\nallow to any set metric 5\ndeny to 192.0.2.13\n")
        lan.readAll()
        #expect(lan.tables[2]?[Self.anything]?.med == 5)
        #expect(lan.tables[3]?.isEmpty == true)
        #expect(lan.story[3] == ["End-of-RIB"])
    }

    @Test func `without a rule nothing goes to an external neighbor (RFC 8212)`() throws {
        let lan = try lan("allow from any\n")
        lan.readAll()
        #expect(lan.story[2] == ["End-of-RIB"])
    }

    @Test func `it is sent again on request, shown and counted`() throws {
        let lan = try lan()
        lan.readAll()
        lan.askAgain(2)
        lan.readAll()
        #expect(lan.story[2] == ["+0.0.0.0/0", "End-of-RIB", "+0.0.0.0/0"])
        let row = try #require(try shown(lan, to: 2).first)
        #expect(row.prefix == Self.anything && row.nextHop == IPAddress(ipv4: LAN.own))
        #expect(row.flags == [.valid, .announced, .viaIBGP])
        #expect(try shown(lan, to: 1).isEmpty)
        #expect(try shown(lan, to: 2, RIBFilter([.prefix(.exact(Self.prefix))])).isEmpty)
        #expect(
            try shown(lan, to: 2, RIBFilter([.prefix(.longest(Self.prefix.address))])) == [row]
        )
        let route = RouteRequest(prefix: Self.anything)
        let detail = try #require(RouteRequest.answer(in: lan.speaker.answer(route.question)))
        #expect(detail.paths.isEmpty)
        #expect(detail.announcedTo == [NeighborNumber(1), NeighborNumber(2)])
        let request = NeighborRequest(.number(NeighborNumber(1)))
        let rows = NeighborRequest.answer(in: lan.speaker.answer(request.question))
        #expect(rows?.first?.row.prefixesSent == 1)
    }

    @Test func `a reload brings it and takes it away, and the sessions stay`() throws {
        let lan = try lan()
        lan.announce([Self.prefix], path: [65101], from: 1)
        lan.readAll()
        let before = lan.tables
        try lan.reload(of: [4: "export default-route", 3: "export none"])
        lan.readAll()
        #expect(lan.tables[2]?.keys.map { $0 } == [Self.prefix])
        #expect(lan.tables[3]?.isEmpty == true)
        #expect(lan.tables[4] == before[2])
        try lan.reload(of: [2: "export default-route", 3: "export default-route"])
        lan.readAll()
        #expect(lan.tables == before)
        try lan.reload(
            of: [2: "export default-route", 3: "export default-route"],
            rules: "allow from any\n"
        )
        lan.readAll()
        #expect(lan.tables.values.allSatisfy { $0.isEmpty })
        try lan.reload(of: [2: "export default-route", 3: "export default-route"])
        lan.readAll()
        #expect(lan.tables == before)
    }

    @Test
    func `one that takes several paths is told of the tables again, and nothing is held for it`()
        throws
    {
        var plan = NetworkPlan(machines: 2, links: [(0, 1)])
        plan.links[0].firstStatements = "announce add-path send all\nexport default-route"
        plan.links[0].secondStatements = "announce add-path recv yes"
        let (r1, r2) = (MachineNumber(0), MachineNumber(1))
        let simulation = try plan.settled()
        #expect(try simulation.rows(r2).map(\.prefix.length) == [0, 0])
        let speaker = try #require(simulation.machines[0].process?.speaker)
        #expect(speaker.routing.ipv4.prefixes.count == 1)
        plan.links[0].firstStatements = "announce add-path send all"
        _ = try simulation.reload(r1, plan.configuration(of: 0))
        simulation.run(for: .seconds(20))
        #expect(try simulation.rows(r2).isEmpty)
        #expect(speaker.routing.ipv4.prefixes.count == 0)
        #expect(speaker.routing.ipv6.prefixes.count == 0)
    }

    @Test func `who leaves takes nothing with it`() throws {
        let lan = try lan()
        lan.readAll()
        lan.disconnect(2)
        lan.readAll()
        #expect(lan.tables[3]?.count == 1)
        lan.disconnect(3)
        lan.work()
        #expect(lan.speaker.routing.ipv4.prefixCount == 0)
        #expect(lan.speaker.routing.findHeld(Self.anything) == nil)
        lan.connect(2)
        lan.readAll()
        #expect(lan.tables[2]?.count == 1)
    }
}
