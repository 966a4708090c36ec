import Addressing
import Attributes
import BGPWire
import Control
import KernelRoutes
import Simulation
import Testing
import Timekeeping

/// What becomes of routes on their way from one speaker to the next.
struct RouteTests {
    @Test(arguments: AddressFamily.allCases)
    func `routes of both families go both ways over one session`(
        transport: AddressFamily
    ) throws {
        var plan = NetworkPlan.pair(
            "network 10.1.0.0/16\nnetwork 2001:db8:1::/48",
            "network 10.2.0.0/16\nnetwork 2001:db8:2::/48"
        )
        plan.links[0].transport = transport
        let simulation = try plan.settled()
        #expect(
            try simulation.table(r1) == [
                "10.1.0.0/16 AI*>", "10.2.0.0/16 *> 65002", "2001:db8:1::/48 AI*>",
                "2001:db8:2::/48 *> 65002",
            ]
        )
        #expect(
            try simulation.table(r2) == [
                "10.1.0.0/16 *> 65001", "10.2.0.0/16 AI*>", "2001:db8:1::/48 *> 65001",
                "2001:db8:2::/48 AI*>",
            ]
        )
        #expect(
            simulation.programmed(r1) == [
                "10.2.0.0/16 172.16.0.2", "2001:db8:2::/48 2001:db8:ff00::2",
            ]
        )
        let row = try #require(try simulation.rows(r1).last)
        #expect(row.nextHop == IPAddress(text: "2001:db8:ff00::2"))
    }

    @Test func `what arrives is what was sent, attribute for attribute`() throws {
        let set = """
            set { localpref 250 med 77 origin incomplete community 65001:1 community NO_PEER \
            large-community 65001:2:3 ext-community rt 65001:4 prepend-self 2 }
            """
        let plan = NetworkPlan.pair(
            "network 10.1.0.0/16 \(set)\nnetwork 2001:db8:1::/48 \(set)",
            secondAS: 65001
        )
        let simulation = try plan.settled()
        for text in ["10.1.0.0/16", "2001:db8:1::/48"] {
            let prefix = try IPPrefix.of(text)
            let filter = RIBFilter([.prefix(.exact(prefix))])
            let row = try #require(try simulation.rows(r2, .adjRIBIn, filter).first)
            #expect(row.localPreference == 250)
            #expect(row.med == 77)
            #expect(row.origin == 2)
            #expect(ASPathText.words(row.asPath) == "65001 65001")
            let sent = try #require(
                try simulation.rows(r1, .adjRIBOut(NeighborNumber(0)), filter).first
            )
            #expect(row.attributes == sent.attributes)
            var communities: [UInt32] = []
            AttributeReading.forEachCommunity(in: row.attributes.span) { community in
                communities.append(community)
                return true
            }
            #expect(communities == [65001 << 16 | 1, 0xFFFF_FF04])
            #expect(PathAttribute.first(.largeCommunities, in: row.attributes.span) != nil)
            #expect(PathAttribute.first(.extendedCommunities, in: row.attributes.span) != nil)
        }
    }

    @Test
    func `of AS4_PATH to a two-octet neighbor only that of others' networks is marked Partial`()
        throws
    {
        var plan = NetworkPlan.line([
            "network 10.1.0.0/16\nnetwork 10.2.0.0/16", "network 10.3.0.0/16\nnetwork 10.4.0.0/16",
            "",
        ])
        plan.machines[0].autonomousSystem = 4_200_000_100
        plan.machines[1].autonomousSystem = 4_200_000_101
        plan.links[1].firstStatements = "announce as-4byte yes"
        plan.links[1].secondStatements = "announce as-4byte no"
        let simulation = try plan.settled()
        let request = MessagesRequest(position: .from(1), limit: 1000)
        let rows = try #require(simulation.ask(r3, request)).rows
        var flags: [String: UInt8] = [:]
        for row in rows where row.direction == .received {
            guard case .message(let bytes, let fourOctetAS, _) = row.content, bytes[18] == 2,
                let path = bytes.indices.dropLast().first(where: {
                    bytes[$0] & 0xC0 == 0xC0 && bytes[$0 + 1] == 17
                })
            else { continue }
            #expect(!fourOctetAS)
            // The networks end the message: two of three octets each.
            for second in 1...4 as ClosedRange<UInt8> where bytes.suffix(6).contains(second) {
                flags["10.\(second).0.0/16"] = bytes[path]
            }
        }
        #expect(
            flags == [
                "10.1.0.0/16": 0xE0, "10.2.0.0/16": 0xE0, "10.3.0.0/16": 0xC0, "10.4.0.0/16": 0xC0,
            ]
        )
    }

    @Test func `to an eBGP neighbor go no LOCAL_PREF and no MED that is not ours`() throws {
        var plan = NetworkPlan.line([
            "network 10.1.0.0/16 set { med 50 }", "", "",
        ])
        plan.machines[1].rules = "allow from any set localpref 300\nallow to any"
        let simulation = try plan.settled()
        let near = try #require(try simulation.rows(r2, .adjRIBIn).first)
        #expect(near.med == 50)
        let far = try #require(try simulation.rows(r3, .adjRIBIn).first)
        #expect(PathAttribute.first(.localPreference, in: far.attributes.span) == nil)
        #expect(PathAttribute.first(.multiExitDiscriminator, in: far.attributes.span) == nil)
        #expect(ASPathText.words(far.asPath) == "65002 65001")
    }

    @Test func `without a policy everything is refused both ways, and the numbers say so`() throws {
        var plan = NetworkPlan.pair("network 10.1.0.0/16", "network 10.2.0.0/16")
        plan.machines[1].rules = ""
        let simulation = try plan.settled()
        // Nothing is sent by r2, and what r1 sends is kept and flagged.
        #expect(try simulation.table(r1) == ["10.1.0.0/16 AI*>"])
        #expect(try simulation.table(r2) == ["10.1.0.0/16 F 65001", "10.2.0.0/16 AI*>"])
        let detail = try simulation.detail(r2)
        #expect(detail.policyRulesIn == 0)
        #expect(detail.policyRulesOut == 0)
        #expect(detail.row.prefixesReceived == 1)
        #expect(detail.row.prefixesAccepted == 0)
        #expect(detail.row.prefixesSent == 0)
        #expect(simulation.programmed(r2).isEmpty)
    }

    @Test func `what policy denies stays in Adj-RIB-In with flag F`() throws {
        var plan = NetworkPlan.pair("network 10.1.0.0/16\nnetwork 10.3.0.0/16")
        plan.machines[1].rules =
            "allow from any\nallow to any\ndeny from any prefix 10.3.0.0/16"
        let simulation = try plan.settled()
        #expect(
            try simulation.table(r2, .adjRIBIn) == ["10.1.0.0/16 65001", "10.3.0.0/16 F 65001"]
        )
        #expect(try simulation.table(r2) == ["10.1.0.0/16 *> 65001", "10.3.0.0/16 F 65001"])
        #expect(simulation.programmed(r2) == ["10.1.0.0/16 172.16.0.1"])
        #expect(try simulation.row(r2).prefixesReceived == 2)
        #expect(try simulation.row(r2).prefixesAccepted == 1)
        let filter = RIBFilter([.refused])
        #expect(try simulation.rows(r2, .locRIB, filter).map { "\($0.prefix)" } == ["10.3.0.0/16"])
    }

    @Test func `a session that ends takes its routes out of RIB, kernel and the next neighbor`()
        throws
    {
        let simulation = try NetworkPlan.line([
            "network 10.1.0.0/16\nnetwork 2001:db8:1::/48", "", "",
        ]).settled()
        #expect(try simulation.table(r3).count == 2)
        #expect(simulation.programmed(r3).count == 2)
        simulation.act(r1, .down(reason: ""))
        simulation.run(for: .seconds(1))
        #expect(try simulation.table(r2).isEmpty)
        #expect(simulation.programmed(r2).isEmpty)
        #expect(try simulation.table(r3).isEmpty)
        #expect(simulation.programmed(r3).isEmpty)
        #expect(try simulation.detail(r3).prefixWithdraws.received == 2)
        #expect(try simulation.row(r2, 1).prefixesSent == 0)
        simulation.act(r1, .up)
        simulation.settle()
        #expect(try simulation.table(r3).count == 2)
        #expect(simulation.programmed(r3).count == 2)
    }

    @Test func `a better path takes over everywhere, and gives way again`() throws {
        // r3 hears of the prefix over r2, and over a long way through r4, r5.
        var plan = NetworkPlan(machines: 5, links: [(0, 1), (1, 2), (0, 3), (3, 4), (4, 2)])
        plan.machines[0].statements = "network 10.1.0.0/16"
        let simulation = try plan.settled()
        #expect(
            try simulation.table(r3) == [
                "10.1.0.0/16 *> 65002 65001", "10.1.0.0/16 * 65005 65004 65001",
            ]
        )
        #expect(simulation.programmed(r3) == ["10.1.0.0/16 172.16.1.1"])
        simulation.apply(.linkDown(LinkNumber(0)))
        simulation.act(r1, .clear(reason: ""))
        simulation.run(for: .seconds(2))
        #expect(try simulation.table(r3).first == "10.1.0.0/16 *> 65005 65004 65001")
        #expect(simulation.programmed(r3) == ["10.1.0.0/16 172.16.4.1"])
        #expect(simulation.programmed(r2) == ["10.1.0.0/16 172.16.1.2"])
        simulation.apply(.linkUp(LinkNumber(0)))
        simulation.run(for: .seconds(200))
        #expect(simulation.programmed(r3) == ["10.1.0.0/16 172.16.1.1"])
        #expect(simulation.programmed(r2) == ["10.1.0.0/16 172.16.0.1"])
    }

    @Test func `End-of-RIB goes out once for each family, also where there are no routes`() throws {
        let simulation = try NetworkPlan.pair("network 10.1.0.0/16").settled()
        for machine in [r1, r2] {
            let detail = try simulation.detail(machine)
            #expect(detail.endOfRIB == SentReceived(sent: 2, received: 2))
        }
        #expect(try simulation.detail(r1).prefixUpdates == SentReceived(sent: 1, received: 0))
    }

    @Test func `route refresh sends everything once more`() throws {
        let simulation = try NetworkPlan.pair(
            "network 10.1.0.0/16\nnetwork 10.3.0.0/16\nnetwork 2001:db8:1::/48"
        ).settled()
        let before = try simulation.detail(r2)
        #expect(before.prefixUpdates.received == 3)
        #expect(simulation.act(r2, .refresh) == .processed)
        simulation.run(for: .seconds(1))
        let after = try simulation.detail(r2)
        #expect(after.prefixUpdates.received == 6)
        #expect(after.routeRefreshes.sent == 2)
        #expect(try simulation.detail(r1).routeRefreshes.received == 2)
        #expect(after.row.prefixesReceived == 3)
        // Nothing changed, so nothing goes on.
        #expect(try simulation.table(r2).count == 3)
    }

    @Test func `a neighbor without route refresh cannot be asked`() throws {
        let simulation = try NetworkPlan.pair(secondNeighbor: "announce refresh no").settled()
        #expect(simulation.act(r1, .refresh) == .lacksCapability)
    }

    @Test func `what came over iBGP does not go on over iBGP`() throws {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "network 10.2.0.0/16", ""])
        for place in 0..<3 { plan.machines[place].autonomousSystem = 65001 }
        let simulation = try plan.settled()
        #expect(try simulation.table(r2) == ["10.1.0.0/16 I*>", "10.2.0.0/16 AI*>"])
        #expect(try simulation.table(r3) == ["10.2.0.0/16 I*>"])
    }

    @Test func `an iBGP neighbor gets the next hop unchanged, unless it is told nexthop self`()
        throws
    {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.machines[2].autonomousSystem = 65002
        let plain = try plan.settled()
        let row = try #require(try plain.rows(r3).first)
        #expect(row.nextHop == IPAddress(text: "172.16.0.1"))
        #expect(row.flags.contains(.nextHopUnreachable))
        #expect(row.trueNextHop == nil)
        #expect(plain.programmed(r3).isEmpty)
        plan.machines[1].rules = "allow from any\nallow to any\nmatch to ibgp set nexthop self"
        let changed = try plan.settled()
        #expect(try changed.table(r3) == ["10.1.0.0/16 I*> 65001"])
        #expect(changed.programmed(r3) == ["10.1.0.0/16 172.16.1.1"])
    }

    @Test func `a next hop that a static route makes reachable counts from then on`() throws {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.machines[2].autonomousSystem = 65002
        let simulation = try plan.settled()
        #expect(simulation.programmed(r3).isEmpty)
        let route = try Routes.foreign("172.16.0.0/30", via: "172.16.1.1", over: 2)
        simulation.apply(.kernelRoutePut(r3, route))
        simulation.run(for: .seconds(1))
        #expect(try simulation.table(r3) == ["10.1.0.0/16 I*> 65001"])
        #expect(simulation.programmed(r3) == ["10.1.0.0/16 172.16.1.1"])
        let prefix = try IPPrefix.of("172.16.0.0/30")
        simulation.apply(.foreignRouteDeleted(r3, prefix, protocolNumber: 4))
        simulation.run(for: .seconds(1))
        #expect(simulation.programmed(r3).isEmpty)
        #expect(try simulation.rows(r3).first?.flags.contains(.selected) == false)
    }

    @Test func `a way that changes in what the decision does not see is followed in the kernel`()
        throws
    {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.machines[2].autonomousSystem = 65002
        let simulation = try plan.settled()
        var route = try Routes.foreign("172.16.0.0/30", via: "172.16.1.1", over: 2)
        // As the weights of a route with several next hops, the first of which stays.
        for weight in [1, 3, 1] as [UInt16] {
            route.nextHopSet = NextHopSet([
                KernelNextHop(
                    gateway: IPAddress(text: "172.16.1.1"),
                    interface: 2,
                    weight: weight
                )
            ])
            simulation.apply(.kernelRoutePut(r3, route))
            simulation.run(for: .seconds(1))
            let ours = simulation.kernel(r3).routes.filter { $0.protocolNumber == 186 }
            #expect(ours.map { $0.nextHopSet.first?.weight } == [weight])
        }
    }

    @Test(arguments: ["NO_EXPORT", "NO_ADVERTISE", "NO_EXPORT_SUBCONFED"])
    func `a well-known community keeps a route from an eBGP neighbor`(community: String) throws {
        let plan = NetworkPlan.pair("network 10.1.0.0/16 set community \(community)")
        let simulation = try plan.settled()
        #expect(try simulation.table(r2).isEmpty)
    }

    @Test func `a path with the own AS is a loop and not used`() throws {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.machines[2].autonomousSystem = 65001
        let simulation = try plan.settled()
        let row = try #require(try simulation.rows(r3).first)
        #expect(row.flags.contains(.asLoop))
        #expect(!row.flags.contains(.valid))
        #expect(simulation.programmed(r3).isEmpty)
    }
}
