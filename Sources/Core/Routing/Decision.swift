package import Addressing

/// The steps of the decision process, in order (D1); the raw value is the step's number.
package enum DecisionStep: UInt8, CaseIterable, Comparable, Sendable {
    case eligible = 1
    case localPreference
    case pathLength
    case origin
    case med
    case external
    case weight
    case nextHopCost
    case age
    case identifier
    case clusterList
    case neighborAddress
    case pathID
    /// No step told the two apart: they are one path.
    case same

    package static func < (left: DecisionStep, right: DecisionStep) -> Bool {
        left.rawValue < right.rawValue
    }
}

/// The knobs of the decision process.
package struct DecisionRules: Equatable, Sendable {
    /// `rde med compare always`: MED counts between neighbor ASes too.
    package var comparesMEDAlways = false
    /// `rde route-age evaluate`: the older path wins before the identifiers are looked at.
    package var evaluatesAge = false
    /// The metric of the route that resolves the next hop counts (step 8).
    package var comparesNextHopCost = false
    /// Our own AS, which an empty path or one that begins with an AS_SET counts as.
    package var ownAS: ASNumber

    /// The defaults: strict MED, neither age nor cost.
    package init(ownAS: ASNumber) {
        self.ownAS = ownAS
    }
}

/// One path as the decision process sees it: plain numbers, read once.
package struct Candidate: Equatable, Sendable, BitwiseCopyable {
    package var isEligible = true
    package var isInternal = false
    package var origin: UInt8 = 0
    package var clusterCount: UInt8 = 0
    package var pathLength: UInt16 = 0
    package var localPreference: UInt32 = 100
    package var med: UInt32 = 0
    /// The leftmost AS; 0 for an empty path or one that begins with an AS_SET.
    package var neighborAS: UInt32 = 0
    package var weight: UInt32 = 0
    package var nextHopCost: UInt32 = 0
    /// The second of the last change: the smaller, the older.
    package var lastUpdate: UInt32 = 0
    /// ORIGINATOR_ID, else the neighbor's BGP Identifier.
    package var identifier: UInt32 = 0
    package var address: IPAddress
    package var pathID: UInt32 = 0

    /// A path of the neighbor with that address, everything else at its default.
    package init(address: IPAddress) {
        self.address = address
    }

    /// Negative where this path is the better one by the steps before MED, 0 for a tie.
    func comparedUpToOrigin(with other: Candidate) -> Int {
        if localPreference != other.localPreference {
            return localPreference > other.localPreference ? -1 : 1
        }
        if pathLength != other.pathLength { return pathLength < other.pathLength ? -1 : 1 }
        if origin != other.origin { return origin < other.origin ? -1 : 1 }
        return 0
    }

    func tiesUpToOrigin(with other: Candidate) -> Bool { comparedUpToOrigin(with: other) == 0 }
}

extension DecisionRules {
    /// Which of two paths is better by D1, and the step that decided.
    ///
    /// Between two paths alone; among more, MED can keep a path out that would win such a comparison.
    package func compare(
        _ left: Candidate,
        _ right: Candidate
    ) -> (leftWins: Bool, step: DecisionStep) {
        // 1. A path that takes part.
        if left.isEligible != right.isEligible { return (left.isEligible, .eligible) }
        // 2. The higher LOCAL_PREF.
        if left.localPreference != right.localPreference {
            return (left.localPreference > right.localPreference, .localPreference)
        }
        // 3. The shorter AS path.
        if left.pathLength != right.pathLength {
            return (left.pathLength < right.pathLength, .pathLength)
        }
        // 4. The lower ORIGIN.
        if left.origin != right.origin { return (left.origin < right.origin, .origin) }
        // 5. The lower MED, between paths from the same neighbor AS.
        if left.med != right.med, medAS(left) == medAS(right) {
            return (left.med < right.med, .med)
        }
        // 6. eBGP before iBGP.
        if left.isInternal != right.isInternal { return (!left.isInternal, .external) }
        // 7. The higher weight.
        if left.weight != right.weight { return (left.weight > right.weight, .weight) }
        // 8. The nearer next hop, where that counts.
        if comparesNextHopCost, left.nextHopCost != right.nextHopCost {
            return (left.nextHopCost < right.nextHopCost, .nextHopCost)
        }
        // 9. The older path, where that counts.
        if evaluatesAge, left.lastUpdate != right.lastUpdate {
            return (left.lastUpdate < right.lastUpdate, .age)
        }
        // 10. The lower ORIGINATOR_ID or BGP Identifier.
        if left.identifier != right.identifier {
            return (left.identifier < right.identifier, .identifier)
        }
        // 11. The shorter CLUSTER_LIST.
        if left.clusterCount != right.clusterCount {
            return (left.clusterCount < right.clusterCount, .clusterList)
        }
        // 12. The lower neighbor address, IPv4 before IPv6.
        if left.address != right.address { return (left.address < right.address, .neighborAddress) }
        // 13. The lower path identifier.
        if left.pathID != right.pathID { return (left.pathID < right.pathID, .pathID) }
        return (true, .same)
    }

