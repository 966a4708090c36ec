import Addressing
import Attributes
import Tables

/// The knobs and the neighbors, as the decision process reads them.
final class DecisionProcess {
    var rules: DecisionRules
    var neighbors: [NeighborFacts?] = []

    init(rules: DecisionRules) {
        self.rules = rules
    }
}

/// A path that ties for the best up to ORIGIN.
struct Contender {
    var candidate: Candidate
    var path: UInt32
    var before: UInt32
}

/// The lowest MED among the contenders from one neighbor AS.
struct MEDGroup {
    var neighborAS: UInt32
    var med: UInt32
}

extension RouteTable {
    /// The path as the decision process sees it; nil where it takes no part.
    func candidate(_ path: UInt32) -> Candidate? {
        let row = paths[path]
        var candidate = candidate(of: row)
        if row.flags & PathRow.pathIDMask != 0 { candidate?.pathID = pathIDs[path] }
        return candidate
    }

    /// A path as the decision process sees it, with path identifier 0; nil where it takes no part.
    func candidate(of row: PathRow) -> Candidate? {
        guard row.effective != .none,
            let neighbor = process.neighbors[Int(row.neighbor.number)]
        else { return nil }
        let facts = attributes.rows[row.effective.row].facts
        guard isEligible(row, facts) else { return nil }
        var candidate = Candidate(address: neighbor.address)
        if row.neighbor != .local {
            candidate.nextHopCost =
                attributes.nextHops.rows[Int(facts.nextHop.row)].state.metric
        }
        candidate.isInternal = neighbor.isInternal
        candidate.origin = facts.origin
        candidate.clusterCount = facts.clusterCount
        candidate.pathLength = facts.pathLength
        candidate.localPreference = facts.localPreference
        candidate.med = facts.med
        candidate.neighborAS = facts.neighborAS.value
        candidate.weight = facts.marks.weight
        candidate.lastUpdate = row.lastUpdate
        candidate.identifier = neighbor.identifier
        if facts.flags.contains(.hasOriginatorID),
            let originator = attributes.originatorID(row.effective)
        {
            candidate.identifier = originator
        }
        return candidate
    }

    /// True where a path with those facts takes part in the decision.
    func isEligible(_ row: PathRow, _ facts: AttributeFacts) -> Bool {
        guard !row.isRefused, process.neighbors[Int(row.neighbor.number)] != nil else {
            return false
        }
        if row.neighbor == .local { return true }
        return facts.nextHop != .none
            && attributes.nextHops.rows[Int(facts.nextHop.row)].state.isReachable
    }

    /// True where a path that is not the best beats the best one, or there is none.
    func beatsBest(_ path: UInt32, _ row: UInt32) -> Bool {
        guard let candidate = candidate(path) else { return false }
        let head = prefixes.heads[row]
        guard head.hasBest != 0, let best = self.candidate(head.first)
        else { return true }
        return process.rules.compare(candidate, best).leftWins
    }

    /// True where taking this path away may change the best path although it is another one.
    ///
    /// A path can keep others of its neighbor AS out by MED that would beat the best path of another
    /// AS. Only one that ties with the best up to ORIGIN takes part in that.
    func mayShadow(_ path: UInt32, _ row: UInt32) -> Bool {
        let head = prefixes.heads[row]
        guard !process.rules.comparesMEDAlways, head.hasBest != 0, head.first != path,
            let candidate = candidate(path)
        else { return false }
        guard let best = self.candidate(head.first) else { return true }
        return candidate.tiesUpToOrigin(with: best)
            && process.rules.medAS(candidate) != process.rules.medAS(best)
    }

    /// Finds the best path of a prefix anew and puts it at the head of the list.
    ///
    /// Three passes, whatever the order of arrival: what ties for the best up to ORIGIN; of those, what
    /// has the lowest MED of its neighbor AS; of those, the one that wins the later steps.
    func select(_ row: UInt32) {
        gatherContenders(row)
        guard !contenders.isEmpty else {
            prefixes.heads[row].hasBest = 0
            return
        }
        if contenders.count > 1 { gatherMEDGroups(process.rules) }
        var best = -1
        for position in contenders.indices where isBestOfGroup(position, process.rules) {
            if best < 0
                || process.rules.compare(
                    contenders[position].candidate,
                    contenders[best].candidate
                ).leftWins
            {
                best = position
            }
        }
        moveToHead(contenders[best].path, after: contenders[best].before, of: row)
        prefixes.heads[row].hasBest = 1
    }

    func gatherContenders(_ row: UInt32) {
        if !contenders.isEmpty { contenders.removeAll(keepingCapacity: true) }
        var before = PrefixHead.noPath
        var path = prefixes.heads[row].first
        while path != PrefixHead.noPath {
            if let candidate = candidate(path) {
                let verdict =
                    contenders.isEmpty
                    ? 0 : candidate.comparedUpToOrigin(with: contenders[0].candidate)
                if verdict < 0 { contenders.removeAll(keepingCapacity: true) }
                if verdict <= 0 {
                    contenders.append(Contender(candidate: candidate, path: path, before: before))
                }
            }
            before = path
            path = paths[path].next
        }
    }

    func gatherMEDGroups(_ rules: DecisionRules) {
        medGroups.removeAll(keepingCapacity: true)
        for position in contenders.indices {
            let candidate = contenders[position].candidate
            let number = rules.medAS(candidate)
            if let group = medGroups.firstIndex(where: { $0.neighborAS == number }) {
                medGroups[group].med = min(medGroups[group].med, candidate.med)
            } else {
                medGroups.append(MEDGroup(neighborAS: number, med: candidate.med))
            }
        }
    }

    func isBestOfGroup(_ position: Int, _ rules: DecisionRules) -> Bool {
        if contenders.count == 1 { return true }
        let candidate = contenders[position].candidate
        let number = rules.medAS(candidate)
        return medGroups.contains { $0.neighborAS == number && $0.med == candidate.med }
    }

    func moveToHead(_ path: UInt32, after before: UInt32, of row: UInt32) {
        guard before != PrefixHead.noPath else { return }
        paths[before].next = paths[path].next
        paths[path].next = prefixes.heads[row].first
        prefixes.heads[row].first = path
    }
}
