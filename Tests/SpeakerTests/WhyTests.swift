import Addressing
import Control
import Simulation
import Testing

/// Why paths win and lose, and what would become of them, through Control.
struct WhyTests {
    /// r2 hears the same prefixes from r1 and r3.
    static func bench(
        _ first: String,
        _ third: String,
        second: String = "",
        rules: String = "allow from any\nallow to any"
    ) throws -> Simulation {
        var plan = NetworkPlan.line([first, second, third])
        plan.machines[1].rules = rules
        return try plan.settled()
    }

    static func reasons(_ simulation: Simulation, _ prefix: String) throws -> [PathReason] {
        let request = RouteRequest(prefix: try .of(prefix))
        let detail = try #require(simulation.ask(r2, request))
        return try detail.paths.map { try #require($0.reason) }
    }

    static func words(_ simulation: Simulation, _ prefix: String) throws -> [String] {
        let names = try simulation.overview(r2).neighbors
        return try reasons(simulation, prefix).map { reason in
            reason.words { number in names.first { $0.number == number }?.name ?? "?" }
        }
    }

    @Test func `paths stand from the best to the worst, each with its reason`() throws {
        let simulation = try Self.bench(
            "network 10.1.0.0/16",
            "network 10.1.0.0/16 set prepend-self 1\nnetwork 10.2.0.0/16"
        )
        let words = try Self.words(simulation, "10.1.0.0/16")
        #expect(words == ["best", "lost at step 3 AS path length 2 > 1 to r1"])
        #expect(try Self.words(simulation, "10.2.0.0/16") == ["best"])
    }

    @Test func `MED is compared within a neighbor AS, and says so`() throws {
        var plan = NetworkPlan.line([
            "network 10.1.0.0/16 set metric 20", "", "network 10.1.0.0/16 set metric 10",
        ])
        plan.machines[0].autonomousSystem = 65010
        plan.machines[2].autonomousSystem = 65010
        let simulation = try plan.settled()
        #expect(
            try Self.words(simulation, "10.1.0.0/16") == [
                "best",
                "lost at step 5 MED 20 > 10, compared because both come from AS 65010 to r3",
            ]
        )
    }

    @Test func `a refused path names file, line and rule, and what rules before it changed`() throws
    {
        let simulation = try Self.bench(
            "network 10.1.0.0/16",
            "network 10.1.0.0/16",
            rules: """
                allow to any
                allow from any
                match from any set localpref 120
                deny quick from AS 65003 prefix 10.1.0.0/16
                """
        )
        let reasons = try Self.reasons(simulation, "10.1.0.0/16")
        #expect(reasons.count == 2)
        #expect(reasons.first?.verdict == .best)
        #expect(reasons.first?.rules.last?.changes == ["localpref 100 -> 120"])
        let rule = try #require(reasons.last?.refusedBy)
        #expect(rule.text == "deny quick from AS 65003 prefix 10.1.0.0/16")
        #expect(rule.line > 1)
        #expect(reasons.last?.rules.contains { $0.changes == ["localpref 100 -> 120"] } == true)
    }

    @Test func `without a rule everything is refused by none`() throws {
        let simulation = try Self.bench("network 10.1.0.0/16", "", rules: "allow to any")
        #expect(try Self.words(simulation, "10.1.0.0/16") == ["refused: no rule allows it"])
    }

    @Test func `a page explains what it shows, and leaves ranks as they are`() throws {
        let bench = try PageBench()
        let request = RIBPageRequest(
            table: .locRIB,
            filter: RIBFilter([.disqualified], not: [.best]),
            limit: 4096,
            withAttributes: false,
            withReasons: true
        )
        let page = try #require(bench.simulation.ask(r2, request))
        #expect(!page.rows.isEmpty)
        for row in page.rows {
            let reason = try #require(row.reason)
            #expect(reason.refusedBy?.text == "deny from any prefix 10.20.0.0/14 or-longer")
            #expect(reason.rank >= 1)
        }
    }

    // MARK: What if