    /// True where a new path that beats the best one of its prefix at that step beats all others too.
    ///
    /// What had lost to the best path at the step of MED or before need not lose to this one: MED is compared within
    /// an AS alone. With the least MED that there is, or with that of the best path of the same AS, it does.
    func isBestOfAll(
        _ candidate: Candidate,
        over best: Candidate,
        by step: DecisionStep
    ) -> Bool {
        if step < .med || comparesMEDAlways { return true }
        return medAS(candidate) == medAS(best) ? step > .med : candidate.med == 0
    }

    /// The position of the best among eligible paths, whatever their order; there must be one.
    ///
    /// First what ties up to ORIGIN, of that what has the lowest MED of its neighbor AS, of that the
    /// winner of the later steps.
    package func best(of candidates: [Candidate]) -> Int {
        var first = 0
        for position in candidates.indices
        where candidates[position].comparedUpToOrigin(with: candidates[first]) < 0 {
            first = position
        }
        let tied = candidates.indices.filter {
            candidates[$0].tiesUpToOrigin(with: candidates[first])
        }
        var lowestMED: [UInt32: UInt32] = [:]
        if tied.count > 1 {
            for position in tied {
                let med = candidates[position].med
                lowestMED[medAS(candidates[position]), default: med] =
                    min(lowestMED[medAS(candidates[position])] ?? med, med)
            }
        }
        var best = -1
        for position in tied {
            let candidate = candidates[position]
            if let lowest = lowestMED[medAS(candidate)], candidate.med > lowest { continue }
            if best < 0 || compare(candidate, candidates[best]).leftWins { best = position }
        }
        return best
    }

    /// The AS within which MED counts for a path: one and the same for all where it always counts.
    func medAS(_ candidate: Candidate) -> UInt32 {
        if comparesMEDAlways { return 0 }
        return candidate.neighborAS == 0 ? ownAS.value : candidate.neighborAS
    }
}

/// The place of one path in the ranking of its prefix, for `why`.
package struct RankedPath: Equatable, Sendable {
    /// The path.
    package var path: PathView
    /// Why it stands where it stands.
    package var verdict: Verdict

    /// What the decision process says of a path.
    package enum Verdict: Equatable, Sendable {
        /// The best path.
        case best
        /// Lost at a step to another path.
        case lost(Loss)
        /// Takes no part, by its flags.
        case refused
        /// Takes no part: its next hop is not reachable, or it carries none.
        case unreachable
    }

    /// The step at which a path left the decision, and the path that it lost to there.
    ///
    /// That is the best path; only what MED took out lost to a path of its own neighbor AS.
    package struct Loss: Equatable, Sendable {
        package var step: DecisionStep
        /// Whose path won, and what both were compared by.
        package var winner: NeighborID
        package var own: Candidate
        package var other: Candidate
        /// The AS within which MED was compared; nil where it always is.
        package var medAS: ASNumber?
    }
}

extension DecisionRules {
    /// The step at which a path that is not the best one left the decision, and the place of the one that it lost to.
    ///
    /// Up to ORIGIN it is compared with the best one. Then MED takes out what has not the lowest one of its neighbor
    /// AS, whoever is the best one. What is left loses to the best one at a later step.
    func loss(
        of position: Int,
        among candidates: [Candidate],
        best: Int
    ) -> (step: DecisionStep, to: Int) {
        let candidate = candidates[position]
        let verdict = compare(candidates[best], candidate)
        guard candidate.tiesUpToOrigin(with: candidates[best]) else { return (verdict.step, best) }
        if verdict.step == .med { return (.med, best) }
        let betters = candidates.indices.filter {
            candidates[$0].tiesUpToOrigin(with: candidate)
                && candidates[$0].med < candidate.med
                && medAS(candidates[$0]) == medAS(candidate)
        }
        guard var lowest = betters.first else { return (verdict.step, best) }
        for other in betters.dropFirst() {
            let isLower = candidates[other].med < candidates[lowest].med
            let isEqual = candidates[other].med == candidates[lowest].med
            if isLower || isEqual && compare(candidates[other], candidates[lowest]).leftWins {
                lowest = other
            }
        }
        return (.med, lowest)
    }
}
