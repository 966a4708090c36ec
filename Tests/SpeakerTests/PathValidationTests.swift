import Addressing
import Control
import Simulation
import Testing

/// ASPA seen from our role (part D3 of the commands' specification).
struct PathValidationTests {
    /// r1 says a network to r2, which says it to r3; what stands in r3's file and its role towards r2.
    private func plan(
        _ statements: String,
        role: String,
        rules: String = "allow from any\nallow to any"
    ) -> NetworkPlan {
        var plan = NetworkPlan.line(["network 10.1.0.0/16", "", statements])
        plan.links[1].secondStatements = role.isEmpty ? "" : "role \(role)"
        plan.machines[2].rules = rules
        return plan
    }

    /// r1's only provider is r2, or another AS.
    private static let attested = "aspa-set { customer-as 65001 provider-as { 65002 } }"
    private static let other = "aspa-set { customer-as 65001 provider-as { 65009 } }"

    @Test(arguments: [
        (attested, "provider", PathValidation.valid), (attested, "peer", .valid),
        (attested, "rs", .valid), (attested, "rs-client", .valid), (attested, "customer", .valid),
        (attested, "", .unknown), (other, "provider", .invalid), (other, "peer", .invalid),
        (other, "rs", .invalid), (other, "rs-client", .invalid), (other, "", .unknown),
        // From a provider a path of two may have its top anywhere.
        (other, "customer", .valid), ("", "provider", .unknown),
        ("aspa-set { customer-as 65077 provider-as { 65002 } }", "provider", .unknown),
    ])
    func `the role says which way a path is looked at`(
        statements: String,
        role: String,
        state: PathValidation
    ) throws {
        let simulation = try plan(statements, role: role).settled()
        #expect(try simulation.rows(r3).map(\.pathValidation) == [state])
        let filter = RIBFilter([.pathValidation(state)])
        #expect(try simulation.rows(r3, .locRIB, filter).count == 1)
        #expect(try simulation.rows(r3, .adjRIBIn).map(\.pathValidation) == [state])
        #expect(simulation.faults() == [])
    }

    @Test func `rules ask for the state, and another aspa-set judges again without a reset`() throws
    {
        let rules =
            "allow from any\ndeny from any avs invalid\nmatch from any avs valid set localpref 200\nallow to any"
        let simulation = try plan(Self.attested, role: "provider", rules: rules).settled()
        #expect(try simulation.table(r3) == ["10.1.0.0/16 *> 65002 65001"])
        #expect(try simulation.rows(r3).map(\.localPreference) == [200])
        try simulation.take(r3, plan(Self.other, role: "provider", rules: rules))
        #expect(try simulation.table(r3) == ["10.1.0.0/16 F 65002 65001"])
        try simulation.take(r3, plan("", role: "provider", rules: rules))
        #expect(try simulation.rows(r3).map(\.localPreference) == [100])
        #expect(try simulation.row(r3).flaps == 0)
        #expect(simulation.faults() == [])
    }

    @Test func `a changed state alone is judged again on the way out`() throws {
        for (set, other, rule) in [
            (Self.attested, Self.other, "avs invalid"),
            (
                "roa-set { 10.1.0.0/16 source-as 65001 }",
                "roa-set { 10.1.0.0/16 source-as 65009 }",
                "ovs invalid"
            ),
        ] {
            var plan = NetworkPlan.line(["network 10.1.0.0/16", "", set, ""])
            plan.links[1].secondStatements = "role provider"
            plan.machines[2].rules = "allow from any\nallow to any\ndeny to any \(rule)"
            // Small slices: what is sent is looked at before all is judged.
            var dials = SimulationDials()
            dials.unitsPerTurn = 1
            plan.machines[0].statements += (2...40).map { "\nnetwork 10.\($0).0.0/16" }.joined()
            let simulation = try plan.settled(dials: dials)
            let r4 = MachineNumber(3)
            #expect(try simulation.rows(r4).count == 40)
            plan.machines[2].statements = other
            try simulation.take(r3, plan)
            let left = rule.hasPrefix("avs") ? 0 : 39
            #expect(try simulation.rows(r4).count == left)
            plan.machines[2].statements = set
            try simulation.take(r3, plan)
            #expect(try simulation.rows(r4).count == 40)
            #expect(simulation.faults() == [])
        }
    }
}
