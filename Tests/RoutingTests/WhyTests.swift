import Addressing
import Attributes
import Routing
import Testing

/// A random prefix of up to eight neighbors, and the same said without the tables.
private struct Contest: ~Copyable {
    var rules: DecisionRules
    var sets: [Int: TestSet] = [:]
    var refused: Set<Int> = []
    var tables: RoutingTables
    let prefix = ipv4("198.51.100.0/24")

    init(seed: UInt64) {
        var dice = Dice(state: seed)
        rules = DecisionRules(ownAS: ASNumber(65000))
        rules.comparesMEDAlways = seed % 4 == 0
        rules.evaluatesAge = seed % 3 == 0
        tables = RoutingTables(rules: rules)
        for neighbor in 1...8 {
            tables.setNeighbor(NeighborID(UInt16(neighbor)), facts(neighbor))
            if dice.roll(6) == 0 { continue }
            let set = TestSet(
                localPreference: UInt32(100 + dice.roll(5) / 4),
                path: (0...dice.roll(5) / 4).map { _ in UInt32(65001 + dice.roll(3)) },
                origin: UInt8(dice.roll(6) / 5),
                med: UInt32(dice.roll(3) * 10)
            )
            let isRefused = dice.roll(6) == 0
            if isRefused { refused.insert(neighbor) }
            sets[neighbor] = set
            tables.announce(
                prefix,
                neighbor,
                set,
                flags: isRefused ? .filtered : [],
                now: UInt32(dice.roll(3))
            )
        }
    }

    /// The paths that take part, by neighbor.
    func candidates() -> [Int: Candidate] {
        var result: [Int: Candidate] = [:]
        guard let id = tables.ipv4.find(prefix) else { return [:] }
        tables.ipv4.forEachPath(id) { path in
            let number = Int(path.neighbor.number)
            guard !refused.contains(number), let set = sets[number] else { return }
            result[number] = set.candidate(facts(number), time: path.lastUpdate)
        }
        return result
    }

    /// Within which MED counts.
    func group(_ candidate: Candidate) -> UInt32 {
        rules.comparesMEDAlways ? 0 : candidate.neighborAS
    }

    /// What an operator would find with a pencil: who leaves at which step, to whom.
    func verdict(of number: Int, best: Int) -> (step: DecisionStep, to: Int) {
        let all = candidates()
        guard let own = all[number], let winner = all[best] else { return (.same, 0) }
        if own.localPreference != winner.localPreference { return (.localPreference, best) }
        if own.pathLength != winner.pathLength { return (.pathLength, best) }
        if own.origin != winner.origin { return (.origin, best) }
        let lower = all.filter { _, other in
            other.localPreference == own.localPreference && other.pathLength == own.pathLength
                && other.origin == own.origin && group(other) == group(own) && other.med < own.med
        }
        if !lower.isEmpty {
            if lower[best] != nil { return (.med, best) }
            let least = lower.values.map(\.med).min()
            let names = lower.filter { $0.value.med == least }.keys
            return (.med, names.min { later(all, $0, $1) } ?? 0)
        }
        if own.isInternal != winner.isInternal { return (.external, best) }
        if rules.evaluatesAge, own.lastUpdate != winner.lastUpdate { return (.age, best) }
        return (.identifier, best)
    }

    /// Better by the steps behind MED.
    private func later(_ all: [Int: Candidate], _ left: Int, _ right: Int) -> Bool {
        guard let one = all[left], let other = all[right] else { return false }
        if one.isInternal != other.isInternal { return !one.isInternal }
        if rules.evaluatesAge, one.lastUpdate != other.lastUpdate {
            return one.lastUpdate < other.lastUpdate
        }
        return one.identifier < other.identifier
    }

    /// The best one, pairs compared one by one.
    func best() -> Int? {
        let all = candidates()
        let left = all.filter { _, own in
            !all.contains { _, other in
                if other.localPreference != own.localPreference {
                    return other.localPreference > own.localPreference
                }
                if other.pathLength != own.pathLength { return other.pathLength < own.pathLength }
                if other.origin != own.origin { return other.origin < own.origin }
                return group(other) == group(own) && other.med < own.med
            }
        }
        return left.keys.min { later(all, $0, $1) }
    }
}

struct WhyTests {
    @Test func `every path of 3,000 random prefixes lost at the step that a pencil finds`() {
        var steps: [DecisionStep: Int] = [:]
        var others = 0
        for seed in 1...3000 as ClosedRange<UInt64> {
            let contest = Contest(seed: seed)
            guard let id = contest.tables.ipv4.find(contest.prefix) else { continue }
            let best = contest.best()
            #expect(contest.tables.ipv4.best(id).map { Int($0.neighbor.number) } == best)
            let ranking = contest.tables.ranking(id, .ipv4)
            #expect(ranking.count == contest.sets.count)
            for (place, ranked) in ranking.enumerated() {
                let number = Int(ranked.path.neighbor.number)
                switch ranked.verdict {
                case .best: #expect(number == best && place == 0 && ranked.path.isBest)
                case .refused: #expect(contest.refused.contains(number))
                case .unreachable: Issue.record("all next hops are reachable")
                case .lost(let loss):
                    let expected = contest.verdict(of: number, best: best ?? 0)
                    let isRight =
                        loss.step == expected.step
                        && loss.winner == NeighborID(UInt16(expected.to))
                        && loss.own == contest.candidates()[number]
                        && loss.other == contest.candidates()[expected.to]
                    #expect(isRight, "seed \(seed), neighbor \(number): \(loss.step)")
                    steps[loss.step, default: 0] += 1
                    if expected.to != best { others += 1 }
                    if loss.step == .med {
                        #expect((loss.medAS == nil) == contest.rules.comparesMEDAlways)
                    }
                }
            }
        }
        for step in [
            .localPreference, .pathLength, .origin, .med, .external, .age, .identifier,
        ] as [DecisionStep] {
            #expect(steps[step, default: 0] > 50, "\(step)")
        }
        #expect(others > 50)
    }

    @Test func `what the departure of a neighbor does is what was said before`() {
        for seed in 1...2000 as ClosedRange<UInt64> {
            let contest = Contest(seed: seed)
            guard let id = contest.tables.ipv4.find(contest.prefix) else { continue }
            let neighbor = NeighborID(UInt16(seed % 8 + 1))
            let before = contest.tables.ipv4.best(id)?.neighbor
            let said = contest.tables.departure(id, .ipv4, of: neighbor)
            let listener = contest.tables.addListener()
            contest.tables.removeAll(from: neighbor, .ipv4)
            contest.tables.finishWork()
            contest.tables.removeListener(listener)
            let after = contest.tables.ipv4.find(contest.prefix).flatMap {
                contest.tables.ipv4.best($0)?.neighbor
            }
            let seen: Departure
            if before == after {
                seen = .nothing
            } else if let before {
                seen = after.map { .moved(from: before, to: $0) } ?? .unreachable(from: before)
            } else {
                seen = .nothing
            }
            #expect(said == seen, "seed \(seed)")
        }
    }
}
