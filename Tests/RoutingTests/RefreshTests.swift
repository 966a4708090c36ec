import Addressing
import Attributes
import Routing
import Testing

/// A neighbor that sends all its routes again (RFC 7313).
struct RefreshTests {
    private static let one = NeighborID(1)

    private func tables() -> RoutingTables {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(64999)))
        for number in 1...2 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        return tables
    }

    /// The neighbor's prefixes, an `S` behind those that are stale.
    private func routes(_ tables: RoutingTables, of neighbor: NeighborID = one)
        -> [String]
    {
        var found: [String] = []
        var cursor: UInt32 = 0
        while let id = tables.ipv4.nextRoute(of: neighbor, from: &cursor) {
            tables.ipv4.forEachPath(id) { path in
                guard path.neighbor == neighbor else { return }
                let mark = path.flags.contains(.stale) ? " S" : ""
                found.append("\(tables.ipv4.prefix(id))\(mark)")
            }
        }
        return found.sorted()
    }

    @Test func `what does not come again goes at the end, and is good until then`() {
        let tables = tables()
        for prefix in ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16"] {
            tables.announce(ipv4(prefix), 1, TestSet())
        }
        tables.announce(ipv4("10.3.0.0/16"), 2, TestSet())
        tables.beginRefresh(from: Self.one, .ipv4)
        tables.finishWork()
        #expect(routes(tables) == ["10.1.0.0/16 S", "10.2.0.0/16 S", "10.3.0.0/16 S"])
        #expect(tables.ipv4.counts(of: Self.one).best == 2)
        tables.announce(ipv4("10.1.0.0/16"), 1, TestSet())
        tables.announce(ipv4("10.2.0.0/16"), 1, TestSet(med: 7))
        tables.announce(ipv4("10.4.0.0/16"), 1, TestSet())
        #expect(
            routes(tables) == ["10.1.0.0/16", "10.2.0.0/16", "10.3.0.0/16 S", "10.4.0.0/16"]
        )
        tables.endRefresh(from: Self.one, .ipv4)
        tables.finishWork(units: 1)
        #expect(routes(tables) == ["10.1.0.0/16", "10.2.0.0/16", "10.4.0.0/16"])
        #expect(routes(tables, of: NeighborID(2)) == ["10.3.0.0/16"])
    }

    @Test func `an end without a beginning takes nothing away`() {
        let tables = tables()
        tables.endRefresh(from: Self.one, .ipv4)
        tables.announce(ipv4("10.1.0.0/16"), 1, TestSet())
        tables.endRefresh(from: Self.one, .ipv4)
        tables.finishWork()
        #expect(routes(tables) == ["10.1.0.0/16"])
    }

    @Test func `a session that ends within a refresh leaves nothing, and nothing stale behind`() {
        let tables = tables()
        tables.announce(ipv4("10.1.0.0/16"), 1, TestSet())
        tables.beginRefresh(from: Self.one, .ipv4)
        tables.announce(ipv4("10.2.0.0/16"), 1, TestSet())
        tables.removeAll(from: Self.one, .ipv4)
        tables.announce(ipv4("10.3.0.0/16"), 1, TestSet())
        tables.endRefresh(from: Self.one, .ipv4)
        tables.finishWork()
        #expect(routes(tables) == ["10.3.0.0/16"])
    }

    @Test func `refreshes that begin over and over take nothing away that was sent since the last`()
    {
        let tables = tables()
        tables.announce(ipv4("10.1.0.0/16"), 1, TestSet())
        for _ in 0..<20 { tables.beginRefresh(from: Self.one, .ipv4) }
        tables.announce(ipv4("10.2.0.0/16"), 1, TestSet())
        tables.endRefresh(from: Self.one, .ipv4)
        // Old paths have not been removed yet: what is there stays.
        for _ in 0..<20 {
            tables.beginRefresh(from: Self.one, .ipv4)
            tables.announce(ipv4("10.2.0.0/16"), 1, TestSet())
            tables.endRefresh(from: Self.one, .ipv4)
        }
        tables.finishWork()
        #expect(routes(tables) == ["10.2.0.0/16"])
        tables.beginRefresh(from: Self.one, .ipv4)
        tables.endRefresh(from: Self.one, .ipv4)
        tables.finishWork()
        #expect(routes(tables) == [])
    }

    /// Random refreshes, routes and losses of the session, with work in between, beside a model that knows of each
    /// prefix whether it was sent since the last beginning.
    @Test(arguments: 0..<50 as Range<UInt64>)
    func `any sequence keeps what was sent since the last beginning`(seed: UInt64) {
        var dice = Dice(state: seed &* 7919 &+ 1)
        let tables = tables()
        var present: Set<String> = []
        var fresh: Set<String> = []
        var isRefreshing = false
        for _ in 0..<400 {
            switch dice.roll(20) {
            case 0:
                if isRefreshing { continue }
                tables.finishWork()
                #expect(Set(routes(tables)) == present)
                tables.beginRefresh(from: Self.one, .ipv4)
                fresh = []
                isRefreshing = !present.isEmpty
            case 1:
                tables.endRefresh(from: Self.one, .ipv4)
                if isRefreshing { present.formIntersection(fresh) }
                isRefreshing = false
            case 2:
                tables.removeAll(from: Self.one, .ipv4)
                present = []
                isRefreshing = false
            case 3...5:
                _ = tables.work(units: dice.roll(4))
            case 6...8:
                let prefix = "10.\(dice.roll(12)).0.0/16"
                tables.withdraw(ipv4(prefix), from: Self.one)
                present.remove(prefix)
                fresh.remove(prefix)
            default:
                let prefix = "10.\(dice.roll(12)).0.0/16"
                tables.announce(ipv4(prefix), 1, TestSet(med: UInt32(dice.roll(2))))
                present.insert(prefix)
                fresh.insert(prefix)
            }
        }
        tables.endRefresh(from: Self.one, .ipv4)
        if isRefreshing { present.formIntersection(fresh) }
        tables.finishWork()
        #expect(Set(routes(tables)) == present)
        tables.removeAll(from: Self.one, .ipv4)
        tables.finishWork()
        #expect(routes(tables) == [])
        #expect(tables.attributes.totalReferences == 0)
    }
}
