package import Addressing
import Attributes
import Tables

/// A path that the decision process holds for as good as the best one up to a step.
package struct TiedPath: Equatable, Sendable, BitwiseCopyable {
    /// The path.
    package var path: PathView
    /// It ties in step 8 too: in the ECMP set; else in the as-wide-best set alone, which ends after step 6.
    package var isEqualCost: Bool
}

extension RoutingTables {
    /// The as-wide-best set of a prefix, the best path first, then by the steps that follow (D1).
    ///
    /// Whatever the order of arrival: what ties for the best up to ORIGIN, has the lowest MED of its neighbor
    /// AS, and is external or internal as the best path is. Those that tie in weight and next-hop cost too
    /// are the ECMP set.
    package func ties(of prefix: PrefixID, _ family: AddressFamily) -> [TiedPath] {
        table(family).ties(of: prefix.row)
    }

    /// The paths of a prefix that take part in the decision, from the best to the worst.
    package func ranked(_ prefix: PrefixID, _ family: AddressFamily) -> [PathView] {
        table(family).ranked(prefix.row)
    }
}

extension RouteTable {
    func ties(of row: UInt32) -> [TiedPath] {
        let head = prefixes.heads[row]
        guard head.hasBest != 0 else { return [] }
        if paths[head.first].next == PrefixHead.noPath {
            return [TiedPath(path: view(head.first, isBest: true), isEqualCost: true)]
        }
        gatherContenders(row)
        if contenders.count > 1 { gatherMEDGroups(process.rules) }
        let rules = process.rules
        guard let best = contenders.first(where: { $0.path == head.first })?.candidate else {
            return []
        }
        var tied = contenders.indices.filter {
            contenders[$0].candidate.isInternal == best.isInternal && isBestOfGroup($0, rules)
        }
        // MED tells none of these apart: the comparison puts them in one order.
        tied.sort { rules.compare(contenders[$0].candidate, contenders[$1].candidate).leftWins }
        return tied.map { position in
            let contender = contenders[position]
            return TiedPath(
                path: view(contender.path, isBest: contender.path == head.first),
                isEqualCost: contender.candidate.weight == best.weight
                    && (!rules.comparesNextHopCost
                        || contender.candidate.nextHopCost == best.nextHopCost)
            )
        }
    }
}
