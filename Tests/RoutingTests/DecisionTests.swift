import Addressing
import Attributes
import Foundation
import Routing
import Testing

private let vectorFile = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "../shared/data/vectors/decision-process.json").standardized
private let hasVectors = FileManager.default.fileExists(atPath: vectorFile.path)

/// The published vectors: a base path, what it beats, and two rankings by MED.
private struct Vectors: Decodable {
    struct Path: Decodable {
        var what: String?
        var flag: String?
        var valid_nexthop: Bool?
        var localpref: UInt32?
        var as_path_length: UInt16?
        var origin: String?
        var med: UInt32?
        var ebgp: Bool?
        var weight: UInt32?
        var age_s: UInt32?
        var bgp_id: UInt32?
        var peer_address: String?
        var neighbour_as: UInt32?
    }

    struct MED: Decodable {
        var paths: [String: Path]
        var best_first_strict: [String]
        var best_first_always: [String]
    }

    var base: Path
    var base_beats: [Path]
    var med: MED

    static func load() throws -> Vectors {
        try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: vectorFile))
    }
}

extension Candidate {
    fileprivate init(_ path: Vectors.Path, over base: Candidate) {
        self = base
        if path.flag != nil || path.valid_nexthop == false { isEligible = false }
        if let value = path.localpref { localPreference = value }
        if let value = path.as_path_length { pathLength = value }
        if let value = path.origin { origin = ["igp": 0, "egp": 1][value] ?? 2 }
        if let value = path.med { med = value }
        if let value = path.ebgp { isInternal = !value }
        if let value = path.weight { weight = value }
        if let value = path.age_s { lastUpdate = 10_000 - value }
        if let value = path.bgp_id { identifier = value }
        if path.peer_address == "higher" { address.high += 1 << 32 }
        if let value = path.neighbour_as { neighborAS = value }
    }
}