    static func forecast(
        _ simulation: Simulation,
        _ neighbor: UInt32,
        _ change: WhatIfRequest.Change,
        rowLimit: Int = 100_000
    ) throws -> WhatIfResult {
        var result = WhatIfResult(.number(NeighborNumber(neighbor)), change, rowLimit: rowLimit)
        while let request = result.nextRequest {
            result.take(try #require(simulation.ask(r2, request)))
        }
        return result
    }

    static func bests(_ simulation: Simulation) throws -> [IPPrefix: NeighborNumber] {
        let rows = try simulation.rows(r2, .locRIB, RIBFilter([.best]))
        return Dictionary(uniqueKeysWithValues: rows.map { ($0.prefix, $0.neighbor) })
    }

    @Test(arguments: [0, 1] as [UInt32])
    func `what would become of the routes of a neighbor is what becomes of them`(
        neighbor: UInt32
    ) throws {
        let bench = try PageBench()
        let before = try Self.bests(bench.simulation)
        let said = try Self.forecast(bench.simulation, neighbor, .down)
        #expect(try Self.bests(bench.simulation) == before, "asking changes nothing")
        #expect(said.isComplete && !said.isMixed)
        #expect(said.looked == said.prefixCount)
        let counted = try Self.forecast(bench.simulation, neighbor, .down, rowLimit: 0)
        #expect(counted.rows.isEmpty)
        #expect(counted.moves == said.moves && counted.unreachable == said.unreachable)
        let action = NeighborActionRequest(
            .number(NeighborNumber(neighbor)),
            .down(reason: "")
        )
        #expect(bench.simulation.ask(r2, action) == .processed)
        bench.simulation.run(for: .seconds(5))
        let after = try Self.bests(bench.simulation)
        let changed = before.filter { after[$0.key] != $0.value }
        #expect(said.rows.map(\.prefix) == changed.keys.sorted())
        for row in said.rows {
            #expect(row.from == before[row.prefix])
            #expect(row.to == after[row.prefix])
        }
        #expect(said.unreachable == UInt64(said.rows.count { $0.to == nil }))
        #expect(said.moved == UInt64(said.rows.count { $0.to != nil }))
        // r1's paths are the best ones where both have one.
        #expect((said.moved > 0 && said.unreachable > 0) == (neighbor == 0))
        let gone = try Self.forecast(bench.simulation, neighbor, .down)
        #expect(gone.prefixCount == 0 && gone.rows.isEmpty)
    }

    @Test func `of a neighbor that is down nothing is known, and one that is up stays`() throws {
        let bench = try PageBench()
        let up = try Self.forecast(bench.simulation, 1, .up)
        #expect(up.isComplete && up.rows.isEmpty && up.prefixCount == 367)
        let unknown = WhatIfRequest(.descr("nobody"), .down, limit: 0)
        #expect(bench.simulation.reply(r2, unknown.question) == .refused(.noSuchNeighbor))
        let all = WhatIfRequest(.all, .down, limit: 0)
        #expect(bench.simulation.reply(r2, all.question) == .refused(.notSupported))
    }
}

/// Tables in which there is much to pass over.
struct LongScanTests {
    @Test func `a neighbor's many routes are found behind more of others, in slices that go on`()
        throws
    {
        let first = (0..<5600).map { "network 10.\($0 / 256).\($0 % 256).0/24" }
        let third = (0..<4200).map { "network 192.\($0 / 256).\($0 % 256).0/24" }
        let simulation = try NetworkPlan.line([
            first.joined(separator: "\n"), "", third.joined(separator: "\n"),
        ]).settled()
        var request = RIBPageRequest(
            table: .adjRIBIn,
            filter: RIBFilter([.neighbor(.number(NeighborNumber(1)))]),
            limit: 4096,
            withAttributes: false
        )
        // The order of a large table is made at the first look.
        for _ in 0..<20 where try #require(simulation.ask(r2, request)).isPreparing {
            simulation.run(for: .seconds(1))
        }
        var found: [IPPrefix] = []
        var pages = 0
        var reached: [UInt32] = []
        while pages < 20 {
            let page = try #require(simulation.ask(r2, request))
            pages += 1
            found += page.rows.map(\.prefix)
            guard let next = page.next else { break }
            reached.append(page.reached)
            request.position = .after(next)
        }
        #expect(found.count == 4200)
        #expect(found == found.sorted())
        #expect(pages > 2 && reached == reached.sorted())
        request.table = .locRIB
        request.position = .start
        request.filter = RIBFilter([.asPath(.anywhere(ASNumber(65009)))])
        let nothing = try #require(simulation.ask(r2, request))
        #expect(nothing.rows.isEmpty && nothing.next != nil)
        #expect((100_000...300_000).contains(nothing.reached))
    }
}
