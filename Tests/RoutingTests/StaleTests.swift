import Addressing
import Attributes
import Routing
import Testing

/// Routes that are kept over a restart of their neighbor, and what becomes of them.
struct StaleTests {
    private let one = NeighborID(1)
    private let two = NeighborID(2)
    private let prefixes = (0..<40).map {
        IPPrefix(ipv4: 0x0A00_0000 + UInt32($0) << 8, length: 24)
    }

    private func tables() -> RoutingTables {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        for number in 1...3 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        for prefix in prefixes { tables.announce(prefix, 1, TestSet()) }
        return tables
    }

    private func stale(_ tables: RoutingTables, _ neighbor: NeighborID) -> [IPPrefix] {
        prefixes.filter { prefix in
            guard let id = tables.ipv4.find(prefix) else { return false }
            return tables.ipv4.path(id, from: neighbor)?.flags.contains(.stale) == true
        }
    }

    private func best(_ tables: RoutingTables, _ prefix: IPPrefix) -> NeighborID? {
        tables.ipv4.find(prefix).flatMap { tables.ipv4.best($0)?.neighbor }
    }

    @Test func `what is stale goes on as before, for others too`() {
        let tables = tables()
        let listener = tables.addListener()
        while tables.takeChange(.ipv4, for: listener) != nil {}
        tables.markStale(from: one, .ipv4)
        tables.finishWork()
        #expect(stale(tables, one) == prefixes)
        #expect(tables.ipv4.counts(of: one).stale == 40)
        #expect(tables.ipv4.counts(of: one).fresh == 0)
        #expect(tables.ipv4.bestCount == 40)
        #expect(tables.changeCount(.ipv4, for: listener) == 0)
        // Neither better nor worse in the decision.
        tables.announce(prefixes[0], 2, TestSet(path: [65001, 65001]))
        tables.announce(prefixes[1], 2, TestSet(localPreference: 200))
        #expect(best(tables, prefixes[0]) == one)
        #expect(best(tables, prefixes[1]) == two)
    }

    @Test func `what is told again is fresh, and only the rest is removed`() {
        let tables = tables()
        tables.markStale(from: one, .ipv4)
        for prefix in prefixes.prefix(10) { tables.announce(prefix, 1, TestSet()) }
        for prefix in prefixes[10..<20] { tables.announce(prefix, 1, TestSet(med: 7)) }
        tables.withdraw(prefixes[20], from: one)
        #expect(tables.ipv4.counts(of: one).fresh == 20)
        #expect(tables.ipv4.counts(of: one).stale == 19)
        #expect(stale(tables, one) == Array(prefixes[21...]))
        tables.removeStale(from: one, .ipv4)
        // What leaves is not shown as stale any more.
        #expect(stale(tables, one).isEmpty)
        tables.finishWork(units: 3)
        #expect(tables.ipv4.counts(of: one).received == 20)
        #expect(tables.ipv4.pathCount == 20)
    }

    @Test func `what is stale for a second time goes, what came between stays`() {
        let tables = tables()
        tables.markStale(from: one, .ipv4)
        for prefix in prefixes.prefix(10) { tables.announce(prefix, 1, TestSet()) }
        tables.removeStale(from: one, .ipv4)
        tables.markStale(from: one, .ipv4)
        tables.finishWork(units: 3)
        #expect(tables.ipv4.counts(of: one).received == 10)
        #expect(stale(tables, one) == Array(prefixes.prefix(10)))
    }

    @Test func `other neighbors and the other family are not concerned`() {
        let tables = tables()
        let six = ipv4("2001:db8::/32")
        tables.announce(six, 1, TestSet())
        for prefix in prefixes { tables.announce(prefix, 2, TestSet()) }
        tables.markStale(from: one, .ipv4)
        #expect(stale(tables, two).isEmpty)
        #expect(tables.ipv6.counts(of: one).stale == 0)
        tables.removeStale(from: one, .ipv4)
        tables.removeStale(from: two, .ipv4)
        tables.removeStale(from: one, .ipv6)
        tables.finishWork()
        #expect(tables.ipv4.counts(of: one).received == 0)
        #expect(tables.ipv4.counts(of: two).received == 40)
        #expect(tables.ipv6.counts(of: one).received == 1)
    }

    @Test(arguments: 1...30 as ClosedRange<UInt64>)
    func `in whatever order restarts, removals and work come, what is there is what was told last`(
        seed: UInt64
    ) {
        var dice = Dice(state: seed)
        let tables = tables()
        // Fresh, stale or gone, as a list of sessions would have it.
        var fresh = Set(prefixes)
        var kept: Set<IPPrefix> = []
        for _ in 0..<400 {
            let prefix = prefixes[dice.roll(prefixes.count)]
            switch dice.roll(10) {
            case 0:
                // The session is lost, and the neighbor may be restarting.
                tables.removeStale(from: one, .ipv4)
                tables.markStale(from: one, .ipv4)
                kept = fresh
                fresh = []
            case 1:
                tables.removeStale(from: one, .ipv4)
                kept = []
            case 2 where dice.roll(3) == 0:
                tables.removeAll(from: one, .ipv4)
                (fresh, kept) = ([], [])
            case 3:
                tables.withdraw(prefix, from: one)
                fresh.remove(prefix)
                kept.remove(prefix)
            case 4, 5:
                _ = tables.work(units: dice.roll(30))
            default:
                tables.announce(prefix, 1, TestSet(med: UInt32(dice.roll(2))))
                fresh.insert(prefix)
                kept.remove(prefix)
            }
            #expect(Int(tables.ipv4.counts(of: one).fresh) == fresh.count)
            #expect(Set(stale(tables, one)) == kept)
        }
        tables.finishWork(units: 3)
        let left = prefixes.filter { tables.ipv4.find($0) != nil }
        #expect(Set(left) == fresh.union(kept))
        tables.removeAll(from: one, .ipv4)
        tables.finishWork()
        #expect(tables.ipv4.pathCount == 0 && tables.attributes.count == 0)
    }

    @Test func `however many routes are stale, they are marked at once and removed in slices`() {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        tables.setNeighbor(one, facts(1))
        for number in 0..<20_000 {
            tables.announce(IPPrefix(ipv4: UInt32(number) << 12, length: 24), 1, TestSet())
        }
        tables.markStale(from: one, .ipv4)
        tables.removeStale(from: one, .ipv4)
        #expect(tables.ipv4.pathCount == 20_000)
        let isMoreLeft = tables.work(units: 500)
        #expect(isMoreLeft)
        #expect(tables.ipv4.pathCount == 19_500)
    }
}