struct DecisionTests {
    @Test(.enabled(if: hasVectors, "../shared/data/vectors is not there: vectors are skipped"))
    func `the base path beats every worse one of the vectors, both ways round`() throws {
        let vectors = try Vectors.load()
        let base = Candidate(vectors.base, over: Candidate(address: IPAddress(ipv4: 0xEF00_0001)))
        var rules = DecisionRules(ownAS: ASNumber(65000))
        rules.evaluatesAge = true
        let steps = vectors.base_beats.map { rules.compare(base, Candidate($0, over: base)).step }
        #expect(
            steps == [
                .eligible, .eligible, .eligible, .localPreference, .pathLength, .origin, .origin,
                .med,
                .external, .weight, .age, .identifier, .neighborAddress,
            ]
        )
        for worse in vectors.base_beats {
            #expect(rules.compare(base, Candidate(worse, over: base)).leftWins, "\(worse)")
            #expect(!rules.compare(Candidate(worse, over: base), base).leftWins, "\(worse)")
        }
    }

    @Test(
        .enabled(if: hasVectors, "../shared/data/vectors is not there: vectors are skipped"),
        arguments: [false, true]
    )
    func `six paths rank by MED as published in all 720 orders of arrival`(always: Bool) throws {
        let med = try Vectors.load().med
        let names = med.best_first_strict.sorted()
        let expected = always ? med.best_first_always : med.best_first_strict
        var rules = DecisionRules(ownAS: ASNumber(65000))
        rules.comparesMEDAlways = always
        let prefix = ipv4("192.0.2.0/24")
        for order in permutations(Array(names.indices)) {
            let tables = RoutingTables(rules: rules)
            for position in order {
                guard let path = med.paths[names[position]] else { continue }
                var set = TestSet(origin: 1, med: path.med ?? 0)
                let length = Int(path.as_path_length ?? 2)
                set.path = [path.neighbour_as ?? 0] + Array(repeating: 9, count: length - 1)
                tables.setNeighbor(
                    NeighborID(UInt16(position + 1)),
                    NeighborFacts(
                        isInternal: false,
                        identifier: path.bgp_id ?? 0,
                        address: IPAddress(ipv4: UInt32(position + 1))
                    )
                )
                tables.announce(prefix, position + 1, set)
            }
            let found = tables.ipv4.find(prefix)
            let id = try #require(found)
            let ranking = tables.ranking(id, .ipv4)
            #expect(ranking.map { names[Int($0.path.neighbor.number) - 1] } == expected)
            #expect(ranking.first?.path.isBest == true)
        }
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8] as [UInt64])
    func `the best path and the ranking are the same in any order of arrival`(seed: UInt64) throws {
        var dice = Dice(state: seed)
        let prefix = ipv4("198.51.100.0/24")
        var sets: [Int: TestSet] = [:]
        for neighbor in 1...7 {
            sets[neighbor] = TestSet(
                path: [UInt32(65001 + dice.roll(3))],
                med: UInt32(dice.roll(3) * 10)
            )
        }
        var seen: Set<[UInt16]> = []
        for _ in 0..<60 {
            let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
            var arrivals = Array(1...7)
            for position in arrivals.indices { arrivals.swapAt(position, dice.roll(7)) }
            for neighbor in arrivals {
                tables.setNeighbor(NeighborID(UInt16(neighbor)), facts(neighbor))
                tables.announce(prefix, neighbor, sets[neighbor] ?? TestSet())
            }
            let found = tables.ipv4.find(prefix)
            let id = try #require(found)
            let ranking = tables.ranking(id, .ipv4)
            #expect(tables.ipv4.best(id)?.neighbor == ranking.first?.path.neighbor)
            seen.insert(ranking.map(\.path.neighbor.number))
        }
        #expect(seen.count == 1)
    }

    @Test func `a path that leaves uncovers what it kept out by MED`() throws {
        // p1 keeps p2 out (same AS, lower MED) and loses to p3; without p1, p2 beats p3.
        let prefix = ipv4("203.0.113.0/24")
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        for (number, identifier) in [(1, 9), (2, 1), (3, 5)] as [(UInt16, UInt32)] {
            tables.setNeighbor(
                NeighborID(number),
                NeighborFacts(
                    isInternal: false,
                    identifier: identifier,
                    address: IPAddress(ipv4: UInt32(number))
                )
            )
        }
        tables.announce(prefix, 1, TestSet(path: [10], med: 10))
        tables.announce(prefix, 2, TestSet(path: [10], med: 20))
        tables.announce(prefix, 3, TestSet(path: [20], med: 0))
        let found = tables.ipv4.find(prefix)
        let id = try #require(found)
        #expect(tables.ipv4.best(id)?.neighbor == NeighborID(3))
        let change = tables.withdraw(prefix, from: NeighborID(1))
        #expect(change == RouteChange(kind: .removed, bestChanged: true))
        #expect(tables.ipv4.best(id)?.neighbor == NeighborID(2))
    }

    @Test func `the ranking names the step at which each path lost, refused ones last`() throws {
        let prefix = ipv4("203.0.113.0/24")
        let tables = RoutingTables(rules: DecisionRules(ownAS: ASNumber(65000)))
        for number in 1...4 { tables.setNeighbor(NeighborID(UInt16(number)), facts(number)) }
        tables.announce(prefix, 1, TestSet(path: [10, 11, 12]))
        tables.announce(prefix, 2, TestSet(localPreference: 50, path: [10]))
        tables.announce(prefix, 3, TestSet(path: [10], origin: 2))
        tables.announce(prefix, 4, TestSet(path: [10]), flags: .filtered)
        let found = tables.ipv4.find(prefix)
        let id = try #require(found)
        let ranking = tables.ranking(id, .ipv4)
        #expect(ranking.map(\.path.neighbor.number) == [3, 1, 2, 4])
        let steps = ranking.map { ranked -> DecisionStep? in
            guard case .lost(let loss) = ranked.verdict else { return nil }
            #expect(loss.winner == NeighborID(3))
            return loss.step
        }
        #expect(steps == [nil, .pathLength, .localPreference, nil])
        #expect(ranking.first?.verdict == .best)
        #expect(ranking.last?.verdict == .refused)
    }
}

private func permutations(_ items: [Int]) -> [[Int]] {
    if items.count <= 1 { return [items] }
    return items.indices.flatMap { position -> [[Int]] in
        var rest = items
        let first = rest.remove(at: position)
        return permutations(rest).map { [first] + $0 }
    }
}
