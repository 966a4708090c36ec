import Addressing
import Control
import Simulation
import Testing

/// Sites that share an AS number, and what is done without rules.
struct SharedASTests {
    /// r1 and r3 are both AS 65010, r2 between them AS 65002; what stands in r2's file.
    private func sites(
        neighbor: String = "",
        rules: String = "allow from any\nallow to any",
        third: String = ""
    ) throws -> Simulation {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", ""])
        plan.machines[0].autonomousSystem = 65010
        plan.machines[2].autonomousSystem = 65010
        plan.machines[1].rules = rules
        plan.links[0].secondStatements = neighbor
        plan.links[1].secondStatements = third
        return try plan.settled()
    }

    @Test func `the own AS in a path is a loop`() throws {
        let simulation = try sites()
        #expect(try simulation.table(r3) == ["10.1.0.0/16 65002 65010"])
        #expect(try simulation.rows(r3).map { $0.flags.contains(.asLoop) } == [true])
        #expect(simulation.programmed(r3) == [])
        #expect(simulation.faults() == [])
    }

    @Test func `with enforce local-as no it is a path like others`() throws {
        let simulation = try sites(third: "enforce local-as no")
        #expect(try simulation.table(r3) == ["10.1.0.0/16 *> 65002 65010"])
    }

    @Test func `within the AS the own AS in a path is no loop`() throws {
        var plan = NetworkPlan.line(["", "", "network 10.3.0.0/16"])
        plan.machines[0].autonomousSystem = 65002
        plan.machines[1].rules =
            "allow from any\nmatch from ebgp set prepend-self 1\nallow to any set nexthop self"
        let simulation = try plan.settled()
        #expect(try simulation.table(r1) == ["10.3.0.0/16 I*> 65002 65003"])
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [
        ("as-override yes", "allow from any\nallow to any"),
        ("", "allow from any\nmatch from any set as-override\nallow to any"),
        ("", "allow from any\nallow to any set as-override"),
    ])
    func `as-override lets the other site take the route`(neighbor: String, rules: String) throws {
        let simulation = try sites(neighbor: neighbor, rules: rules)
        #expect(try simulation.table(r3) == ["10.1.0.0/16 *> 65002 65002"])
        #expect(try simulation.table(r2, .adjRIBIn) == ["10.1.0.0/16 65010"])
        let shown = rules.contains("to any set") ? "65010" : "65002"
        #expect(try simulation.table(r2) == ["10.1.0.0/16 *> \(shown)"])
        #expect(simulation.faults() == [])
    }

    @Test(arguments: [
        ("", ""), ("", "allow to any"), ("allow from any", ""),
        ("allow from any", "allow to any"), ("match from any", "match to any"),
        ("allow from ibgp", "allow to any"),
    ])
    func `what no rule allows is refused on the way in and on the way out (RFC 8212)`(
        input: String,
        output: String
    ) throws {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "network 10.2.0.0/16", ""])
        plan.machines[1].rules = input + "\n" + output
        let simulation = try plan.settled()
        let taken = input == "allow from any"
        let sent = output == "allow to any"
        #expect(
            try simulation.table(r2) == [
                "10.1.0.0/16 \(taken ? "*>" : "F") 65001", "10.2.0.0/16 AI*>",
            ]
        )
        #expect(
            try simulation.table(r3)
                == (sent
                    ? (taken ? ["10.1.0.0/16 *> 65002 65001"] : []) + ["10.2.0.0/16 *> 65002"] : [])
        )
        #expect(try simulation.row(r2).prefixesReceived == 1)
        #expect(try simulation.row(r2).prefixesAccepted == (taken ? 1 : 0))
        let detail = try simulation.detail(r2)
        #expect(detail.policyRulesIn == (input.contains("any") ? 1 : 0))
        #expect(detail.policyRulesOut == (output.isEmpty ? 0 : 1))
        #expect(simulation.faults() == [])
    }
}
