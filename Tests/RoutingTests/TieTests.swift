import Addressing
import Attributes
import Routing
import Testing

/// The sets of paths that are as good as the best one (D1).
struct TieTests {
    private let prefix = ipv4("198.51.100.0/24")

    /// The ties of a prefix by neighbor, those of the ECMP set marked.
    private func ties(_ tables: RoutingTables) throws -> [String] {
        let found = tables.ipv4.find(prefix)
        return tables.ties(of: try #require(found), .ipv4).map {
            "\($0.path.neighbor.number)\($0.path.isBest ? ">" : "")\($0.isEqualCost ? "m" : "w")"
        }
    }

    /// The same from the definition: nobody is better up to MED, and the best path is of the same kind.
    private func expected(_ sets: [Int: TestSet], _ rules: DecisionRules) -> [String] {
        var candidates: [(number: Int, candidate: Candidate)] = []
        for (number, set) in sets {
            candidates.append((number, set.candidate(facts(number), time: 0)))
        }
        candidates.sort { $0.number < $1.number }
        let winner = candidates[rules.best(of: candidates.map(\.candidate))]
        let wide = candidates.filter { mine in
            let isBeaten = candidates.contains { other in
                let verdict = rules.compare(other.candidate, mine.candidate)
                return verdict.leftWins && verdict.step.rawValue <= DecisionStep.med.rawValue
            }
            return !isBeaten && mine.candidate.isInternal == winner.candidate.isInternal
        }
        // MED tells none of them apart, so each comparison is one of the later steps.
        return wide.sorted { rules.compare($0.candidate, $1.candidate).leftWins }.map {
            "\($0.number)\($0.number == winner.number ? ">" : "")m"
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `the sets are the same in any order of arrival`(seed: UInt64) throws {
        var dice = Dice(state: seed)
        var rules = DecisionRules(ownAS: ASNumber(65000))
        rules.comparesMEDAlways = seed % 3 == 0
        for _ in 0..<10 {
            var sets: [Int: TestSet] = [:]
            for neighbor in 1...7 {
                sets[neighbor] = TestSet(
                    path: [UInt32(65001 + dice.roll(3))],
                    med: UInt32(dice.roll(3) * 10)
                )
            }
            let right = expected(sets, rules)
            for _ in 0..<20 {
                let tables = RoutingTables(rules: rules)
                var arrivals = Array(1...7)
                for position in arrivals.indices { arrivals.swapAt(position, dice.roll(7)) }
                for neighbor in arrivals {
                    tables.setNeighbor(NeighborID(UInt16(neighbor)), facts(neighbor))
                    tables.announce(prefix, neighbor, sets[neighbor] ?? TestSet())
                }
                let found = try ties(tables)
                #expect(found == right)
            }
        }
    }

    @Test func `weight ends the ECMP set, MED and the kind of neighbor the as-wide one`() throws {
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        // 3 and 6 are internal.
        for number in 1...6 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        tables.announce(prefix, 1, TestSet(path: [10]))
        tables.announce(prefix, 2, TestSet(path: [20]), weight: 5)
        tables.announce(prefix, 3, TestSet(path: [30]))
        tables.announce(prefix, 4, TestSet(path: [40], med: 9), weight: 5)
        tables.announce(prefix, 5, TestSet(path: [40], med: 10), weight: 5)
        #expect(try ties(tables) == ["4>m", "2m", "1w"])
        tables.withdraw(prefix, from: NeighborID(4))
        #expect(try ties(tables) == ["5>m", "2m", "1w"])
    }
}

extension RoutingTables {
    /// Announces a set that policy has given a weight.
    fileprivate func announce(
        _ prefix: IPPrefix,
        _ neighbor: Int,
        _ set: TestSet,
        weight: UInt32
    ) {
        let bytes = set.bytes
        let id = attributes.intern(bytes.span, marks: AttributeMarks(weight: weight))
        resolveNews()
        announce(
            prefix,
            from: NeighborID(UInt16(neighbor)),
            received: id,
            effective: id,
            now: 0
        )
        attributes.release(id)
    }
}
