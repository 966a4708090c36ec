import Addressing
import Attributes
import Tables

extension RouteTable {
    /// All paths of a prefix from the best to the worst, each with the step at which it lost.
    ///
    /// The ranking takes the best path out and decides among the rest, until none is left; what takes no
    /// part stands at the end.
    func ranking(
        _ row: UInt32,
        _ attributes: borrowing AttributeStore,
        _ process: borrowing DecisionProcess
    ) -> [RankedPath] {
        var part: [UInt32] = []
        var candidates: [Candidate] = []
        var outside: [RankedPath] = []
        let head = prefixes.heads[row]
        var path = head.first
        while path != PrefixHead.noPath {
            if let candidate = candidate(of: paths[path], attributes, process) {
                part.append(path)
                candidates.append(candidate)
            } else {
                let verdict: RankedPath.Verdict = paths[path].isRefused ? .refused : .unreachable
                outside.append(RankedPath(path: view(path, isBest: false), verdict: verdict))
            }
            path = paths[path].next
        }
        guard !part.isEmpty else { return outside }
        let rules = process.rules
        let best = rules.best(of: candidates)
        var rest = Array(part.indices)
        var ranked: [RankedPath] = []
        while !rest.isEmpty {
            let place = rest.remove(at: rules.best(of: rest.map { candidates[$0] }))
            let isBest = place == best && head.hasBest != 0 && head.first == part[place]
            ranked.append(
                RankedPath(
                    path: view(part[place], isBest: isBest),
                    verdict: place == best
                        ? .best : .lost(loss(of: place, among: candidates, part, best, rules))
                )
            )
        }
        return ranked + outside
    }

    private func loss(
        of place: Int,
        among candidates: [Candidate],
        _ part: [UInt32],
        _ best: Int,
        _ rules: DecisionRules
    ) -> RankedPath.Loss {
        let (step, winner) = rules.loss(of: place, among: candidates, best: best)
        return RankedPath.Loss(
            step: step,
            winner: paths[part[winner]].neighbor,
            own: candidates[place],
            other: candidates[winner],
            medAS: rules.comparesMEDAlways ? nil : ASNumber(rules.medAS(candidates[place]))
        )
    }

    /// What would become of the best path of a prefix without the paths of a neighbor.
    func departure(
        _ row: UInt32,
        of neighbor: NeighborID,
        _ attributes: borrowing AttributeStore,
        _ process: borrowing DecisionProcess
    ) -> Departure {
        let head = prefixes.heads[row]
        guard head.hasBest != 0 else { return .nothing }
        var part: [UInt32] = []
        var candidates: [Candidate] = []
        var path = head.first
        while path != PrefixHead.noPath {
            if paths[path].neighbor != neighbor,
                let candidate = candidate(of: paths[path], attributes, process)
            {
                part.append(path)
                candidates.append(candidate)
            }
            path = paths[path].next
        }
        let from = paths[head.first].neighbor
        guard !part.isEmpty else { return .unreachable(from: from) }
        let next = part[process.rules.best(of: candidates)]
        return next == head.first ? .nothing : .moved(from: from, to: paths[next].neighbor)
    }
}

/// What the departure of a neighbor would do to a prefix.
package enum Departure: Equatable, Sendable {
    /// The best path stays, or there is none.
    case nothing
    case moved(from: NeighborID, to: NeighborID)
    /// No path would be left that can be the best one.
    case unreachable(from: NeighborID)
}
