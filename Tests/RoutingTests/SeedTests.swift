import Addressing
import Attributes
import Routing
import Testing

/// What the seed of the hashes changes: nothing that can be seen.
struct SeedTests {
    /// The prefixes in the order in which a listener is told of them, then those of two pages.
    private func life(seed: UInt64) -> [IPPrefix] {
        var dice = Dice(state: 5)
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)), seed: seed)
        for number in 1...3 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        let listener = tables.addListener()
        var told: [IPPrefix] = []
        for step in 0..<8000 {
            let bits = UInt64(dice.roll(3000))
            let length = UInt8(48 + dice.roll(81))
            let prefix =
                step % 2 == 0
                ? IPPrefix(ipv4: UInt32(bits) << 12, length: UInt8(20 + dice.roll(13)))
                : IPPrefix(
                    IPAddress(ipv6High: 0x2001_0DB8_0000_0000 | bits, low: bits << 40),
                    length: length
                )
            let neighbor = 1 + dice.roll(3)
            if dice.roll(4) > 0 {
                tables.announce(
                    prefix,
                    neighbor,
                    TestSet(med: UInt32(dice.roll(50)), nextHop: UInt32(dice.roll(20)))
                )
            } else {
                tables.withdraw(prefix, from: NeighborID(UInt16(neighbor)))
            }
            guard step % 100 == 99 else { continue }
            while let id = tables.takeChange(.ipv4, for: listener) {
                told.append(tables.ipv4.prefix(id))
            }
            while let id = tables.takeChange(.ipv6, for: listener) {
                told.append(tables.ipv6.prefix(id))
            }
        }
        for family in AddressFamily.allCases {
            _ = tables.page(family, of: .all, from: .first, limit: 1)
        }
        tables.finishWork()
        let first = tables.page(.ipv4, of: .all, from: .first, limit: 500)
        told += first.prefixes.map { tables.ipv4.prefix($0) }
        let last = tables.page(.ipv6, of: .all, from: .last, limit: 500)
        told += last.prefixes.map { tables.ipv6.prefix($0) }
        return told
    }

    @Test(arguments: [2, 3, .max] as [UInt64])
    func `the order in which changes are told and pages stand is the same with any seed`(
        seed: UInt64
    ) {
        let told = life(seed: 1)
        #expect(told.count > 5000)
        #expect(life(seed: seed) == told)
    }
}
