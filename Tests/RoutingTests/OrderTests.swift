import Addressing
import Attributes
import Testing

@testable import Routing

struct OrderTests {
    /// Tables of `count` prefixes from neighbor 1, every tenth also from neighbor 2.
    private func makeTables(
        _ count: Int,
        seed: UInt64,
        family: AddressFamily,
        sorted: inout [IPPrefix]
    ) -> RoutingTables {
        var dice = Dice(state: seed)
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        for number in 1...2 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        var prefixes: Set<IPPrefix> = []
        while prefixes.count < count {
            let bits = UInt32(dice.roll(1 << 28)) << 4
            let prefix =
                family == .ipv4
                ? IPPrefix(ipv4: bits, length: UInt8(16 + dice.roll(13)))
                : IPPrefix(
                    IPAddress(ipv6High: 0x2A00_0000_0000_0000 | UInt64(bits) << 10, low: 0),
                    length: UInt8(28 + dice.roll(28))
                )
            if !prefixes.insert(prefix).inserted { continue }
            tables.announce(prefix, 1, TestSet())
            if prefixes.count % 10 == 0 { tables.announce(prefix, 2, TestSet(path: [1, 2])) }
        }
        sorted = prefixes.sorted()
        return tables
    }

    private func names(_ page: RoutePage, _ table: RouteTable) -> [IPPrefix] {
        page.prefixes.map { table.prefix($0) }
    }

    @Test(arguments: AddressFamily.allCases)
    func `pages in either direction are slices of the sorted prefixes`(family: AddressFamily) {
        var sorted: [IPPrefix] = []
        let tables = makeTables(10_000, seed: 7, family: family, sorted: &sorted)
        let first = tables.page(family, of: .all, from: .first, limit: 10)
        #expect(first.progress < 1)
        tables.finishWork(units: 500)
        func page(_ start: PageStart, _ limit: Int = 60) -> (RoutePage, [IPPrefix]) {
            let page = tables.page(family, of: .all, from: start, limit: limit)
            return (page, family == .ipv4 ? names(page, tables.ipv4) : names(page, tables.ipv6))
        }
        #expect(page(.first).1 == Array(sorted.prefix(60)))
        #expect(page(.last).1 == Array(sorted.suffix(60)))
        #expect(page(.at(sorted[500])).1 == Array(sorted[500..<560]))
        #expect(page(.after(sorted[500])).1 == Array(sorted[501..<561]))
        #expect(page(.before(sorted[500])).1 == Array(sorted[440..<500]))
        #expect(page(.before(sorted[20])).1 == Array(sorted[0..<20]))
        let (middle, shown) = page(.fraction(0.37))
        #expect(middle.progress == 1 && middle.total == 10_000)
        #expect(shown == Array(sorted[middle.position..<middle.position + 60]))
        #expect(abs(middle.position - 3700) < 300)
        #expect(abs(tables.position(of: sorted[2500], in: .all) - 0.25) < 0.001)
    }

    @Test func `prefixes that come and go while the order is there are seen at once`() {
        var sorted: [IPPrefix] = []
        let tables = makeTables(9000, seed: 3, family: .ipv4, sorted: &sorted)
        _ = tables.page(.ipv4, of: .all, from: .first, limit: 1)
        tables.finishWork()
        let gone = Set(sorted.enumerated().filter { $0.offset % 3 != 0 }.map(\.element))
        for prefix in gone {
            tables.withdraw(prefix, from: NeighborID(1))
            tables.withdraw(prefix, from: NeighborID(2))
        }
        let added = (0..<100).map { IPPrefix(ipv4: 0xF000_0000 + UInt32($0) << 8, length: 24) }
        for prefix in added { tables.announce(prefix, 1, TestSet()) }
        sorted = (sorted.filter { !gone.contains($0) } + added).sorted()
        let all = tables.page(.ipv4, of: .all, from: .first, limit: 20_000)
        #expect(names(all, tables.ipv4) == sorted)
        // Merges leave the vacant rows out and give them back.
        let before = tables.ipv4.endRow
        tables.finishWork(units: 100)
        let purged = tables.page(.ipv4, of: .all, from: .last, limit: 20_000)
        #expect(names(purged, tables.ipv4) == sorted)
        #expect(tables.ipv4.endRow == before)
        for prefix in gone { tables.announce(prefix, 2, TestSet()) }
        #expect(tables.ipv4.endRow == before)
    }

