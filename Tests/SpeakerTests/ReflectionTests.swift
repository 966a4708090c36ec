import Addressing
import BGPWire
import Control
import Simulation
import Testing
import Timekeeping

/// Route reflection (RFC 4456): what iBGP neighbors are told of each other's routes.
struct ReflectionTests {
    private static let as65001: UInt32 = 65001

    /// r1 in the middle of r2, r3 and r4, all in one AS, and an external r5 behind r2; each has a network.
    private func star(_ clients: Set<Int>, cluster: String = "") throws -> Simulation {
        var plan = NetworkPlan(machines: 5, links: [(0, 1), (0, 2), (0, 3), (1, 4)])
        for machine in 0..<4 {
            plan.machines[machine].autonomousSystem = Self.as65001
            plan.machines[machine].statements = "network 10.\(machine + 1).0.0/16"
            plan.machines[machine].rules = "allow from any\nallow to any set nexthop self"
        }
        plan.machines[4].statements = "network 10.5.0.0/16"
        for link in 0..<3 where clients.contains(link + 2) {
            plan.links[link].firstStatements = "route-reflector \(cluster)"
        }
        return try plan.settled()
    }

    private func prefixes(_ simulation: Simulation, _ machine: MachineNumber) throws -> [String] {
        try simulation.rows(machine).map { "\($0.prefix)" }
    }

    @Test func `without clients an iBGP route goes to no other iBGP neighbor`() throws {
        let simulation = try star([])
        #expect(try prefixes(simulation, r3) == ["10.1.0.0/16", "10.3.0.0/16"])
    }

    @Test func `a client's routes go to all, those of the others to clients alone`() throws {
        let simulation = try star([2])
        let all = ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.4.0.0/16", "10.5.0.0/16"]
        #expect(try prefixes(simulation, r2) == all)
        #expect(
            try prefixes(simulation, r3) == [
                "10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16", "10.5.0.0/16",
            ]
        )
        #expect(simulation.faults() == [])
    }

    @Test func `what is reflected tells who brought it and through which cluster, and only that`()
        throws
    {
        let simulation = try star([2, 3], cluster: "10.77.0.1")
        let row = try #require(try simulation.rows(r3).first { "\($0.prefix)" == "10.5.0.0/16" })
        #expect(row.originator == [10, 0, 0, 2])
        #expect(row.clusters == [10, 77, 0, 1])
        let own = try #require(try simulation.rows(r3).first { "\($0.prefix)" == "10.1.0.0/16" })
        #expect(own.originator == nil)
        #expect(own.clusters == nil)
        // Neither is for the world outside (RFC 4456 §8).
        let outside = try simulation.rows(MachineNumber(4))
        #expect(outside.allSatisfy { $0.originator == nil && $0.clusters == nil })
        #expect(simulation.faults() == [])
    }

    @Test func `a route that comes back to its originator or its cluster is a loop`() throws {
        // Two reflectors, each the other's client: what r3 says comes back to its cluster.
        var plan = NetworkPlan(machines: 3, links: [(0, 1), (1, 2), (0, 2)])
        for machine in 0..<3 {
            plan.machines[machine].autonomousSystem = Self.as65001
            plan.machines[machine].rules = "allow from any\nallow to any set nexthop self"
        }
        plan.machines[2].statements = "network 10.3.0.0/16"
        for link in plan.links.indices {
            plan.links[link].firstStatements = "route-reflector 10.77.0.1"
        }
        plan.links[0].secondStatements = "route-reflector 10.77.0.1"
        let simulation = try plan.settled()
        for machine in [r1, r2] {
            let rows = try simulation.rows(machine).map(\.flags.text)
            #expect(rows.filter { $0.contains("*>") }.count == 1)
        }
        // r3 gets its own route back from nobody that counts.
        #expect(try simulation.table(r3).filter { $0.contains("*>") } == ["10.3.0.0/16 AI*>"])
        #expect(simulation.faults() == [])
    }

    @Test func `what a client comes back with is reflected though policy changed meanwhile`() throws
    {
        var plan = NetworkPlan(machines: 3, links: [(0, 1), (0, 2)])
        for machine in 0..<3 {
            plan.machines[machine].autonomousSystem = Self.as65001
            plan.machines[machine].rules = "allow from any\nallow to any"
        }
        plan.machines[1].statements = "network 10.2.0.0/16\nnetwork 10.22.0.0/16"
        for link in plan.links.indices { plan.links[link].firstStatements = "route-reflector" }
        let simulation = try plan.settled()
        #expect(try simulation.rows(r3).count == 2)
        plan.links[0].firstStatements = "route-reflector\nholdtime 30"
        plan.machines[0].rules = "allow from any\nallow to any set community 65001:7"
        #expect(try simulation.reload(r1, plan.configuration(of: 0)) == [])
        simulation.settle()
        #expect(try simulation.rows(r3).count == 2)
        #expect(simulation.faults() == [])
    }

    @Test func `reload makes and ends a client with a new session`() throws {
        var plan = NetworkPlan.pair(secondAS: Self.as65001)
        let simulation = try plan.settled()
        plan.links[0].firstStatements = "route-reflector"
        #expect(try simulation.reload(r1, plan.configuration(of: 0)) == [])
        simulation.settle()
        #expect(try simulation.row(r1).flaps == 1)
        #expect(try simulation.detail(r1).isReflectorClient)
    }
}

extension RIBRow {
    fileprivate var originator: [UInt8]? { value(of: 9) }
    fileprivate var clusters: [UInt8]? { value(of: 10) }

    /// The value of the attribute of that type; nil where it is absent.
    func value(of type: UInt8) -> [UInt8]? {
        var offset = 0
        while offset + 3 <= attributes.count {
            let isLong = attributes[offset] & 0x10 != 0
            let header = isLong ? 4 : 3
            let length =
                isLong
                ? Int(attributes[offset + 2]) << 8 | Int(attributes[offset + 3])
                : Int(attributes[offset + 2])
            let found = attributes[offset + 1] == type
            let value = attributes[(offset + header)..<(offset + header + length)]
            if found { return Array(value) }
            offset += header + length
        }
        return nil
    }
}
