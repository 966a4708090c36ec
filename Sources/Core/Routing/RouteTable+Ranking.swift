import Addressing
import Attributes
import Tables

extension RouteTable {
    /// All paths of a prefix from the best to the worst, each with the step at which it lost.
    ///
    /// What takes no part stands at the end.
    func ranking(_ row: UInt32) -> [RankedPath] {
        let rules = process.rules
        var outside: [RankedPath] = []
        let (part, candidates) = entrants(row) { path in
            let verdict: RankedPath.Verdict = paths[path].isRefused ? .refused : .unreachable
            outside.append(RankedPath(path: view(path, isBest: false), verdict: verdict))
        }
        let order = rules.ranking(of: candidates)
        return order.map { place in
            RankedPath(
                path: view(part[place], isBest: isBest(part[place], row)),
                verdict: place == order[0]
                    ? .best : .lost(loss(of: place, among: candidates, part, order[0], rules))
            )
        } + outside
    }

    /// The paths of a prefix that take part in the decision, from the best to the worst.
    func ranked(_ row: UInt32) -> [PathView] {
        let (part, candidates) = entrants(row)
        return process.rules.ranking(of: candidates).map {
            view(part[$0], isBest: isBest(part[$0], row))
        }
    }

    /// The paths of a prefix that take part, and each as the decision process sees it; `others` is given the rest.
    private func entrants(
        _ row: UInt32,
        others: (UInt32) -> Void = { _ in }
    ) -> (part: [UInt32], candidates: [Candidate]) {
        var part: [UInt32] = []
        var candidates: [Candidate] = []
        var path = prefixes.heads[row].first
        while path != PrefixHead.noPath {
            if let candidate = candidate(path) {
                part.append(path)
                candidates.append(candidate)
            } else {
                others(path)
            }
            path = paths[path].next
        }
        return (part, candidates)
    }

    private func isBest(_ path: UInt32, _ row: UInt32) -> Bool {
        prefixes.heads[row].hasBest != 0 && prefixes.heads[row].first == path
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
    func departure(_ row: UInt32, of neighbor: NeighborID) -> Departure {
        let head = prefixes.heads[row]
        guard head.hasBest != 0 else { return .nothing }
        var part: [UInt32] = []
        var candidates: [Candidate] = []
        var path = head.first
        while path != PrefixHead.noPath {
            if paths[path].neighbor != neighbor,
                let candidate = candidate(path)
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
