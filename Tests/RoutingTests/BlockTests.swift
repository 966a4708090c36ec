import Addressing
import Attributes
import Routing
import Testing

/// Prefixes announced in blocks, beside the same ones announced one by one.
struct BlockTests {
    private static func tables() -> RoutingTables {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        for number in 1...4 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        return tables
    }

    private static func pool(_ family: AddressFamily, _ dice: inout Dice) -> [IPPrefix] {
        (0..<120).map { _ in
            family == .ipv4
                ? IPPrefix(ipv4: UInt32(dice.roll(1 << 30)) << 2, length: UInt8(8 + dice.roll(25)))
                : IPPrefix(
                    IPAddress(ipv6High: 0x2001_0DB8_0000_0000 | UInt64(dice.roll(1 << 20)), low: 0),
                    length: UInt8(40 + dice.roll(25))
                )
        }
    }

    private static func summary(
        _ table: RouteTable,
        _ attributes: AttributeStore
    ) -> [String] {
        var lines: [String] = []
        var cursor: UInt32 = 0
        while let id = table.nextPrefix(from: &cursor) {
            var line = "\(table.prefix(id))"
            table.forEachPath(id) { path in
                let set = path.effective == .none ? [] : attributes.bytes(path.effective)
                line +=
                    " \(path.neighbor.number) \(path.isBest) \(path.flags.rawValue) \(path.lastUpdate) \(set)"
            }
            lines.append(line)
        }
        return lines.sorted()
    }

    @Test(arguments: [1, 2, 3, 4] as [UInt64])
    func `a block leaves what an announcement for each of its prefixes leaves`(seed: UInt64) {
        var dice = Dice(state: seed)
        let single = Self.tables()
        let block = Self.tables()
        let pools = [Self.pool(.ipv4, &dice), Self.pool(.ipv6, &dice)]
        for step in 0..<400 {
            let number = 1 + dice.roll(4)
            let set = TestSet(
                path: (0...dice.roll(2)).map { _ in UInt32(65001 + dice.roll(3)) },
                med: UInt32(dice.roll(3)),
                nextHop: UInt32(1 + dice.roll(2))
            )
            let pool = pools[dice.roll(2)]
            // Some of them twice in one block, and blocks longer than a slice.
            let prefixes = (0..<(1 + dice.roll(150))).map { _ in pool[dice.roll(pool.count)] }
            let flags: PathFlags = dice.roll(4) == 0 ? .filtered : []
            if dice.roll(4) == 0 {
                for prefix in prefixes {
                    let left = single.withdraw(prefix, from: NeighborID(UInt16(number)))
                    let right = block.withdraw(prefix, from: NeighborID(UInt16(number)))
                    #expect(left == right)
                }
            } else {
                // One run, or two with other attributes.
                let sets = [set, TestSet(path: [65001], med: UInt32(dice.roll(3)), nextHop: 1)]
                let cut = dice.roll(2) == 0 ? prefixes.count : dice.roll(prefixes.count)
                for (place, prefix) in prefixes.enumerated() {
                    let set = sets[place < cut ? 0 : 1]
                    single.announce(prefix, number, set, flags: flags, now: UInt32(step))
                }
                block.announce(prefixes, cut, number, sets, flags: flags, now: UInt32(step))
            }
            if dice.roll(10) == 0 {
                single.finishWork()
                block.finishWork()
            }
        }
        #expect(
            Self.summary(single.ipv4, single.attributes)
                == Self.summary(block.ipv4, block.attributes)
        )
        #expect(
            Self.summary(single.ipv6, single.attributes)
                == Self.summary(block.ipv6, block.attributes)
        )
        #expect(single.attributes.totalReferences == block.attributes.totalReferences)
        for number in 1...4 {
            let id = NeighborID(UInt16(number))
            #expect(single.ipv4.counts(of: id) == block.ipv4.counts(of: id))
            #expect(single.ipv6.counts(of: id) == block.ipv6.counts(of: id))
            block.removeAll(from: id, .ipv4)
            block.removeAll(from: id, .ipv6)
        }
        block.finishWork()
        #expect(block.attributes.totalReferences == 0)
        #expect(block.ipv4.prefixCount + block.ipv6.prefixCount == 0)
    }

    @Test
    func `routes through a next hop that is not reachable have no best path in a block either`() {
        let tables = Self.tables()
        let id = tables.attributes.intern(TestSet().bytes.span)
        _ = tables.attributes.nextHops.takeNews()
        tables.ipv4.announce(
            [ipv4("10.0.0.0/8"), ipv4("11.0.0.0/8")].span,
            [RouteRun(end: 2, received: id, effective: id)].span,
            from: NeighborID(1),
            now: 0
        )
        #expect(tables.ipv4.prefixCount == 2)
        #expect(tables.ipv4.bestCount == 0)
        #expect(tables.ipv4.counts(of: NeighborID(1)).accepted == 2)
        #expect(tables.ipv4.counts(of: NeighborID(1)).best == 0)
    }
}

extension RoutingTables {
    /// Announces the first of two test sets for prefixes of one family up to `cut`, the other from there on, in one block.
    fileprivate func announce(
        _ prefixes: [IPPrefix],
        _ cut: Int,
        _ neighbor: Int,
        _ sets: [TestSet],
        flags: PathFlags,
        now: UInt32
    ) {
        let ids = sets.map { attributes.intern($0.bytes.span) }
        resolveNews()
        var runs = [(ids[0], cut), (ids[1], prefixes.count)].map { id, end in
            RouteRun(
                end: end,
                received: id,
                effective: flags.contains(.filtered) ? .none : id,
                flags: flags
            )
        }
        runs.removeAll { $0.end == 0 }
        if cut == prefixes.count { runs.removeLast() }
        table(prefixes[0].family).announce(
            prefixes.span,
            runs.span,
            from: NeighborID(UInt16(neighbor)),
            now: now
        )
        for id in ids { attributes.release(id) }
    }
}
