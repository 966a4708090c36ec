import Addressing
import BGPWire
import Control
import Simulation
import Testing

/// IPv4 routes with IPv6 next hops (RFC 8950), from the wire to the kernel.
struct ExtendedNextHopTests {
    private static let yes = "announce extended nexthop yes"

    private func pair(_ first: String, _ second: String) -> NetworkPlan {
        var plan = NetworkPlan.pair(
            "network 10.1.0.0/16",
            "network 10.2.0.0/16\nnetwork 2001:db8:2::/48",
            firstNeighbor: first,
            secondNeighbor: second
        )
        plan.links[0].transport = .ipv6
        return plan
    }

    @Test func `over an IPv6 session where both agreed, IPv4 goes via IPv6`() throws {
        let simulation = try pair(Self.yes, Self.yes).settled()
        let row = try #require(try simulation.rows(r1, .adjRIBIn).first)
        #expect("\(row.prefix)" == "10.2.0.0/16")
        #expect(row.nextHop.family == .ipv6)
        let gateway = row.nextHop
        #expect(
            simulation.programmed(r1) == ["10.2.0.0/16 \(gateway)", "2001:db8:2::/48 \(gateway)"]
        )
        #expect(simulation.programmed(r2).count == 1)
        #expect(
            try simulation.detail(r1).negotiatedCapabilities?.extendedNextHop == true
        )
    }

    @Test(arguments: [(yes, ""), ("", yes), ("", "")])
    func `where one side does not offer it, IPv4 goes via IPv4`(
        first: String,
        second: String
    ) throws {
        let simulation = try pair(first, second).settled()
        let row = try #require(try simulation.rows(r1, .adjRIBIn).first)
        #expect(row.nextHop.family == .ipv4)
        #expect(
            try simulation.detail(r1).negotiatedCapabilities?.extendedNextHop == false
        )
    }

    @Test func `over an IPv4 session it changes nothing`() throws {
        var plan = pair(Self.yes, Self.yes)
        plan.links[0].transport = .ipv4
        let simulation = try plan.settled()
        #expect(try simulation.rows(r1, .adjRIBIn).first?.nextHop.family == .ipv4)
        #expect(try simulation.detail(r1).negotiatedCapabilities?.extendedNextHop == true)
    }

    @Test func `an IPv6 next hop goes to no iBGP neighbor that has not agreed, ours does`() throws {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.machines[2].autonomousSystem = 65002
        plan.links[0].transport = .ipv6
        plan.links[0].firstStatements = Self.yes
        plan.links[0].secondStatements = Self.yes
        let simulation = try plan.settled()
        #expect(try simulation.rows(r2, .adjRIBIn).first?.nextHop.family == .ipv6)
        let row = try #require(try simulation.rows(r3, .adjRIBIn).first)
        #expect(row.nextHop == IPAddress(text: "172.16.1.1"))
    }

    @Test func `an iBGP neighbor that has agreed gets the IPv6 next hop unchanged`() throws {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.machines[2].autonomousSystem = 65002
        for place in 0...1 {
            plan.links[place].transport = .ipv6
            plan.links[place].firstStatements = Self.yes
            plan.links[place].secondStatements = Self.yes
        }
        let simulation = try plan.settled()
        let near = try #require(try simulation.rows(r2, .adjRIBIn).first)
        let far = try #require(try simulation.rows(r3, .adjRIBIn).first)
        #expect(near.nextHop.family == .ipv6)
        #expect(far.nextHop == near.nextHop)
    }
}
