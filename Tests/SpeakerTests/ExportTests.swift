import Addressing
import BGPWire
import Control
import Simulation
import Testing
import Timekeeping

/// What a neighbor is told, and when all has been said.
struct ExportTests {
    /// A speaker of many networks, of which its policy passes on the last alone.
    private func stub() throws -> Simulation {
        let kept = (0..<6000).map { "network 10.\($0 / 256).\($0 % 256).0/24" }
        var plan = NetworkPlan.pair(kept.joined(separator: "\n") + "\nnetwork 172.20.0.0/16\n")
        plan.machines[0].rules = "allow from any\nallow to any prefix 172.20.0.0/16"
        return try plan.settled()
    }

    @Test func `End-of-RIB comes after the route that stands behind thousands that are kept back`()
        throws
    {
        let simulation = try stub()
        #expect(try simulation.table(r2) == ["172.20.0.0/16 *> 65001"])
        let request = MessagesRequest(position: .newest, limit: 100)
        let updates = try #require(simulation.ask(r1, request)).rows.compactMap { row -> Int? in
            guard row.direction == .sent, case .message(let bytes, _, _) = row.content,
                bytes[18] == 2
            else { return nil }
            return bytes.count
        }
        // The route, then the markers of both families (23 and 29 octets).
        #expect(updates.count == 3)
        #expect(updates.first ?? 0 > 30)
        #expect(updates.dropFirst() == [23, 29])
    }

    @Test func `a refresh is answered however much is kept back and wherever the walk stands`()
        throws
    {
        let many = (0..<6000).map { "network 10.\($0 / 256).\($0 % 256).0/24" }
        var plan = NetworkPlan.line([
            many.joined(separator: "\n"), "network 172.20.0.0/16", "",
        ])
        plan.machines[1].rules = "allow from any\nallow to any prefix 172.20.0.0/16"
        let simulation = try plan.settled()
        for round in 1...3 as ClosedRange<UInt64> {
            #expect(simulation.act(r3, .refresh) == .processed)
            simulation.run(for: .seconds(1))
            #expect(try simulation.detail(r3).prefixUpdates.received == 1 + round)
            simulation.act(r1, .clear(reason: ""))
            simulation.settle()
        }
    }

    @Test func `a route that fits a message no more is not told and not listed as told`() throws {
        let communities = (0..<1011).map { "community 65001:\($0)" }.joined(separator: " ")
        var plan = NetworkPlan.line([
            "network 10.1.0.0/16 set { \(communities) }\nnetwork 10.2.0.0/16", "", "",
        ])
        plan.neighborStatements = "announce extended message no"
        let simulation = try plan.settled()
        #expect(try simulation.table(r2) == ["10.1.0.0/16 *> 65001", "10.2.0.0/16 *> 65001"])
        // One more AS number is too much.
        #expect(try simulation.table(r3) == ["10.2.0.0/16 *> 65002 65001"])
        let told = try simulation.rows(r2, .adjRIBOut(NeighborNumber(1))).map(\.prefix.description)
        #expect(told == ["10.2.0.0/16"])
        #expect(simulation.lines("do not fit a message").count == 1)
    }

    @Test func `what is sent shows the validation of the path it comes from`() throws {
        let simulation = try NetworkPlan.pair(
            "roa-set { 10.1.0.0/16 source-as 65001 10.2.0.0/16 source-as 64999 }\n"
                + "network 10.1.0.0/16\nnetwork 10.2.0.0/16\nnetwork 10.3.0.0/16"
        ).settled()
        let sent = try simulation.rows(r1, .adjRIBOut(NeighborNumber(0))).map(\.originValidation)
        #expect(sent == [.valid, .invalid, .notFound])
    }

    @Test func `prefixes that no host can have are ignored and told`() throws {
        let simulation = try NetworkPlan.pair(
            "network 127.0.0.0/8\nnetwork 224.1.0.0/16\nnetwork 10.1.0.0/16\nnetwork ff00::/8"
        ).settled()
        #expect(try simulation.table(r2) == ["10.1.0.0/16 *> 65001"])
        #expect(simulation.lines("which no host can have").count == 2)
        #expect(try simulation.row(r2).state == .established)
    }
}