    @Test func `vacant rows that an order names are given back in slices`() {
        var sorted: [IPPrefix] = []
        let tables = makeTables(30_000, seed: 4, family: .ipv4, sorted: &sorted)
        _ = tables.page(.ipv4, of: .all, from: .first, limit: 1)
        tables.finishWork()
        for prefix in sorted {
            for number in 1...2 { tables.withdraw(prefix, from: NeighborID(UInt16(number))) }
        }
        func rowCount() -> Int { tables.ipv4.prefixes.count }
        var before = rowCount()
        var largest = 0
        #expect(before == 30_000)
        while tables.work(units: 100) {
            largest = max(largest, before - rowCount())
            before = rowCount()
        }
        #expect(rowCount() == 0)
        #expect(largest <= 4096)
    }

    @Test func `a neighbor's page holds its prefixes alone`() {
        var sorted: [IPPrefix] = []
        let tables = makeTables(6000, seed: 5, family: .ipv4, sorted: &sorted)
        let few = tables.page(.ipv4, of: .neighbor(NeighborID(2)), from: .first, limit: 10_000)
        #expect(few.total == 600 && few.prefixes.count == 600)
        #expect(names(few, tables.ipv4) == names(few, tables.ipv4).sorted())
        #expect(few.progress == 1)
        _ = tables.page(.ipv4, of: .neighbor(NeighborID(1)), from: .first, limit: 1)
        tables.finishWork()
        let many = tables.page(.ipv4, of: .neighbor(NeighborID(1)), from: .last, limit: 60)
        #expect(names(many, tables.ipv4) == Array(sorted.suffix(60)))
    }

    @Test func `a scope inside a prefix ends with it, and a short scan says where to go on`() {
        var sorted: [IPPrefix] = []
        let tables = makeTables(3000, seed: 9, family: .ipv4, sorted: &sorted)
        let outer = ipv4("64.0.0.0/3")
        let inside = sorted.filter { outer.covers($0) }
        let page = tables.page(.ipv4, of: .inside(outer), from: .first, limit: 10_000)
        #expect(names(page, tables.ipv4) == inside && page.total == inside.count)
        let short = tables.page(
            .ipv4,
            of: .all,
            from: .first,
            limit: 10,
            scanLimit: 100,
            where: { _, _ in false }
        )
        #expect(short.prefixes.isEmpty && short.resume == sorted[99])
    }

    @Test func `the longest match climbs to the next covering prefix with a best path`() throws {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        tables.setNeighbor(NeighborID(1), facts(1))
        tables.announce(ipv4("10.0.0.0/8"), 1, TestSet())
        tables.announce(ipv4("10.1.0.0/16"), 1, TestSet(), flags: .filtered)
        tables.announce(ipv4("10.1.2.0/24"), 1, TestSet())
        func match(_ text: String, _ scope: RouteTable.MatchScope) -> String? {
            tables.ipv4.longestMatch(ipv4(text), scope).map { tables.ipv4.prefix($0).description }
        }
        #expect(match("10.1.2.3/32", .best) == "10.1.2.0/24")
        #expect(match("10.1.3.3/32", .best) == "10.0.0.0/8")
        #expect(match("10.1.3.3/32", .any) == "10.1.0.0/16")
        #expect(match("11.0.0.1/32", .any) == nil)
        #expect(
            tables.ipv4.covering(ipv4("10.1.2.0/24")).map { tables.ipv4.prefix($0).description }
                == ["10.1.2.0/24", "10.1.0.0/16", "10.0.0.0/8"]
        )
    }
}
