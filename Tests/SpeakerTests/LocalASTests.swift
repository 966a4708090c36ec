import Addressing
import Control
import Simulation
import Testing

/// `local-as`: another AS for one neighbor.
struct LocalASTests {
    @Test func `the neighbor sees the other AS in OPEN and path, and nobody else does`() throws {
        var plan = NetworkPlan.line([
            "network 10.1.0.0/16", "network 10.2.0.0/16", "network 10.3.0.0/16",
        ])
        plan.links[1].firstStatements = "local-as 65100"
        plan.links[1].secondStatements = "remote-as 65100"
        let simulation = try plan.settled()
        #expect(
            try simulation.table(r3)
                == ["10.1.0.0/16 *> 65100 65001", "10.2.0.0/16 *> 65100", "10.3.0.0/16 AI*>"]
        )
        #expect(
            try simulation.table(r1)
                == ["10.1.0.0/16 AI*>", "10.2.0.0/16 *> 65002", "10.3.0.0/16 *> 65002 65003"]
        )
        #expect(try simulation.detail(r2, 0).localAS == ASNumber(65002))
        #expect(try simulation.detail(r2, 1).localAS == ASNumber(65100))
        #expect(try simulation.row(r3).remoteAS == ASNumber(65100))
    }

    @Test func `an AS of four octets has its own stand-in for a neighbor of two`() throws {
        var plan = NetworkPlan.pair("network 10.1.0.0/16", "network 10.2.0.0/16")
        plan.links[0].firstStatements = "local-as 4200000100 64999\nannounce as-4byte no"
        plan.links[0].secondStatements = "remote-as 64999\nannounce as-4byte no"
        let simulation = try plan.settled()
        #expect(try simulation.row(r2).remoteAS == ASNumber(64999))
    }

    @Test func `with the neighbor's own AS the session is internal`() throws {
        var plan = NetworkPlan.pair("network 10.1.0.0/16", "")
        plan.links[0].firstStatements = "local-as 65002"
        plan.links[0].secondStatements = "remote-as 65002"
        let simulation = try plan.settled()
        #expect(try simulation.table(r2) == ["10.1.0.0/16 I*>"])
    }

    @Test(arguments: [(65100, true), (65001, true), (65200, false)] as [(UInt32, Bool)])
    func `a path with either of our ASes is a loop`(number: UInt32, isLoop: Bool) throws {
        let puppet = try Puppet(neighbor: "local-as 65100")
        let path: [UInt8] = [2, 2, 0, 0, 0xFD, 0xEA, 0, 0, UInt8(number >> 8), UInt8(number & 255)]
        try puppet.announce(
            ["10.2.0.0/16"],
            [0x40, 1, 1, 0, 0x40, 2, 10] + path + [0x40, 3, 4, 10, 0, 0, 2]
        )
        #expect(try puppet.rows().map { $0.flags.contains(.asLoop) } == [isLoop])
    }

    @Test func `filters and communities mean the AS that the neighbor sees`() throws {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.machines[1].rules = """
            allow from any
            allow to any
            match to any set { community local-as:7 prepend-self 1 }
            """
        plan.links[1].firstStatements = "local-as 65100"
        plan.links[1].secondStatements = "remote-as 65100"
        let simulation = try plan.settled()
        let row = try #require(try simulation.rows(r3, .adjRIBIn).first)
        #expect(ASPathText.words(row.asPath) == "65100 65100 65001")
        #expect(row.attributes.suffix(4) == [0xFE, 0x4C, 0, 7])
    }
}
